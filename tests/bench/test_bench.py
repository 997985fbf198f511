"""The generator and every measure, at the smallest size; no number is looked at."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connections

from authorizations.models import Authorization
from bench import world
from bench.measures import MEASURES
from bench.runner import Line, at_least, at_most, header, in_turns
from bench.sizes import SIZES, TINY
from bench.stage import Stage
from profit.models import DayTotal, Entry
from sparkops.isolation.scope import client_scope

ROOT = Path(__file__).resolve().parents[2]
SEED = 7
UNTRIED = {"start_up"}
"""Starts interpreters only, which takes seconds and shows nothing of the generated data."""

in_the_database = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def stage(transactional_db: None) -> Stage:
    """A tiny world in the test database; it stands in for its smaller and larger likes."""
    made = world.fill(TINY, seed=SEED)
    name = connections["default"].settings_dict["NAME"]
    one = Stage(name, TINY, made, lambda _factor: one)
    return one


@in_the_database
def test_every_measure_gives_lines_with_both_series(stage: Stage) -> None:
    for name in sorted(MEASURES.keys() - UNTRIED):
        lines = list(MEASURES[name].run(stage))
        assert lines, name
        for line in lines:
            assert min(*line.ours, *line.reference) > 0, line.name
            assert line.ok in {"yes", "no", "-"}
            assert line.text.count(",") >= header().count(","), line.text


@in_the_database
def test_the_generator_gives_the_first_client_half_and_repeats_itself(stage: Stage) -> None:
    def rows(client: int) -> list[tuple[object, ...]]:
        with client_scope(client):
            return [
                *Authorization.objects.order_by("pk").values_list("pk", "state", "ends_at"),
                *Entry.objects.order_by("subject", "account").values_list("subject", "amount"),
            ]

    first = rows(stage.world.client)
    with client_scope(stage.world.client):
        assert Authorization.objects.count() == TINY.authorizations // 2
        assert DayTotal.objects.exists()
    with connections["owner"].cursor() as cursor:
        cursor.execute("TRUNCATE tenants_client, tenants_organization, accounts_user CASCADE")
    again = world.fill(TINY, seed=SEED, now=stage.world.now)
    assert rows(again.client) == first


@in_the_database
def test_loading_leaves_references_and_indexes_as_they_were(transactional_db: None) -> None:
    def schema() -> list[tuple[str, ...]]:
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)"
                " FROM pg_constraint WHERE contype = 'f'"
                " UNION ALL SELECT tablename, indexname, indexdef FROM pg_indexes"
                " WHERE schemaname = 'public' ORDER BY 1, 2, 3"
            )
            return cursor.fetchall()

    before = schema()
    world.fill(TINY, seed=SEED)
    assert schema() == before


def test_both_sides_take_turns_and_the_first_round_does_not_count() -> None:
    calls: list[str] = []
    ours, reference = in_turns(lambda: calls.append("a"), lambda: calls.append("b"), rounds=2)
    assert calls == ["a", "b"] * 3
    assert len(ours) == len(reference) == 2


def test_a_line_says_the_ratio_of_medians_and_whether_its_goal_is_reached() -> None:
    cost = Line("cost", [30, 20, 900], [10, 1, 12], "ms", "<= 3", at_most(3))
    assert cost.ratio == 3
    assert cost.ok == "yes"
    assert Line("cost", [31], [10], "ms", "<= 3", at_most(3)).ok == "no"
    assert Line("speed", [4], [10], "rows/s", ">= 0.45", at_least(0.45)).ok == "no"
    assert Line("start", [4], [10], "ms").ok == "-"


def test_growth_keeps_what_is_due() -> None:
    small = SIZES["small"]
    grown = small.scaled(10)
    assert grown.authorizations == small.authorizations * 10
    assert (grown.due, grown.clients) == (small.due, small.clients)


def test_an_unknown_measure_is_answered_with_the_names_of_all() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "bench", "nonsense"], cwd=ROOT, capture_output=True, text=True
    )
    assert told.returncode == 2
    assert "nonsense" in told.stdout
    assert "list_page" in told.stdout
