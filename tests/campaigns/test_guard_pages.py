"""TA7: the list of guards, the editor with preview and dry run, the log and its answers."""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from campaigns.actions.guards import run_rule
from campaigns.models import GuardCheck, GuardRule
from sparkops import clock
from sparkops.isolation.scope import client_scope
from sparkops.outbox.models import Command
from tests.campaigns.test_guards import a_burning_ad, a_rule
from tests.factories.ads import NOW, a_day
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(cast: Cast) -> Browser:
    browser = Browser()
    browser.force_login(cast.members["media"])
    return browser


def page(name: str, **more: object) -> str:
    return reverse(f"campaigns:{name}", kwargs={"client": "glow", **more})


ENTERED = {
    "name": "Too dear",
    "level": "ad",
    "window_days": "7",
    "action": "pause",
    "mode": "suggest",
    "every_hours": "24",
    "metric_1": "spend",
    "op_1": "at_least",
    "value_1": "25",
    "times_1": "",
}


def test_ta7_a_preset_fills_the_editor_and_shows_what_it_would_do(
    cast: Cast, browser: Browser
) -> None:
    """TA7: preview now and dry run of the last 30 days; nothing is written."""
    with client_scope(cast.client.pk):
        ad = a_burning_ad()
        ad.days.all().delete()
        for ago in (1, 2, 3):
            a_day(ad, ago, "13", now=clock.now())
        ad.post.product_links.get().product.targets.update(as_of=NOW.date())  # type: ignore[union-attr]
    shown = browser.get(page("guard-new") + "?preset=no_conversion").content.decode()
    assert "It holds on 1 of 1" in shown
    assert "It would have acted on 1 of 1" in shown
    assert "39.00 USD, 0" in shown
    with client_scope(cast.client.pk):
        assert not GuardRule.objects.exists()
        assert not GuardCheck.objects.exists()


def test_ta7_a_rule_is_entered_changed_and_listed_in_words(cast: Cast, browser: Browser) -> None:
    """TA7: a change is a new version."""
    assert browser.post(page("guard-new"), ENTERED).status_code == 302
    with client_scope(cast.client.pk):
        rule = GuardRule.objects.get()
        assert (rule.version, rule.mode, rule.changed_by) == (1, "suggest", "Media buyer North")
    assert "Spend at least 25" in browser.get(page("guards")).content.decode()
    again = {**ENTERED, "mode": "act", "metric_2": "results", "op_2": "below", "value_2": "1",
             "times_2": ""}  # fmt: skip
    assert browser.post(page("guard", pk=rule.pk), again).status_code == 302
    with client_scope(cast.client.pk):
        rule.refresh_from_db()
        assert (rule.version, rule.mode, len(rule.conditions)) == (2, "act", 2)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"metric_1": ""}, "A rule needs at least one condition."),
        ({"value_1": ""}, "Say how much."),
        ({"action": "budget", "percent": "20"}, "Ads have no budget or bid of their own."),
        ({"action": "budget", "level": "ad_group"}, "Say by how many percent."),
        ({"action": "bid", "level": "campaign", "percent": "5"}, "Bids belong to ad groups."),
    ],
)
def test_what_is_wrong_is_said_in_words(
    browser: Browser, wrong: dict[str, str], sentence: str
) -> None:
    answer = browser.post(page("guard-new"), {**ENTERED, **wrong})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_ta7_the_log_shows_inputs_and_takes_the_answer(cast: Cast, browser: Browser) -> None:
    """TA7: measured beside needed; accept, then undo before it left."""
    with client_scope(cast.client.pk):
        a_burning_ad()
        run_rule(a_rule("no_conversion").pk, now=NOW)
        check = GuardCheck.objects.get()
    log = browser.get(page("guard-log")).content.decode()
    assert "30.00 USD, at least 24.00 USD" in log
    shown = browser.get(page("guard-check", pk=check.pk)).content.decode()
    assert "Spend at least 2 times the most an order may cost" in shown
    assert browser.post(page("guard-answer", pk=check.pk, word="accept")).status_code == 302
    assert "Undo" in browser.get(page("guard-check", pk=check.pk)).content.decode()
    browser.post(page("guard-answer", pk=check.pk, word="undo"))
    with client_scope(cast.client.pk):
        assert Command.objects.get().state == "canceled"


def test_a_viewer_sees_rules_and_changes_nothing(cast: Cast, browser: Browser) -> None:
    with client_scope(cast.client.pk):
        rule = a_rule("no_conversion")
        a_burning_ad()
        run_rule(rule.pk, now=NOW)
        check = GuardCheck.objects.get()
    browser.force_login(cast.members["viewer"])
    assert browser.get(page("guards")).status_code == 200
    assert "Save as version" not in browser.get(page("guard", pk=rule.pk)).content.decode()
    assert browser.post(page("guard", pk=rule.pk), ENTERED).status_code == 422
    assert browser.post(page("guard-answer", pk=check.pk, word="accept")).status_code == 403
