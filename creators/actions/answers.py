"""Answering sample requests: by the client's rules or by a person, each exactly once."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from creators.models import Sample, SampleAnswer, SamplePolicy
from creators.queries.samples import (
    ANSWERED,
    approvals,
    criteria_of,
    policy_of_client,
    requests_of,
    undecided,
)
from creators.rules.approval import FULL, Decision, Verdict, decide, told_at
from creators.rules.samples import SampleState
from sparkops.alerts.actions import raise_alert, resolve_alerts
from sparkops.audit.record import SYSTEM, Actor, record
from sparkops.clock import shop_day
from sparkops.errors import Refusal
from sparkops.outbox.queue import put, take_back
from sparkops.tenants.models import Client
from sparkops.tenants.permissions import Permission

ANSWER = "samples.answer"
QUOTA_ALERT = "samples.quota"
UNDO_FOR = timedelta(seconds=30)
"""An answer waits this long before it leaves, so that it can be taken back."""
MOST = 500


def decide_requests(client: Client, *, now: datetime) -> int:
    """Let the rules look at every open request and approve what they say; returns how many.

    The policy is locked, so that two workers cannot use one cap twice.
    """
    policy = SamplePolicy.objects.select_for_update().first()
    if policy is None or not policy.approves:
        return 0
    criteria = criteria_of(policy, client.currency)
    rows = list(undecided()[:MOST])
    requests = requests_of(rows, criteria, zone=client.timezone, now=now)
    decisions = decide(requests, criteria, approvals(client.timezone, now))
    by_pk = {one.pk: one for one in rows}
    _keep([(by_pk[one.sample], one) for one in decisions])
    refused = _left_to_people(by_pk)
    yes = [by_pk[one.sample] for one in decisions if one.verdict is Verdict.APPROVE]
    for sample in yes:
        if sample.pk not in refused:
            _send(sample, SampleAnswer.Word.APPROVE, "", policy.version, by=SYSTEM, now=now)
    tell_of_quota(policy, client, now=now)
    return len([one for one in yes if one.pk not in refused])


def _keep(pairs: list[tuple[Sample, Decision]]) -> None:
    changed = []
    for sample, decision in pairs:
        checks = [asdict(check) for check in decision.checks]
        if (sample.verdict, sample.checks) != (decision.verdict.value, checks):
            sample.verdict, sample.checks = decision.verdict.value, checks
            changed.append(sample)
    Sample.objects.bulk_update(changed, ["verdict", "checks"])


def _left_to_people(samples: dict[int, Sample]) -> set[int]:
    """Requests whose approval TikTok refused, or a person took back, and those of creators who
    are blocked: a person decides on."""
    rows = SampleAnswer.objects.filter(sample__in=samples).exclude(state__in=ANSWERED)
    blocked = Sample.objects.filter(pk__in=samples, creator__blocked_at__isnull=False)
    return {*rows.values_list("sample_id", flat=True), *blocked.values_list("pk", flat=True)}


def answer(
    sample: Sample, word: str, *, reason: str = "", client: Client, by: Actor, now: datetime
) -> SampleAnswer:
    """A person's yes or no (`word`). Raises Refusal when it was answered before or cannot be."""
    # The row is locked, so that a person and the rules cannot both answer.
    row = Sample.objects.select_for_update().get(pk=sample.pk)
    if row.state != SampleState.REQUESTED.value:
        raise Refusal("not_open", "This request is not open any more.")
    if SampleAnswer.objects.filter(sample=row, state__in=ANSWERED).exists():
        raise Refusal("answered", "This request was answered before.")
    if word == SampleAnswer.Word.APPROVE and row.creator.blocked_at:
        raise Refusal("blocked", f"{row.creator} is blocked. Decline it, or lift the block first.")
    if word == SampleAnswer.Word.APPROVE and row.obstacles:
        reasons = ", ".join(row.obstacles)
        raise Refusal("obstacle", f"TikTok does not let it be approved: {reasons}.")
    found = _send(row, word, reason, None, by=by, now=now)
    tell_of_quota(policy_of_client(), client, now=now)
    return found


