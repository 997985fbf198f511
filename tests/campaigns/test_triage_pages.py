"""The triage board, the verdict on a post's page, and the editor of the rule."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser

from campaigns.actions.triage import first_rule, score_batch
from campaigns.forms import entered
from campaigns.models import PostVerdict, TriageRule
from campaigns.queries.triage import settings_of
from campaigns.tasks import score_posts
from sparkops.isolation.scope import client_scope
from tests.factories.ads import covered
from tests.factories.cast import Cast
from tests.factories.creators import NOW
from tests.factories.triage import a_candidate, a_product, counted

pytestmark = pytest.mark.django_db
HERE = "/c/glow/campaigns/"


@pytest.fixture(autouse=True)
def at_now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@dataclass(frozen=True)
class Board:
    strong: int
    weak: int
    thin: int
    sparky: int


@pytest.fixture
def board(cast: Cast) -> Board:
    """Four posts: strong and covered, weak, thin, and popular without sales."""
    with client_scope(cast.client.pk):
        serum = a_product()
        strong = a_candidate("maya.glow", serum, fields={"availability": "public"})
        covered(strong, days=20, now=NOW)
        weak = a_candidate("noor.skin", serum, gmv="40.00", orders=1, likes=10, shares=0,
                           comments=0, product_clicks=5)  # fmt: skip
        thin = a_candidate("bo.bakes", serum, views=400, orders=0, gmv="0")
        sparky = a_candidate("lou.loud", serum, gmv="800.00", orders=2, product_clicks=800)
        counted()
        while score_batch(now=NOW):
            pass
    return Board(strong.pk, weak.pk, thin.pk, sparky.pk)


def as_role(cast: Cast, role: str = "media") -> Browser:
    browser = Browser()
    browser.force_login(cast.members[role])
    return browser


def text_of(answer: Any) -> str:
    return unescape(answer.content.decode())


def test_the_board_shows_score_fails_recommendation_and_the_next_step(
    cast: Cast, board: Board
) -> None:
    page = text_of(as_role(cast).get(f"{HERE}triage/"))
    assert page.index("@maya.glow") < page.index("@lou.loud") < page.index("@noor.skin")
    assert "GMV per 1,000 views" in page
    assert "It earned it and is covered: put it into GMV Max." in page
    assert "no score" in page
    only = text_of(as_role(cast).get(f"{HERE}triage/?tab=earned"))
    assert "@maya.glow" in only
    assert "@noor.skin" not in only
    found = text_of(as_role(cast).get(f"{HERE}triage/?q=noor"))
    assert "@noor.skin" in found
    assert "@maya.glow" not in found
    sheet = text_of(as_role(cast).get(f"{HERE}triage/?export=csv"))
    assert len(sheet.strip().splitlines()) == 5
    assert "Rule version" in sheet


def test_the_panel_of_a_post_shows_every_gate_with_actual_needed_and_result(
    cast: Cast, board: Board
) -> None:
    """CT8: the verdict of a post with each rule's actual value, threshold and pass or fail, and
    the version it was made by."""
    page = text_of(as_role(cast).get(f"{HERE}posts/{board.weak}/verdict/"))
    with client_scope(cast.client.pk):
        gates = PostVerdict.objects.get(post=board.weak).gates
    assert len(gates) == 14
    for gate in gates:
        assert gate["value"] in page
        assert gate["threshold"] in page
    for word in ("Passes", "Fails", "Not enough data", "rule version 1"):
        assert word in page


def test_no_score_is_shown_below_the_minimum_evidence(cast: Cast, board: Board) -> None:
    """U6: scores with bands, and none at all below the minimum evidence."""
    page = text_of(as_role(cast).get(f"{HERE}posts/{board.thin}/verdict/"))
    assert "No score yet." in page
    assert "Not enough data: 600 views short." in page
    strong = text_of(as_role(cast).get(f"{HERE}posts/{board.strong}/verdict/"))
    assert "of 100, green" in strong
    with client_scope(cast.client.pk):
        bands = dict(PostVerdict.objects.values_list("post_id", "band"))
        scores = dict(PostVerdict.objects.values_list("post_id", "score"))
    assert bands == {
        board.strong: "green",
        board.weak: "red",
        board.thin: "",
        board.sparky: "green",
    }
    assert scores[board.thin] is None


def test_a_decision_by_hand_is_shown_with_its_note(cast: Cast, board: Board) -> None:
    browser = as_role(cast)
    url = f"{HERE}posts/{board.weak}/decide/"
    assert browser.post(url, {"decision": "approved", "note": ""}).status_code == 422
    answer = browser.post(url, {"decision": "approved", "note": "The founder asks for it."})
    assert answer.status_code == 302
    page = text_of(browser.get(f"{HERE}posts/{board.weak}/verdict/"))
    assert "Approved by Media buyer North" in page
    assert "The founder asks for it." in page
    assert as_role(cast, "viewer").post(url, {"decision": "", "note": "x"}).status_code == 403


def values(cast: Cast, **changes: Any) -> dict[str, Any]:
    with client_scope(cast.client.pk):
        row = first_rule(now=NOW)
        return {**entered(settings_of(row), row.version), "note": "", **changes}


def test_the_editor_previews_what_each_gate_drops_before_anything_is_saved(
    cast: Cast, board: Board
) -> None:
    """N10: before and after, per gate, before the rule is saved as a new version."""
    asked = values(cast, min_views="50000")
    page = as_role(cast).get(f"{HERE}triage/rule/", asked)
    found = page.context["found"]
    assert [(one.name, one.before, one.after) for one in found.answers] == [
        ("earned", 1, 0), ("promising", 1, 0), ("not_yet", 1, 4), ("rejected", 1, 0),
    ]  # fmt: skip
    views = next(one for one in found.gates if one.name == "views")
    assert (views.before, views.after) == (1, 4)
    with client_scope(cast.client.pk):
        assert TriageRule.objects.count() == 1


def test_a_saved_rule_is_a_new_version_and_a_worker_scores_again_with_progress(
    cast: Cast, board: Board
) -> None:
    browser = as_role(cast)
    url = f"{HERE}triage/rule/"
    assert "Say why the rule changes." in text_of(
        browser.post(url, values(cast, min_views="50000"))
    )
    assert browser.post(url, values(cast, green_from="50")).status_code == 422
    answer = browser.post(url, values(cast, min_views="50000", note="Fewer flops."))
    assert answer.status_code == 302
    poll = f"{HERE}triage/progress/"
    assert "0 of 4" in text_of(browser.get(poll))
    assert 'hx-trigger="every 2s"' in text_of(browser.get(poll))
    score_posts(client_id=cast.client.pk)
    assert "4 of 4" in text_of(browser.get(poll))
    assert "every 2s" not in text_of(browser.get(poll))
    assert (
        as_role(cast, "viewer").post(url, values(cast, min_views="1", note="x")).status_code == 422
    )
    with client_scope(cast.client.pk):
        assert TriageRule.objects.count() == 2
        assert set(PostVerdict.objects.values_list("rule__version", flat=True)) == {2}
