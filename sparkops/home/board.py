"""What each client of an agency waits for, side by side: money at risk, posts that earned paid and
are not launched, what is overdue, the margin, and how its data is."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Sum

from campaigns.models import PostVerdict
from profit.queries.portfolio import Line, side_by_side
from profit.rules.facts import Basis
from sparkops.clock import shop_day
from sparkops.home.today import DAYS, Answers
from sparkops.money import ZERO
from sparkops.renewals.queries.stakes import stakes
from sparkops.talk.models import Task
from sparkops.tenants.models import Client


@dataclass(frozen=True)
class Waiting:
    """What one client waits for. `at_risk` is the ad spend a day, by currency, behind rights that
    end in 30 days; `earned` posts wait for a launch; `results` is a line per shop."""

    client: Client
    at_risk: dict[str, Decimal]
    earned: int
    samples: int
    tasks: int
    results: tuple[Line, ...]

    @property
    def margins(self) -> list[Decimal | None]:
        """The CM3 margin of each shop of which something is known; None where a cost is missing."""
        known = (line.result for line in self.results if line.result is not None)
        return [result.ratios.cm3_margin for result in known]


def waiting_for(rows: Sequence[Answers], *, now: datetime) -> list[Waiting]:
    """A line for each client of the answers, in their order; the same statements for any number."""
    clients = [row.client for row in rows]
    risks, earned, tasks = _at_risk(now), _earned(), _overdue_tasks(clients, now)
    results: dict[int, list[Line]] = defaultdict(list)
    for line in side_by_side(clients, DAYS, Basis.ORDER, now):
        results[line.client.pk].append(line)
    return [
        Waiting(
            client=row.client,
            at_risk=risks.get(row.client.pk, {}),
            earned=earned.get(row.client.pk, 0),
            samples=row.posted.samples_overdue,
            tasks=tasks.get(row.client.pk, 0),
            results=tuple(results[row.client.pk]),
        )
        for row in rows
    ]


def _at_risk(now: datetime) -> dict[int, dict[str, Decimal]]:
    """What the page of spend at risk lists, summed."""
    rows = stakes(now).filter(ends_at__lt=now + timedelta(days=DAYS), spend__gt=0)
    found: dict[int, dict[str, Decimal]] = defaultdict(dict)
    summed = rows.order_by().values_list("client_id", "spend_currency")
    for client_id, currency, total in summed.annotate(total=Sum("spend")):
        found[client_id][currency] = found[client_id].get(currency, ZERO) + total
    return found


def _earned() -> dict[int, int]:
    """Posts that earned paid and wait for nothing but a launch."""
    rows = PostVerdict.objects.filter(
        standing=PostVerdict.Standing.EARNED, step=PostVerdict.Step.LAUNCH
    )
    return dict(rows.order_by().values_list("client_id").annotate(count=Count("pk")))


def _overdue_tasks(clients: Sequence[Client], now: datetime) -> dict[int, int]:
    """Open tasks whose day is over in their client's zone."""
    today = {one.pk: shop_day(now, one.timezone) for one in clients}
    # A zone is at most a day ahead of UTC, so later days are due nowhere.
    rows = Task.objects.filter(done_at=None, due_on__lte=now.date() + timedelta(days=1))
    found: dict[int, int] = defaultdict(int)
    by_day = rows.order_by().values_list("client_id", "due_on").annotate(count=Count("pk"))
    for client_id, day, count in by_day:
        if client_id in today and day < today[client_id]:
            found[client_id] += count
    return found
