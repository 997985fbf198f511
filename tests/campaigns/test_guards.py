"""TA7: rules evaluate, log with inputs, suggest or act, are answered and undone."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest

from authorizations.models import Authorization
from campaigns.actions.guards import (
    RuleDraft,
    accept,
    dismiss,
    forget_old_checks,
    run_rule,
    save_rule,
    undo,
)
from campaigns.actions.parts import CHANGE, Change, ask_change
from campaigns.actions.switch import ask_to_pause, note_switched
from campaigns.models import Ad, GuardCheck, GuardRule, LaunchLimit
from campaigns.rules.guard_presets import BY_KEY
from sparkops.alerts.models import Alert
from sparkops.audit.models import Event
from sparkops.audit.record import Actor
from sparkops.catalog.models import ProductTarget
from sparkops.errors import Refusal
from sparkops.isolation.scope import client_scope
from sparkops.outbox.models import Command
from tests.factories.ads import NOW, a_day, a_post, an_ad, covered, needs
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
MINA = Actor("Mina", 7)
HOUR = timedelta(hours=1)


@pytest.fixture
def scope(cast: Cast) -> Iterator[None]:
    with client_scope(cast.client.pk):
        yield


def a_rule(preset: str, mode: str = "suggest", **given: object) -> GuardRule:
    one = BY_KEY[preset]
    draft = {
        "name": one.name,
        "level": one.level,
        "action": one.action,
        "mode": mode,
        "window_days": one.window_days,
        "every_hours": one.every_hours,
        "conditions": one.conditions,
        "percent": one.percent,
        **given,
    }
    return save_rule(RuleDraft(**draft), by=MINA, now=NOW)  # type: ignore[arg-type]


def a_burning_ad(item_id: str = "7500000000000000001", *, spend: str = "15") -> Ad:
    """Two days of `spend`, nothing sold; an order of its product may cost 12."""
    post = a_post(item_id)
    needs(post, "2.5")
    ProductTarget.objects.update(max_cpa=Decimal(12))
    covered(post)
    ad = an_ad(f"Glow {item_id[-1]}", post)
    for ago in (1, 2):
        a_day(ad, ago, spend)
    return ad


def of_guards(ad: Ad) -> list[Command]:
    return list(Command.objects.filter(kind="campaigns.switch_ad", payload__ad=ad.pk))


def test_ta7_in_suggest_mode_nothing_happens_before_a_person_says_so(scope: None) -> None:
    """TA7: one suggestion however often it is looked at; accepting sends one pause."""
    ad, rule = a_burning_ad(), a_rule("no_conversion")
    assert run_rule(rule.pk, now=NOW) == 1
    assert run_rule(rule.pk, now=NOW + HOUR) == 0
    check = GuardCheck.objects.get()
    assert (check.outcome, check.times, check.last_at) == ("suggested", 2, NOW + HOUR)
    assert [(one["metric"], one["measured"], one["threshold"]) for one in check.inputs] == [
        ("spend", "30.0000", "24.0000"),
        ("results", "0.0000", "1.0000"),
    ]
    assert not of_guards(ad)
    accept(check, by=MINA, now=NOW + HOUR)
    assert [one.payload["status"] for one in of_guards(ad)] == ["DISABLE"]
    with pytest.raises(Refusal, match="not open any more"):
        accept(check, by=MINA, now=NOW + HOUR)
    assert len(of_guards(ad)) == 1
    assert Event.objects.get(verb="ad.pause_asked").reason.startswith("Guard “Stop-loss")


def test_ta7_in_act_mode_it_pauses_once_and_a_person_can_undo_it(scope: None) -> None:
    """TA7: after the undo the rule leaves the ad alone for its rest."""
    ad, rule = a_burning_ad(), a_rule("no_conversion", "act")
    assert run_rule(rule.pk, now=NOW) == 1
    assert run_rule(rule.pk, now=NOW + HOUR) == 0
    [pause] = of_guards(ad)
    assert Alert.objects.get(kind="guard.acted").severity == "info"
    Command.objects.filter(pk=pause.pk).update(state="done")
    note_switched(ad.pk, "DISABLE", now=NOW)
    check = GuardCheck.objects.get(outcome="asked")
    undo(check, by=MINA, now=NOW + HOUR)
    assert [one.payload["status"] for one in of_guards(ad)] == ["DISABLE", "ENABLE"]
    Command.objects.update(state="done")
    Ad.objects.filter(pk=ad.pk).update(state="live")
    assert run_rule(rule.pk, now=NOW + 2 * HOUR) == 0
    assert GuardCheck.objects.get(outcome="rests").rule == rule
    assert run_rule(rule.pk, now=NOW + 26 * HOUR) == 1


def test_ta7_a_pause_does_not_wait_for_a_budget_that_is_on_its_way(scope: None) -> None:
    """TA7: money would run on for the rule's rest, a day."""
    ad = a_burning_ad()
    group = ad.ad_group
    budget = Change("ad_group", group.pk, "budget", "20.00", "24.00")
    ask_change(budget, key="ramp", reason="Ramp", by=MINA, now=NOW)
    assert run_rule(a_rule("no_conversion", "act", level="ad_group").pk, now=NOW) == 1
    assert [
        (one.payload["field"], one.payload["after"])
        for one in Command.objects.filter(kind=CHANGE, payload__pk=group.pk).order_by("pk")
    ] == [("budget", "24.00"), ("status", "DISABLE")]


