"""The quota planner: what is left, when it is fresh again, and whom it goes to (N16)."""

from decimal import Decimal
from typing import Any

from django.contrib import messages as notes
from django.http import HttpResponse

from sparkops import clock
from sparkops.clock import shop_zone
from sparkops.outreach.actions.quota import keep_reserve
from sparkops.outreach.forms import ReserveForm
from sparkops.outreach.models import Quota
from sparkops.outreach.queries.quota import (
    WEEK,
    budget_now,
    gmv_of_30_days,
    next_in_line,
    quota_now,
    waiting_for_quota,
)
from sparkops.outreach.rules.quota import Budget, weeks_needed
from sparkops.tenants.gate import ClientRequest, client_view
from sparkops.tenants.permissions import Permission
from sparkops.web import formats, pages


@client_view(Permission.CREATOR_EDIT)
def quota(request: ClientRequest) -> HttpResponse:
    """The planner, and the reserve that is kept for people."""
    row, now, zone = quota_now(), clock.now(), request.client.timezone
    budget = budget_now(now, zone)
    form = ReserveForm(request.POST or None, initial={"reserve": row.reserve if row else 0})
    if request.method == "POST" and row is not None and form.is_valid():
        keep_reserve(row, form.cleaned_data["reserve"], by=request.actor, now=now)
        notes.success(request, "The reserve is saved.")
        return pages.redirect(request, "outreach:quota", client=request.client.slug)
    week_start = budget.refresh_at - WEEK
    waiting = waiting_for_quota(week_start).count()
    context: dict[str, Any] = {
        "now": now,
        "row": row,
        "form": form,
        "budget": budget,
        "left": _left(row, budget),
        "refresh": formats.moment(budget.refresh_at, now=now, zone=shop_zone(zone)),
        "in_time": formats.span(budget.refresh_at - now),
        "waiting": waiting,
        "weeks": weeks_needed(waiting, row.total if row else None),
        "rows": next_in_line(week_start),
        "next_tier": _next_tier(row) if row else None,
    }
    status = 422 if form.errors else 200
    return pages.render(request, "outreach/quota.html", context, status=status)


def _left(row: Quota | None, budget: Budget) -> str:
    if row is None or row.total is None:
        return "Not known"
    if budget.left is None:
        return "Unlimited"
    return f"{budget.left:,} of {row.total:,}"


def _next_tier(row: Quota) -> dict[str, str] | None:
    """The next level of sales, and what is missing to it by creators' sales of 30 days."""
    sold = gmv_of_30_days()
    above = [one for one in row.levels if one["from"] and Decimal(one["from"]) > sold]
    if not above:
        return None
    nearest = min(above, key=lambda one: Decimal(one["from"]))
    missing = formats.money(Decimal(nearest["from"]) - sold, nearest["currency"])
    cap = nearest["cap"]
    return {
        "tier": nearest["tier"],
        "missing": missing,
        "cap": formats.integer(cap) if cap else "",
    }
