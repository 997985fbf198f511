"""Reads of plans: what one touches, and the list."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet

from campaigns.models import GmvMaxLaunch, Launch, Plan, PlanLine

UNDER_WAY = (Launch.State.PLANNED, Launch.State.CREATING)
RETRIED = (Launch.State.FAILED, Launch.State.DIFFERS, Launch.State.REFUSED)
"""States of a launch that sending it again may mend."""


def lines_of(plan: Plan) -> list[PlanLine]:
    """The lines of a plan in the order they were put in."""
    rows = plan.lines.select_related(
        "post__creator", "ad_account", "launch__ad", "launch__post", "template"
    )
    return list(rows.order_by("pk"))


def campaigns_of(plan: Plan) -> list[GmvMaxLaunch]:
    """The GMV Max campaigns of a plan in the order they were put in."""
    rows = GmvMaxLaunch.objects.filter(plan=plan).order_by("pk")
    rows = rows.select_related("plan", "ad_account", "shop")
    return list(rows.prefetch_related("picks__post__creator"))


def most_of(line: PlanLine | GmvMaxLaunch) -> Decimal:
    """The most a line can spend: its daily budget on every day its flight touches."""
    days = -(-(line.ends_at - line.starts_at) // timedelta(days=1))
    return line.daily_budget * days


def blast_radius(plan: Plan) -> dict[str, Any]:
    """Everything that a plan touches, as JSON: posts, accounts, budgets, dates (N23).

    Money is text with two places and a currency beside it; moments are ISO in UTC. Sums are per
    currency and never mixed.
    """
    lines, campaigns = lines_of(plan), campaigns_of(plan)
    every: list[PlanLine | GmvMaxLaunch] = [*lines, *campaigns]
    daily: dict[str, Decimal] = defaultdict(Decimal)
    most: dict[str, Decimal] = defaultdict(Decimal)
    for line in every:
        daily[line.ad_account.currency] += line.daily_budget
        most[line.ad_account.currency] += most_of(line)
    accounts = {line.ad_account.advertiser_id: line.ad_account.name for line in every}
    return {
        **({"campaigns": [_campaign(one) for one in campaigns]} if campaigns else {}),
        "posts": [
            {
                "post": str(line.post),
                "creator": str(line.post.creator) if line.post.creator else "",
                "url": line.post.url,
                "account": line.ad_account.name,
                "objective": line.objective,
                "daily": f"{line.daily_budget:.2f}",
                "most": f"{most_of(line):.2f}",
                "currency": line.ad_account.currency,
                "starts_at": line.starts_at.isoformat(),
                "ends_at": line.ends_at.isoformat(),
                "landing_url": line.landing_url,
                "override": line.override_reason,
                **_from_template(line),
            }
            for line in lines
        ],
        "accounts": [{"id": key, "name": name} for key, name in sorted(accounts.items())],
        "budgets": [
            {"currency": key, "daily": f"{daily[key]:.2f}", "most": f"{most[key]:.2f}"}
            for key in sorted(daily)
        ],
        "first": min((line.starts_at for line in every), default=plan.created_at).isoformat(),
        "last": max((line.ends_at for line in every), default=plan.created_at).isoformat(),
    }


def _campaign(row: GmvMaxLaunch) -> dict[str, Any]:
    """What a client is shown of a GMV Max campaign."""
    return {
        "name": row.name,
        "shop": row.shop.name,
        "account": row.ad_account.name,
        "products": list(row.product_ids),
        "posts": row.posts,
        "picked": [str(one.post) for one in row.picks.all()],
        "affiliates": row.with_affiliates,
        "takes_over": row.takes_over,
        "target": f"{row.target_roas}",
        "daily": f"{row.daily_budget:.2f}",
        "most": f"{most_of(row):.2f}",
        "currency": row.currency,
        "starts_at": row.starts_at.isoformat(),
        "ends_at": row.ends_at.isoformat(),
        "override": row.override_reason,
    }


def _from_template(line: PlanLine) -> dict[str, str]:
    """What a template adds to what a client is shown: which one, and a bid if it has one."""
    if line.template is None:
        return {}
    bid = line.template.bid
    return {
        "template": str(line.template),
        "bid": "" if bid is None else f"{bid.normalize():f} {line.ad_account.currency}",
    }


@dataclass(frozen=True)
class Progress:
    """How far the launches of an approved plan got. `rows` are they, `failed` how many a person may
    send again, `ended` how many are live, refused or stopped."""

    rows: Sequence[Launch | GmvMaxLaunch]
    ended: int
    live: int
    failed: int
    waits: bool

    @property
    def total(self) -> int:
        return len(self.rows)

    @property
    def running(self) -> bool:
        return self.ended < self.total


def progress_of(plan: Plan, now: datetime) -> Progress | None:
    """The launches of a plan, None before it is approved."""
    if plan.launches_at is None:
        return None
    rows: list[Launch | GmvMaxLaunch] = [
        *(line.launch for line in lines_of(plan) if line.launch is not None),
        *campaigns_of(plan),
    ]
    states = [one.state for one in rows]
    going = sum(one in UNDER_WAY for one in states)
    return Progress(
        rows=rows,
        ended=len(rows) - going,
        live=states.count(Launch.State.LIVE),
        failed=sum(one in RETRIED for one in states),
        waits=plan.can_be_undone(now),
    )


def plans() -> QuerySet[Plan]:
    """Plans with how many posts each holds."""
    return Plan.objects.annotate(posts=Count("lines"))