def test_ta7_a_guard_that_must_not_act_tells_people_why(scope: None) -> None:
    """TA7: of two switches that would cross the second is left to a person."""
    ad, rule = a_burning_ad(), a_rule("no_conversion", "act")
    ask_to_pause(ad, key="by hand", reason="Holiday", by=MINA, now=NOW)
    assert run_rule(rule.pk, now=NOW) == 1
    assert GuardCheck.objects.get().outcome == "refused"
    told = Alert.objects.get(kind="guard.refused")
    assert "Another change of it is on its way" in told.body
    assert len(of_guards(ad)) == 1


def test_undoing_a_pause_that_has_not_left_takes_it_back(scope: None) -> None:
    ad, rule = a_burning_ad(), a_rule("no_conversion", "act")
    run_rule(rule.pk, now=NOW)
    undo(GuardCheck.objects.get(), by=MINA, now=NOW)
    assert [(one.payload["status"], one.state) for one in of_guards(ad)] == [
        ("DISABLE", "canceled")
    ]


def test_a_pause_that_is_being_sent_cannot_be_crossed(scope: None) -> None:
    ad, rule = a_burning_ad(), a_rule("no_conversion", "act")
    run_rule(rule.pk, now=NOW)
    Command.objects.update(state="sending", attempts=1)
    with pytest.raises(Refusal, match="on its way"):
        undo(GuardCheck.objects.get(), by=MINA, now=NOW)
    assert len(of_guards(ad)) == 1


def test_ta7_every_evaluation_is_logged_also_those_that_come_to_nothing(scope: None) -> None:
    """TA7: not met, not enough data; the same again only moves its time."""
    a_burning_ad(spend="11")  # 22 of 24
    unknown = an_ad("No product", a_post("7500000000000000002", "ben"))
    rule = a_rule("no_conversion", "act")
    for hours in range(3):
        assert run_rule(rule.pk, now=NOW + hours * HOUR) == 0
    found = {one.ad: (one.outcome, one.times) for one in GuardCheck.objects.all()}
    assert found[unknown] == ("no_data", 3)
    assert sorted(found.values()) == [("no_data", 3), ("not_met", 3)]
    assert forget_old_checks(now=NOW + timedelta(days=34)) == 0
    assert forget_old_checks(now=NOW + timedelta(days=36)) == 2


def test_a_suggestion_lapses_when_it_no_longer_holds(scope: None) -> None:
    ad, rule = a_burning_ad(), a_rule("no_conversion")
    run_rule(rule.pk, now=NOW)
    a_day(ad, 0, "1", conversions=1)
    run_rule(rule.pk, now=NOW + HOUR)
    outcomes = set(GuardCheck.objects.values_list("outcome", flat=True))
    assert outcomes == {"lapsed", "not_met"}
    assert Alert.objects.get(kind="guard.suggested").resolved_at == NOW + HOUR


def test_a_suggestion_that_was_turned_down_rests(scope: None) -> None:
    _, rule = a_burning_ad(), a_rule("no_conversion")
    run_rule(rule.pk, now=NOW)
    dismiss(GuardCheck.objects.get(), by=MINA, now=NOW)
    assert run_rule(rule.pk, now=NOW + 23 * HOUR) == 0
    assert run_rule(rule.pk, now=NOW + 25 * HOUR) == 1


def test_a_rule_that_is_off_does_nothing(scope: None) -> None:
    a_burning_ad()
    rule = a_rule("no_conversion", "off")
    assert run_rule(rule.pk, now=NOW) == 0
    assert not GuardCheck.objects.exists()


def a_winner(budget: str = "50.00") -> Ad:
    """Three results a day at a ROAS of 3 where 2.5 is break-even."""
    ad = a_burning_ad()
    ad.days.update(conversions=3, claimed_revenue=Decimal(45))
    ad.ad_group.budget, ad.ad_group.budget_mode = Decimal(budget), "BUDGET_MODE_DAY"
    ad.ad_group.save()
    return ad