def _send(
    sample: Sample, word: str, reason: str, version: int | None, *, by: Actor, now: datetime
) -> SampleAnswer:
    found = SampleAnswer.objects.create(
        sample=sample,
        word=word,
        reason=reason,
        policy_version=version,
        answered_at=now,
        answered_by=by.label,
    )
    put(ANSWER, _key(found), {"answer": found.pk}, by=by, now=now, due_at=now + UNDO_FOR)
    said = "approved" if word == SampleAnswer.Word.APPROVE else "declined"
    data: dict[str, Any] = {"reason": reason, "rules": version}
    record(f"sample.{said}", sample, by=by, now=now, data=data)
    return found


def undo_answer(sample: Sample, *, by: Actor, now: datetime) -> None:
    """Take an answer back that has not left yet. Raises Refusal when it is too late."""
    found = SampleAnswer.objects.filter(sample=sample, state=SampleAnswer.State.WAITING).first()
    if found is None or not take_back(_key(found), now=now):
        raise Refusal("too_late", "The answer has left for TikTok and cannot be taken back.")
    found.state, found.finished_at = SampleAnswer.State.UNDONE, now
    found.save(update_fields=["state", "finished_at"])
    record("sample.answer_undone", sample, by=by, now=now)


def _key(found: SampleAnswer) -> str:
    return f"{ANSWER}-{found.pk}"


def keep_answer(answer_id: int, status: str, *, now: datetime) -> None:
    """TikTok took the answer; the request now has TikTok's word `status`."""
    found = SampleAnswer.objects.select_related("sample").get(pk=answer_id)
    found.state, found.finished_at = SampleAnswer.State.DONE, now
    found.save(update_fields=["state", "finished_at"])
    sample = found.sample
    yes = found.word == SampleAnswer.Word.APPROVE
    sample.status = status
    if sample.state == SampleState.REQUESTED.value:
        sample.state = (SampleState.APPROVED if yes else SampleState.REJECTED).value
    sample.save(update_fields=["status", "state"])


def refuse_answer(answer_id: int, why: str, *, now: datetime) -> None:
    """TikTok did not take it, or it was answered there; why stands on the sample."""
    SampleAnswer.objects.filter(pk=answer_id, state=SampleAnswer.State.WAITING).update(
        state=SampleAnswer.State.REFUSED, problem=why, finished_at=now
    )


def tell_of_quota(policy: SamplePolicy, client: Client, *, now: datetime) -> None:
    """Tell the owner once a month each when 80 % and 100 % of the quota are used."""
    if policy.pk is None:
        return
    used = approvals(client.timezone, now).month
    marks = told_at(used, policy.month_quota)
    if not marks:
        resolve_alerts(policy, now=now, kinds=(QUOTA_ALERT,))
    month = shop_day(now, client.timezone)
    for mark in marks:
        raise_alert(
            QUOTA_ALERT,
            f"{QUOTA_ALERT}-{month:%Y-%m}-{policy.month_quota}-{mark}",
            subject=policy,
            severity="warning" if mark == FULL else "info",
            title=f"{used} of {policy.month_quota} samples of {month:%B} are approved",
            body="Nothing more is approved by itself until next month or a higher quota."
            if mark == FULL
            else f"{mark} % of the quota is used.",
            path=reverse("creators:sample-rules", kwargs={"client": client.slug}),
            action_label="See the rules",
            now=now,
            told=Permission.TEAM,
        )


def save_rules(client: Client, *, by: Actor, now: datetime, **values: Any) -> SamplePolicy:
    """Change the rules of approval; what they say of open requests is worked out anew."""
    SamplePolicy.objects.get_or_create()
    policy = SamplePolicy.objects.select_for_update().get()
    before = {name: getattr(policy, name) for name in values}
    if before == values and policy.version:
        return policy
    for name, value in values.items():
        setattr(policy, name, value)
    policy.version += 1
    policy.currency = policy.currency or client.currency
    policy.save()
    if not policy.approves:
        Sample.objects.exclude(verdict="").update(verdict="", checks=[])
    data = {
        "before": {name: _plain(value) for name, value in before.items()},
        "after": {name: _plain(value) for name, value in values.items()},
        "version": policy.version,
    }
    record("samples.rules_changed", policy, by=by, now=now, data=data)
    return policy


def _plain(value: Any) -> Any:
    return value if isinstance(value, bool | int | None) else str(value)
