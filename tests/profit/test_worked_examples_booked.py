"""The worked examples through the database: rows, booking, rollup, report (FQ1, PD1, PD3)."""

import json
import os
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from profit.actions.worked_examples import database_report, reason_for_rules
from profit.models import Entry
from profit.rules.report import Report
from profit.rules.worked_examples import ShopCase, run
from sparkops.isolation.scope import client_scope
from sparkops.tenants.models import Client
from tests.factories.cast import Cast

SAMPLES = Path(os.environ.get("SPARKOPS_SAMPLES", Path(__file__).parents[1] / "samples"))
FILE = SAMPLES / "profit-worked-examples.json"

pytestmark = pytest.mark.django_db


def test_every_example_is_booked_and_read_back_to_the_cent() -> None:
    booked: list[str] = []

    def report(case: ShopCase) -> Report:
        assert reason_for_rules(case) == ""
        booked.append(case.context.shop.shop_id)
        return database_report(case)

    results = run(FILE, report)
    assert [(one.name, one.differences) for one in results if not one.ok] == []
    assert len(booked) == len(json.loads(FILE.read_text())["examples"])


def test_nothing_of_an_example_stays(cast: Cast) -> None:
    clients = Client.objects.count()
    run(FILE, database_report)
    assert Client.objects.count() == clients
    with client_scope(cast.client.pk):
        assert not Entry.objects.exists()


def changed(change: Any) -> dict[str, Any]:
    document = json.loads(FILE.read_text())
    change(document)
    return document


def check(path: Path, *arguments: str) -> str:
    out = StringIO()
    call_command("check_worked_examples", str(path), *arguments, stdout=out)
    return out.getvalue()


def test_the_command_prints_a_line_per_case_and_says_how_it_ran() -> None:
    said = check(FILE)
    assert said.count("ok  ") > 8
    assert ", 0 with differences." in said
    assert "Booked in the database" in said
    assert "Run by the rules alone" in check(FILE, "--rules-only")


def test_the_command_names_the_number_that_differs_and_fails(tmp_path: Path) -> None:
    def change(document: dict[str, Any]) -> None:
        document["examples"][0]["expected"]["pnl"]["cm3"] = "16.83"

    path = tmp_path / "wrong.json"
    path.write_text(json.dumps(changed(change)))
    out = StringIO()
    with pytest.raises(CommandError, match="1 of "):
        call_command("check_worked_examples", str(path), stdout=out)
    assert "FAIL S1" in out.getvalue()
    assert "pnl cm3: expected 16.83, found 16.82" in out.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("no json", "is not valid JSON"),
        ('{"schema_version": 7}', "schema version 7"),
        ('{"schema_version": 1}', "has no cases"),
    ],
)
def test_a_bad_file_gets_a_sentence(tmp_path: Path, content: str, sentence: str) -> None:
    path = tmp_path / "bad.json"
    path.write_text(content)
    with pytest.raises(CommandError, match=sentence):
        check(path)


def test_a_missing_file_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        check(tmp_path / "nowhere.json")


def test_what_a_shop_s_rows_cannot_say_is_left_to_the_rules(tmp_path: Path) -> None:
    """A report in euros over a dollar shop, at one to one: the amounts stay what they were."""

    def change(document: dict[str, Any]) -> None:
        document["examples"] = document["examples"][4:5]
        document["formula_examples"] = []
        case = document["examples"][0]
        case["inputs"]["report"]["currency"] = "EUR"
        case["inputs"]["fx"] = [{"date": "2026-01-01", "from": "USD", "to": "EUR", "rate": "1"}]

    path = tmp_path / "euro.json"
    path.write_text(json.dumps(changed(change)))
    said = check(path)
    assert "By the rules alone: The ledger of a shop is kept in the shop's own currency." in said