def changes() -> list[tuple[str, str, str]]:
    found = Command.objects.filter(kind="campaigns.change_part").order_by("pk")
    return [(one.payload["level"], one.payload["before"], one.payload["after"]) for one in found]


def test_ta7_the_ramp_raises_an_ad_group_by_a_fifth_every_48_hours(scope: None) -> None:
    """TA7: 50 to 60, and not again before two days are over, nor past the client's limit."""
    ad, rule = a_winner(), a_rule("ramp", "act")
    assert run_rule(rule.pk, now=NOW) == 1
    assert changes() == [("ad_group", "50.0000", "60.00")]
    Command.objects.update(state="done")
    ad.ad_group.budget = Decimal(60)
    ad.ad_group.save()
    assert run_rule(rule.pk, now=NOW + 47 * HOUR) == 0
    LaunchLimit.objects.create(currency="USD", max_daily=Decimal(66), set_at=NOW, set_by="Mina")
    for ago in (-1, -2):
        a_day(ad, ago, "15", conversions=3, claimed_revenue=Decimal(45))
    assert run_rule(rule.pk, now=NOW + 49 * HOUR) == 1
    assert changes()[1] == ("ad_group", "60.0000", "66.00")


def test_no_budget_grows_within_three_days_of_an_end(scope: None) -> None:
    """Domain 3.7: the ramp is refused with its reason, and logged."""
    ad, rule = a_winner(), a_rule("ramp", "act")
    assert ad.post is not None
    ad.post.authorizations.update(ends_at=NOW + timedelta(days=2))
    run_rule(rule.pk, now=NOW)
    check = GuardCheck.objects.get()
    assert check.outcome == "refused"
    assert "within three days" in check.sentence
    assert not changes()


def test_two_rules_on_one_ad_group_do_not_cross(scope: None) -> None:
    a_winner()
    first, second = a_rule("ramp", "act"), a_rule("ramp", "act", percent=Decimal(10))
    run_rule(first.pk, now=NOW)
    run_rule(second.pk, now=NOW)
    assert len(changes()) == 1
    assert GuardCheck.objects.get(rule=second).outcome == "refused"


def test_a_group_under_a_campaign_budget_says_why_nothing_can_be_changed(scope: None) -> None:
    ad, rule = a_winner(), a_rule("ramp", "act")
    ad.ad_group.budget = None
    ad.ad_group.save()
    run_rule(rule.pk, now=NOW)
    assert GuardCheck.objects.get().sentence == "It has no budget of its own that could be changed."


def test_ta7_a_notice_goes_to_those_who_launch_and_is_told_once(scope: None) -> None:
    """TA7: notify, at campaign level."""
    ad = a_burning_ad()
    rule = a_rule("no_conversion", "act", action="notify", level="campaign")
    run_rule(rule.pk, now=NOW)
    run_rule(rule.pk, now=NOW + HOUR)
    [alert] = Alert.objects.filter(kind="guard.notice")
    assert ad.ad_group.campaign.name in alert.title
    assert GuardCheck.objects.get(outcome="told").campaign == ad.ad_group.campaign
    assert not Command.objects.exists()


def test_ta7_switching_on_again_touches_only_what_a_guard_paused(scope: None) -> None:
    """TA7: an ad that a person paused stays off."""
    ad = a_burning_ad()
    by_hand = a_burning_ad("7500000000000000002")
    Ad.objects.filter(pk=by_hand.pk).update(state="paused", operation_status="DISABLE")
    run_rule(a_rule("no_conversion", "act").pk, now=NOW)
    Command.objects.update(state="done")
    note_switched(ad.pk, "DISABLE", now=NOW)
    on = a_rule("no_conversion", "act", action="enable", name="On again")
    assert run_rule(on.pk, now=NOW + HOUR) == 1
    assert [one.payload["status"] for one in of_guards(ad)] == ["DISABLE", "ENABLE"]
    assert not of_guards(by_hand)


def test_switching_on_again_without_cover_is_refused(scope: None) -> None:
    ad = a_burning_ad()
    run_rule(a_rule("no_conversion", "act").pk, now=NOW)
    Command.objects.update(state="done")
    note_switched(ad.pk, "DISABLE", now=NOW)
    Authorization.objects.update(ends_at=NOW)
    on = a_rule("no_conversion", "act", action="enable", name="On again")
    run_rule(on.pk, now=NOW + HOUR)
    assert GuardCheck.objects.get(rule=on).outcome == "refused"
    assert len(of_guards(ad)) == 1
