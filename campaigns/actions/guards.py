"""Guard rules at work: evaluate, log, suggest or act, and a person's answer (TA7)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse

from authorizations.queries import facts_of
from authorizations.rules.standing import standing
from campaigns.actions.parts import CHANGE, Change, ask_change
from campaigns.actions.switch import ask_to_enable, ask_to_pause
from campaigns.models import Ad, AdGroup, Campaign, GuardCheck, GuardRule, LaunchLimit, Level
from campaigns.queries import SWITCH
from campaigns.queries.guards import (
    Target,
    account_of,
    facts_of_targets,
    posts_of,
    targets_of,
)
from campaigns.rules.guards import (
    CENT,
    TENTH,
    Condition,
    Facts,
    Read,
    changed_amount,
    conditions_from,
    evaluate,
    holds,
)
from sparkops.alerts.actions import raise_alert, resolve_alerts
from sparkops.alerts.models import Alert
from sparkops.audit.record import SYSTEM, Actor, record
from sparkops.catalog.models import AdAccount
from sparkops.errors import Refusal
from sparkops.isolation.scope import current_client_id
from sparkops.outbox.models import Command
from sparkops.outbox.queue import take_back
from sparkops.tenants.models import Client
from sparkops.tenants.permissions import Permission

Action, Mode, Outcome = GuardRule.Action, GuardRule.Mode, GuardCheck.Outcome
QUIET = (Outcome.NOT_MET, Outcome.NO_DATA, Outcome.RESTS)
ANSWERED = (
    Outcome.ASKED,
    Outcome.TOLD,
    Outcome.REFUSED,
    Outcome.DISMISSED,
    Outcome.UNDONE,
)
KEPT = timedelta(days=35)
NO_RAISE_BEFORE_END = timedelta(days=3)
"""No budget or bid grows that close to the end of the right to spend (domain 3.7)."""
FIELDS = {Action.BUDGET: "budget", Action.BID: "bid", Action.TARGET: "target"}
NAMES = {"budget": "budget", "bid": "bid", "target": "target ROAS"}
KINDS = {
    Outcome.SUGGESTED: ("guard.suggested", "A guard suggests", Alert.Severity.WARNING),
    Outcome.ASKED: ("guard.acted", "A guard acted", Alert.Severity.INFO),
    Outcome.TOLD: ("guard.notice", "A guard noticed", Alert.Severity.WARNING),
    Outcome.REFUSED: ("guard.refused", "A guard could not act", Alert.Severity.WARNING),
}


@dataclass(frozen=True)
class RuleDraft:
    """A rule as a person enters it; `most` in the currency of the ad accounts."""

    name: str
    level: str
    action: str
    mode: str
    window_days: int
    every_hours: int
    conditions: Sequence[Condition]
    ad_account: AdAccount | None = None
    percent: Decimal | None = None
    most: Decimal | None = None
    preset: str = ""


@dataclass(frozen=True)
class Looked:
    """A target, what is known of it, and every condition of a rule on it."""

    target: Target
    facts: Facts
    reads: list[Read]

    @property
    def held(self) -> bool | None:
        """Whether the rule holds; None without enough data."""
        return holds(self.reads)


def save_rule(
    draft: RuleDraft, *, of: GuardRule | None = None, by: Actor, now: datetime
) -> GuardRule:
    """Write a new rule, or a new version of one."""
    rule = of or GuardRule(created_at=now, created_by=by.label, version=0)
    before = {"version": rule.version, "mode": rule.mode, "conditions": rule.conditions}
    _fill(rule, draft)
    rule.version += 1
    rule.changed_at, rule.changed_by = now, by.label
    rule.save()
    after = {"version": rule.version, "mode": rule.mode, "conditions": rule.conditions}
    verb = "guard.changed" if of else "guard.made"
    record(verb, rule, by=by, now=now, data={"before": before, "after": after})
    return rule


def rule_of(draft: RuleDraft) -> GuardRule:
    """A rule that is not saved, to look what it would do."""
    rule = GuardRule(version=0)
    _fill(rule, draft)
    return rule


def _fill(rule: GuardRule, draft: RuleDraft) -> None:
    for name in ("name", "level", "action", "mode", "window_days", "every_hours", "ad_account"):
        setattr(rule, name, getattr(draft, name))
    rule.percent, rule.most = draft.percent, draft.most
    rule.preset = draft.preset or rule.preset
    rule.conditions = [one.kept() for one in draft.conditions]


def look(rule: GuardRule, *, now: datetime, targets: Sequence[Any] | None = None) -> list[Looked]:
    """What a rule finds now; nothing is written."""
    found = targets_of(rule) if targets is None else targets
    conditions = conditions_from(rule.conditions)
    metrics = {one.metric for one in conditions}
    facts = facts_of_targets(rule.level, found, metrics, now=now)
    return [
        Looked(one, facts[one.pk], evaluate(conditions, facts[one.pk], rule.window_days))
        for one in found
    ]


def run_rule(rule_id: int, *, now: datetime) -> int:
    """Evaluate a rule on all its targets and log it; returns how often it acted or suggested.

    The rule's row is locked, so that two workers never act twice.
    """
    rule = (
        GuardRule.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(pk=rule_id)
        .exclude(mode=Mode.OFF)
        .first()
    )
    if rule is None:
        return 0
    looked = look(rule, now=now)
    log = _Log(rule, now)
    return sum(_settle(rule, one, log, now) for one in looked)


def forget_old_checks(*, now: datetime) -> int:
    """Forget evaluations that came to nothing more than 35 days ago."""
    old = GuardCheck.objects.filter(outcome__in=QUIET, last_at__lt=now - KEPT)
    return old.delete()[0]


class _Log:
    """The newest entry, the open suggestion and the resting of each target of a rule."""

    def __init__(self, rule: GuardRule, now: datetime) -> None:
        key = f"{rule.level}_id"
        rows = GuardCheck.objects.filter(rule=rule, level=rule.level)
        newest = rows.order_by(key, "-at", "-pk").distinct(key)
        self.newest = {getattr(one, key): one for one in newest}
        suggested = rows.filter(outcome=Outcome.SUGGESTED)
        self.suggested = {getattr(one, key): one for one in suggested}
        since = now - timedelta(hours=rule.every_hours)
        answered = rows.filter(outcome__in=ANSWERED, decided_at__gt=since)
        self.resting = set(answered.values_list(key, flat=True))


def _settle(rule: GuardRule, looked: Looked, log: _Log, now: datetime) -> bool:
    standing_one = log.suggested.get(looked.target.pk)
    if looked.held and standing_one is not None and standing_one.version == rule.version:
        _again(standing_one, looked, now)
        return False
    if standing_one is not None:
        _close(standing_one, Outcome.LAPSED, SYSTEM, now)
    if not looked.held or looked.target.pk in log.resting:
        outcome = Outcome.RESTS if looked.held else _missed(looked.held)
        _log_quietly(rule, looked, log.newest.get(looked.target.pk), outcome, now)
        return False
    check = _new(rule, looked, Outcome.SUGGESTED, now)
    check.change, check.sentence = _change(rule, looked.target)
    check.save(update_fields=["change", "sentence"])
    if rule.action == Action.NOTIFY:
        _close(check, Outcome.TOLD, SYSTEM, now)
    elif rule.mode == Mode.ACT:
        _perform(check, SYSTEM, now)
    _tell(check, now)
    return True


def _missed(held: bool | None) -> GuardCheck.Outcome:
    return Outcome.NO_DATA if held is None else Outcome.NOT_MET


def _log_quietly(
    rule: GuardRule,
    looked: Looked,
    newest: GuardCheck | None,
    outcome: GuardCheck.Outcome,
    now: datetime,
) -> None:
    same = (
        newest is not None
        and (newest.outcome, newest.version) == (outcome, rule.version)
        and newest.inputs == [one.kept() for one in looked.reads]
    )
    if same and newest is not None:
        _again(newest, looked, now)
    else:
        _new(rule, looked, outcome, now)


def _again(check: GuardCheck, looked: Looked, now: datetime) -> None:
    check.inputs = [one.kept() for one in looked.reads]
    check.last_at, check.times = now, check.times + 1
    check.save(update_fields=["inputs", "last_at", "times"])


def _new(rule: GuardRule, looked: Looked, outcome: GuardCheck.Outcome, now: datetime) -> GuardCheck:
    return GuardCheck.objects.create(
        rule=rule,
        version=rule.version,
        level=rule.level,
        outcome=outcome,
        inputs=[one.kept() for one in looked.reads],
        at=now,
        last_at=now,
        **{f"{rule.level}_id": looked.target.pk},
    )


def _change(rule: GuardRule, target: Target) -> tuple[dict[str, Any], str]:
    """What the rule would change on the target, and why that is not possible, "" when it is."""
    if rule.action == Action.NOTIFY:
        return {}, ""
    if rule.action in (Action.PAUSE, Action.ENABLE):
        after = "DISABLE" if rule.action == Action.PAUSE else "ENABLE"
        return asdict(_of(rule, target, "status", target.operation_status, after)), ""
    field, before = FIELDS[Action(rule.action)], _standing(rule, target)
    if not before:
        return {}, f"It has no {NAMES[field]} of its own that could be changed."
    currency = account_of(target).currency
    limit = LaunchLimit.objects.filter(currency=currency).first()
    ceilings = [rule.most, limit.max_daily if limit and field == "budget" else None]
    step = TENTH if field == "target" else CENT
    after_money = changed_amount(before, rule.percent or Decimal(0), ceilings, step)
    if after_money == before:
        return {}, f"The {NAMES[field]} stands at its ceiling already."
    return asdict(_of(rule, target, field, str(before), str(after_money))), ""


def _standing(rule: GuardRule, target: Target) -> Decimal | None:
    """The amount a rule would change, None where the target has none of its own."""
    if rule.action == Action.BID:
        return target.bid if isinstance(target, AdGroup) else None
    if rule.action == Action.TARGET:
        return target.roi_target if isinstance(target, Campaign) else None
    return None if isinstance(target, Ad) else target.budget


def _of(rule: GuardRule, target: Target, field: str, before: str, after: str) -> Change:
    return Change(rule.level, target.pk, field, before, after)


def _perform(check: GuardCheck, by: Actor, now: datetime) -> None:
    """Send the change of a check, or keep why it must not be done."""
    try:
        if not check.change:
            raise Refusal("no_change", check.sentence)
        _send(check, Change(**check.change), by, now)
    except Refusal as refusal:
        check.sentence = refusal.sentence
        check.save(update_fields=["sentence"])
        _close(check, Outcome.REFUSED, by, now)
        return
    _close(check, Outcome.ASKED, by, now)


def _need_room(check: GuardCheck, change: Change, now: datetime) -> None:
    """Raises Refusal where more would be spent than the permission behind it allows."""
    grows = change.field in ("budget", "bid") and Decimal(change.after) > Decimal(change.before)
    if not grows and change.after != "ENABLE":
        return
    posts = posts_of(check.level, check.target)
    for facts in facts_of(posts).values():
        held = standing(facts, now)
        if not held.covered or (held.ends_at and held.ends_at - NO_RAISE_BEFORE_END <= now):
            raise Refusal(
                "ends_too_soon",
                "The right to spend behind it ends within three days or is missing. Renew it"
                " first.",
            )


def _need_quiet(change: Change) -> None:
    """Raises Refusal while an earlier change of the target is on its way: they would cross.

    A switch waits for a switch only. Money must not run on because a new budget is on its way.
    """
    target = {"payload__level": change.level, "payload__pk": change.pk}
    on_its_way = Command.objects.filter(state__in=(Command.State.WAITING, Command.State.SENDING))
    changes = on_its_way.filter(kind=CHANGE, **target)
    switches = on_its_way.filter(kind=SWITCH, payload__ad=change.pk)
    if change.field == "status":
        changes = changes.filter(payload__field="status")
    if changes.exists() or (change.level == Level.AD and switches.exists()):
        raise Refusal(
            "on_its_way", "Another change of it is on its way to TikTok. Try again when it is done."
        )


def _send(check: GuardCheck, change: Change, by: Actor, now: datetime) -> None:
    """Raises Refusal when it must not be done now."""
    _need_quiet(change)
    _need_room(check, change, now)
    key, reason = f"guard:{check.pk}:{change.after}", f"Guard “{check.rule.name}”."
    target = check.target
    if not isinstance(target, Ad) or change.field != "status":
        command = ask_change(change, key=key, reason=reason, by=by, now=now)
    elif change.after == "DISABLE":
        command = ask_to_pause(target, key=key, reason=reason, by=by, now=now)
    else:
        command = ask_to_enable(target, by=by, now=now)
    check.command_key = command.key
    check.save(update_fields=["command_key"])


def accept(check: GuardCheck, *, by: Actor, now: datetime) -> None:
    """Do what was suggested. Raises Refusal when it is no open suggestion any more, or must not be
    done."""
    row = _open_one(check)
    if not row.change:
        raise Refusal("no_change", row.sentence)
    _send(row, Change(**row.change), by, now)
    _close(row, Outcome.ASKED, by, now)


def dismiss(check: GuardCheck, *, by: Actor, now: datetime) -> None:
    """Turn a suggestion down; the rule rests on this target. Raises Refusal when it is not open."""
    _close(_open_one(check), Outcome.DISMISSED, by, now)


def undo(check: GuardCheck, *, by: Actor, now: datetime) -> None:
    """Change back what the guard changed, and let it rest. Raises Refusal when there is nothing to
    undo, or when it may not be switched on."""
    row = GuardCheck.objects.select_for_update(of=("self",)).get(pk=check.pk)
    if row.outcome != Outcome.ASKED:
        raise Refusal("nothing_to_undo", "This was not done, so there is nothing to undo.")
    if not take_back(row.command_key, now=now):
        change = Change(**row.change)
        _send(row, replace(change, before=change.after, after=change.before), by, now)
    _close(row, Outcome.UNDONE, by, now)


def _open_one(check: GuardCheck) -> GuardCheck:
    row = GuardCheck.objects.select_for_update(of=("self",)).get(pk=check.pk)
    if row.outcome != Outcome.SUGGESTED:
        raise Refusal("not_open", "This suggestion is not open any more.")
    return row


def _close(check: GuardCheck, outcome: GuardCheck.Outcome, by: Actor, now: datetime) -> None:
    check.outcome, check.decided_at, check.decided_by = outcome.value, now, by.label
    check.save(update_fields=["outcome", "decided_at", "decided_by"])
    resolve_alerts(check, now=now)
    reason = check.sentence or f"Guard “{check.rule.name}”."
    data = {"inputs": check.inputs, "change": check.change}
    record(f"guard.{outcome.value}", check.target, by=by, now=now, reason=reason, data=data)


def _tell(check: GuardCheck, now: datetime) -> None:
    if check.outcome not in KINDS:
        return
    kind, title, severity = KINDS[GuardCheck.Outcome(check.outcome)]
    client = Client.objects.get(pk=current_client_id())
    target = check.target
    raise_alert(
        kind,
        f"{kind}:{check.pk}",
        subject=check,
        severity=severity.value,
        title=f"{title}: {check.rule.get_action_display().lower()} {target}"[:200],
        body=(
            f"Guard “{check.rule.name}” on {Level(check.level).label.lower()}: {target}."
            f" {check.sentence}"
        ).strip(),
        path=reverse("campaigns:guard-check", kwargs={"client": client.slug, "pk": check.pk}),
        action_label="See why",
        told=Permission.CAMPAIGN_LAUNCH,
        now=now,
    )
