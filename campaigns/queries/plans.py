"""Reads of plans: what one touches, and the list."""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet

from campaigns.models import Plan, PlanLine


def lines_of(plan: Plan) -> list[PlanLine]:
    """The lines of a plan in the order they were put in."""
    rows = plan.lines.select_related("post__creator", "ad_account", "launch__ad")
    return list(rows.order_by("pk"))


def most_of(line: PlanLine) -> Decimal:
    """The most a line can spend: its daily budget on every day its flight touches."""
    days = -(-(line.ends_at - line.starts_at) // timedelta(days=1))
    return line.daily_budget * days


def blast_radius(plan: Plan) -> dict[str, Any]:
    """Everything that a plan touches, as JSON: posts, accounts, budgets, dates (N23).

    Money is text with two places and a currency beside it; moments are ISO in UTC. Sums are per
    currency and never mixed.
    """
    lines = lines_of(plan)
    daily: dict[str, Decimal] = defaultdict(Decimal)
    most: dict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        daily[line.ad_account.currency] += line.daily_budget
        most[line.ad_account.currency] += most_of(line)
    accounts = {line.ad_account.advertiser_id: line.ad_account.name for line in lines}
    return {
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
            }
            for line in lines
        ],
        "accounts": [{"id": key, "name": name} for key, name in sorted(accounts.items())],
        "budgets": [
            {"currency": key, "daily": f"{daily[key]:.2f}", "most": f"{most[key]:.2f}"}
            for key in sorted(daily)
        ],
        "first": min((line.starts_at for line in lines), default=plan.created_at).isoformat(),
        "last": max((line.ends_at for line in lines), default=plan.created_at).isoformat(),
    }


def plans() -> QuerySet[Plan]:
    """Plans with how many posts each holds."""
    return Plan.objects.annotate(posts=Count("lines"))
