"""Which figures a person pinned, and when their sources were last read."""

from datetime import datetime

from django.db.models import Min

from profit.models import Headline
from profit.rules.definitions import BY_KEY, FIRST, Metric
from sparkops.accounts.models import User
from sparkops.landing.models import Cursor


def pinned(user: User) -> list[Metric]:
    """The person's figures in their order, or those everyone begins with."""
    keys = Headline.objects.filter(user=user).values_list("metrics", flat=True).first() or FIRST
    return [BY_KEY[key] for key in keys if key in BY_KEY]


def last_reads() -> dict[str, datetime | None]:
    """Per stream the oldest last successful read of its parts. One query."""
    rows = Cursor.objects.order_by().values_list("stream")
    return dict(rows.annotate(oldest=Min("last_ok_at")))
