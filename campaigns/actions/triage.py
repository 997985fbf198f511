"""Scoring posts under a client's rule, changing the rule, and deciding by hand (CT8)."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from campaigns.models import PostVerdict, TriageRule
from campaigns.queries.triage import candidates, current_rule, due_posts, facts_for, settings_of
from campaigns.rules.advice import decided
from campaigns.rules.triage import judge
from campaigns.rules.triage_facts import Facts, Rule
from creators.models import Post
from sparkops.audit.record import SYSTEM, Actor, record
from sparkops.errors import Refusal
from sparkops.isolation.scope import current_client_id
from sparkops.landing.merge import merge
from sparkops.tenants.models import Client

BATCH = 200
STANDING = {
    PostVerdict.Decision.APPROVED: PostVerdict.Standing.EARNED,
    PostVerdict.Decision.TESTING: PostVerdict.Standing.PROMISING,
    PostVerdict.Decision.DECLINED: PostVerdict.Standing.REJECTED,
}


def first_rule(*, now: datetime) -> TriageRule:
    """The current version; a client without one gets the defaults in its currency."""
    found = current_rule()
    if found is not None:
        return found
    client = Client.objects.get(pk=current_client_id())
    note = "The defaults."
    return _write(Rule(currency=client.currency), 1, note=note, by=SYSTEM, now=now)


def change_rule(
    rule: Rule, *, note: str, seen_version: int, by: Actor, now: datetime
) -> TriageRule:
    """A new version; every candidate is scored again by a worker.

    Raises Refusal without a note, when nothing differs, and when somebody else changed the rule
    since `seen_version` was read.
    """
    before = first_rule(now=now)
    if before.version != seen_version:
        raise Refusal(
            "rule_changed",
            f"{before.created_by} saved version {before.version} meanwhile. Look at it first.",
        )
    if settings_of(before) == rule:
        raise Refusal("same_rule", "Nothing differs from the rule that counts now.")
    if not note.strip():
        raise Refusal("no_note", "Say why the rule changes.", field="note")
    row = _write(rule, before.version + 1, note=note.strip(), by=by, now=now)
    was, now_is = asdict(settings_of(before)), asdict(rule)
    changed = {
        name: [str(was[name]), str(value)] for name, value in now_is.items() if was[name] != value
    }
    record("triage.rule_changed", row, by=by, now=now, reason=row.note, data=changed)
    return row


def _write(rule: Rule, version: int, *, note: str, by: Actor, now: datetime) -> TriageRule:
    row, _ = TriageRule.objects.get_or_create(
        version=version,
        defaults={
            "settings": asdict(rule),
            "note": note,
            "created_at": now,
            "created_by": by.label,
            "total": candidates(now).count(),
        },
    )
    row.refresh_from_db()
    return row


def score_batch(*, now: datetime, limit: int = BATCH) -> int:
    """Score some of the posts that are due and count them as progress; returns how many.

    Level-triggered: what has new numbers, another version or an old verdict is due. One worker at
    a time scores a client.
    """
    row = first_rule(now=now)
    held = TriageRule.objects.select_for_update(skip_locked=True).filter(pk=row.pk).first()
    if held is None:
        return 0
    posts = list(due_posts(held, now)[:limit])
    if posts:
        _score(held, posts, now=now)
    _note_progress(held, len(posts), now=now)
    return len(posts)


def _score(row: TriageRule, posts: list[Post], *, now: datetime) -> None:
    facts = facts_for(posts, settings_of(row), zone=_zone(), now=now)
    decisions = dict(
        PostVerdict.objects.filter(post__in=posts)
        .exclude(decision="")
        .values_list("post_id", "decision")
    )
    merge(
        PostVerdict,
        [_columns(row, post, facts[post.pk], decisions.get(post.pk, ""), now) for post in posts],
        key=["post_id"],
    )


def _columns(
    row: TriageRule, post: Post, facts: Facts, decision: str, now: datetime
) -> dict[str, Any]:
    found = judge(facts, settings_of(row))
    standing = STANDING[PostVerdict.Decision(decision)].value if decision else found.earned.value
    step, why = decided(decision, found.gates, found.advice)
    fails = ", ".join(gate.name for gate in found.failed)
    return {
        "post_id": post.pk,
        "rule_id": row.pk,
        "earned": found.earned.value,
        "standing": standing,
        "score": found.score,
        "band": found.band.value,
        "gates": [asdict(gate) for gate in found.gates],
        "facts": asdict(facts),
        "fails": fails[:300],
        "route": found.advice.route.value,
        "reason": found.advice.reason,
        "step": step.value,
        "why": why,
        "scored_at": now,
        "measured_at": post.measured_at,
    }


def _note_progress(row: TriageRule, scored: int, *, now: datetime) -> None:
    if row.finished_at is not None:
        return
    row.scored += scored
    if not due_posts(row, now).exists():
        row.finished_at = now
        row.total = max(row.total, row.scored)
    row.save(update_fields=["scored", "total", "finished_at"])


def decide(
    verdict: PostVerdict, decision: str, *, note: str, by: Actor, now: datetime
) -> PostVerdict:
    """A person's answer instead of the rule's; "" takes it back. It stays when posts are scored
    again. Raises Refusal without a note."""
    if not note.strip():
        raise Refusal("no_note", "Say why: the note is shown with the decision.", field="note")
    before = verdict.decision
    verdict.decision, verdict.decision_note = decision, note.strip() if decision else ""
    verdict.decided_by, verdict.decided_at = (by.label, now) if decision else ("", None)
    row, post = first_rule(now=now), verdict.post
    facts = facts_for([post], settings_of(row), zone=_zone(), now=now)[post.pk]
    for name, value in _columns(row, post, facts, decision, now).items():
        setattr(verdict, name, value)
    verdict.save()
    record(
        "triage.decided" if decision else "triage.decision_taken_back",
        verdict.post,
        by=by,
        now=now,
        reason=note.strip(),
        data={"before": before, "after": decision, "rule_said": verdict.earned},
    )
    return verdict


def _zone() -> str:
    return Client.objects.get(pk=current_client_id()).timezone
