"""The rollup: sums of ledger entries per basis and day, rebuilt for the days an append touched."""

from collections.abc import Iterable
from datetime import date

from django.db import connection

from profit.models import Entry
from profit.rules.facts import Basis
from sparkops.catalog.models import Shop

_DAY_COLUMNS = {
    Basis.ORDER: "order_day",
    Basis.EVENT: "event_day",
    Basis.SETTLEMENT: "settlement_day",
}


def rebuild_days(shop: Shop, entries: Iterable[Entry]) -> None:
    """Rebuild every day that `entries` lie on, on each basis.

    Under the shop's lock: two rebuilds of one day would both keep their rows.
    """
    days: dict[Basis, set[date]] = {basis: set() for basis in Basis}
    for entry in entries:
        days[Basis.ORDER].add(entry.order_day)
        days[Basis.EVENT].add(entry.event_day)
        if entry.settlement_day is not None:
            days[Basis.SETTLEMENT].add(entry.settlement_day)
    for basis, touched in days.items():
        if touched:
            _rebuild(shop, basis, sorted(touched))


def rebuild_all(shop: Shop) -> None:
    """Drop and rebuild the whole rollup of a shop from its ledger."""
    Shop.objects.select_for_update(no_key=True).get(pk=shop.pk)
    for basis, column in _DAY_COLUMNS.items():
        # Asked of the database: a ledger has a row per amount and far fewer days.
        rows = Entry.objects.filter(shop=shop).exclude(**{column: None}).order_by(column)
        days = list(rows.values_list(column, flat=True).distinct())
        if days:
            _rebuild(shop, basis, days)


def _rebuild(shop: Shop, basis: Basis, days: list[date]) -> None:
    column = _DAY_COLUMNS[basis]
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM profit_daytotal WHERE shop_id = %s AND basis = %s AND day = ANY(%s)",
            [shop.pk, basis.value, days],
        )
        cursor.execute(
            "INSERT INTO profit_daytotal (client_id, shop_id, basis, day, account, stage,"  # noqa: S608 - own column names
            " product_id, creator_id, post_id, amount, currency)"
            f" SELECT client_id, shop_id, %s, {column}, account, stage,"
            " product_id, creator_id, post_id, sum(amount), currency"
            f" FROM profit_entry WHERE shop_id = %s AND {column} = ANY(%s)"
            f" GROUP BY client_id, shop_id, {column}, account, stage,"
            " product_id, creator_id, post_id, currency HAVING sum(amount) <> 0",
            [basis.value, shop.pk, days],
        )
