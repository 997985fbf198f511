"""The ledger rows that a figure is the sum of (PD1)."""

from django.db.models import QuerySet

from profit.models import Entry
from profit.queries.groups import GROUP_FIELD, entries_in
from profit.queries.origins import entries_of_origin
from profit.rules.facts import Basis, Period
from profit.rules.origins import Origin
from profit.rules.pnl import Dimension
from sparkops.catalog.models import Shop


def entries_of(
    shop: Shop, basis: Basis, period: Period, filters: dict[str, str]
) -> QuerySet[Entry]:
    """The entries under a figure; `filters` name an account, an order, or the line of a table."""
    rows = entries_in(shop, basis, period).select_related("product", "creator", "post")
    for name, field in (
        ("account", "account"),
        ("product", GROUP_FIELD[Dimension.PRODUCT]),
        ("creator", GROUP_FIELD[Dimension.CREATOR]),
        ("post", GROUP_FIELD[Dimension.POST]),
        ("order", "order_id"),
    ):
        if filters.get(name):
            rows = rows.filter(**{field: filters[name]})
    for origin in Origin:
        if key := filters.get(origin.value):
            rows = entries_of_origin(rows, shop, origin, key)
    return rows
