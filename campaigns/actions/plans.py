"""Plans: posts, accounts, budgets and dates that are checked and approved together."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from authorizations.queries import accounts_with
from campaigns.actions.gmv_max_launch import GmvMaxCheck, check_gmv_max
from campaigns.actions.launch import (
    NOT_REDEEMED,
    LaunchPlan,
    check_plan,
    refusals_of,
    told_checks,
)
from campaigns.actions.override import Override, need_override
from campaigns.models import LaunchLimit, LaunchTemplate, Plan, PlanLine
from campaigns.queries.plans import campaigns_of, lines_of
from campaigns.rules.launch import OVERRIDABLE, Check
from creators.models import Post
from sparkops.audit.record import Actor, record
from sparkops.catalog.models import AdAccount
from sparkops.errors import Refusal

CLOSED = (Plan.State.APPROVED, Plan.State.UNDONE, Plan.State.WITHDRAWN)


@dataclass(frozen=True)
class Draft:
    """What a plan is made from: the same account, budget and dates for every post."""

    name: str
    posts: Sequence[Post]
    ad_account: AdAccount
    objective: str
    daily_budget: Decimal
    starts_at: datetime
    ends_at: datetime
    landing_url: str = ""
    note: str = ""
    template: LaunchTemplate | None = None


@dataclass(frozen=True)
class LineCheck:
    """A line with its gate: `refused` are the sentences that forbid it, `may_override` whether a
    reason would do, `told` the checks for pages."""

    line: PlanLine
    refused: tuple[str, ...]
    may_override: bool
    told: list[dict[str, object]]


def make_plan(draft: Draft, *, by: Actor, now: datetime) -> Plan:
    """A draft with one line per post. Raises Refusal without a post or with an empty flight."""
    if not draft.posts:
        raise Refusal("no_posts", "Choose posts on the triage board first.")
    if draft.ends_at <= draft.starts_at:
        raise Refusal("flight", "The flight ends before it begins.", field="ends_at")
    plan = Plan.objects.create(
        name=draft.name,
        note=draft.note,
        state=Plan.State.DRAFT.value,
        created_at=now,
        created_by=by.label,
    )
    for post in draft.posts:
        PlanLine.objects.create(
            plan=plan,
            post=post,
            ad_account=draft.ad_account,
            objective=draft.objective,
            daily_budget=draft.daily_budget,
            starts_at=draft.starts_at,
            ends_at=draft.ends_at,
            landing_url=draft.landing_url,
            template=draft.template,
        )
    record("plan.made", plan, by=by, now=now, data={"posts": len(draft.posts)})
    return plan


def make_plans_by_creator(draft: Draft, *, by: Actor, now: datetime) -> list[Plan]:
    """A plan for each creator of the posts, named after them; all of them or none."""
    by_creator: dict[int | None, list[Post]] = defaultdict(list)
    for post in draft.posts:
        by_creator[post.creator_id].append(post)
    return [
        make_plan(
            replace(
                draft, posts=posts, name=f"{draft.name}: {posts[0].creator or 'unknown'}"[:200]
            ),
            by=by,
            now=now,
        )
        for posts in by_creator.values()
    ]


def as_launch(line: PlanLine) -> LaunchPlan:
    """A line as the launch gate takes it."""
    return LaunchPlan(
        post=line.post,
        ad_account=line.ad_account,
        objective=line.objective,
        daily_budget=line.daily_budget,
        starts_at=line.starts_at,
        ends_at=line.ends_at,
        landing_url=line.landing_url,
        template=line.template,
    )


def check_lines(plan: Plan, *, now: datetime) -> list[LineCheck]:
    """The gate of every line as it stands now; an override lets through what may be overridden."""
    return [_checked(line, now) for line in lines_of(plan)]


def check_campaigns(plan: Plan, *, now: datetime) -> list[GmvMaxCheck]:
    """The gate of every GMV Max campaign of a plan as it stands now."""
    return [check_gmv_max(row, now=now) for row in campaigns_of(plan)]


def _checked(line: PlanLine, now: datetime) -> LineCheck:
    verdict = check_plan(as_launch(line), now=now)
    refusals = [one for one in refusals_of(verdict) if not _overridden(line, one)]
    sentences = [one.sentence for one in refusals]
    may_override = bool(refusals) and all(one.name in OVERRIDABLE for one in refusals)
    if not accounts_with(line.post_id).filter(pk=line.ad_account_id).exists():
        sentences, may_override = [NOT_REDEEMED, *sentences], False
    return LineCheck(line, tuple(sentences), may_override, told_checks(verdict, ""))


def _overridden(line: PlanLine, check: Check) -> bool:
    return bool(line.override_reason) and check.name in OVERRIDABLE


def override_line(line: PlanLine, *, reason: str, role: str, by: Actor, now: datetime) -> None:
    """Let a line be launched against the gate (TA10): role, reason, audit. Only in a draft.

    Raises Refusal when the role may not, without a reason, or where no reason helps.
    """
    _need(line.plan, Plan.State.DRAFT)
    need_override(Override(reason, role))
    found = _checked(line, now)
    if not found.may_override:
        raise Refusal("no_override", " ".join(found.refused) or "Nothing refuses this post.")
    line.override_reason, line.override_by, line.override_role = reason.strip(), by.label, role
    line.save(update_fields=["override_reason", "override_by", "override_role"])
    record(
        "plan.gate_overridden",
        line.plan,
        by=by,
        now=now,
        reason=line.override_reason,
        data={"post": str(line.post), "refused": list(found.refused), "role": role},
    )


def drop_line(line: PlanLine, *, by: Actor, now: datetime) -> None:
    """Take a post out of a draft."""
    _need(line.plan, Plan.State.DRAFT)
    record("plan.post_dropped", line.plan, by=by, now=now, data={"post": str(line.post)})
    line.delete()


def propose(plan: Plan, *, by: Actor, now: datetime) -> None:
    """Ask for internal approval. Raises Refusal while a gate refuses one of its posts."""
    _need(plan, Plan.State.DRAFT)
    need_gates(plan, now=now)
    _move(plan, Plan.State.PROPOSED, "plan.proposed", by=by, now=now)


def confirm(plan: Plan, *, by: Actor, now: datetime) -> None:
    """Approve inside; the gates are asked again, because time has passed."""
    _need(plan, Plan.State.PROPOSED)
    need_gates(plan, now=now)
    plan.confirmed_at, plan.confirmed_by = now, by.label
    plan.save(update_fields=["confirmed_at", "confirmed_by"])
    _move(plan, Plan.State.CONFIRMED, "plan.confirmed", by=by, now=now)


def take_to_draft(plan: Plan, *, by: Actor, now: datetime) -> None:
    """Change it again: links stop working and every approval is asked for anew."""
    if plan.state in (*CLOSED, Plan.State.DRAFT):
        raise Refusal("closed", "This plan can no longer be changed. Make a new one.")
    plan.links.filter(revoked_at=None).update(revoked_at=now)
    plan.confirmed_at, plan.confirmed_by = None, ""
    plan.save(update_fields=["confirmed_at", "confirmed_by"])
    _move(plan, Plan.State.DRAFT, "plan.reopened", by=by, now=now)


def withdraw(plan: Plan, *, by: Actor, now: datetime) -> None:
    """Give a plan up; its links stop working."""
    if plan.state in CLOSED:
        raise Refusal("closed", "This plan is over. Undo its approval while that is possible.")
    plan.links.filter(revoked_at=None).update(revoked_at=now)
    _move(plan, Plan.State.WITHDRAWN, "plan.withdrawn", by=by, now=now)


def need_gates(plan: Plan, *, now: datetime) -> None:
    """Raises Refusal with every sentence that forbids a post of the plan, or when it is empty."""
    found, campaigns = check_lines(plan, now=now), check_campaigns(plan, now=now)
    if not found and not campaigns:
        raise Refusal("no_posts", "The plan holds no post. Make a new one from the triage board.")
    refused = [f"{one.line.post}: {' '.join(one.refused)}" for one in found if one.refused]
    refused += [f"{one.row}: {' '.join(one.refused)}" for one in campaigns if one.refused]
    if refused:
        raise Refusal("gate", " ".join(refused))


def set_limit(
    currency: str,
    *,
    max_daily: Decimal | None,
    max_total: Decimal | None,
    by: Actor,
    now: datetime,
) -> LaunchLimit:
    """The most one launch may spend in accounts of a currency; None is no limit."""
    row, _ = LaunchLimit.objects.update_or_create(
        currency=currency,
        defaults={
            "max_daily": max_daily,
            "max_total": max_total,
            "set_at": now,
            "set_by": by.label,
        },
    )
    data = {"max_daily": str(max_daily), "max_total": str(max_total)}
    record("launch.limit_set", row, by=by, now=now, data=data)
    return row


def _need(plan: Plan, *states: Plan.State) -> None:
    if plan.state not in states:
        label = plan.get_state_display().lower()
        raise Refusal("wrong_state", f"The plan is {label}, so this is not possible now.")


def _move(plan: Plan, state: Plan.State, verb: str, *, by: Actor, now: datetime) -> None:
    plan.state = state.value
    plan.save(update_fields=["state"])
    record(verb, plan, by=by, now=now)
