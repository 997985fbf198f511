"""Day totals: dropped and summed again from entries for the days that an append touched."""

from collections.abc import Iterable
from datetime import date

from django.db import connection

from sparkops.catalog.models import Shop

DAY_COLUMN = {"order": "order_day", "event": "event_day", "settlement": "settlement_day"}


def rebuild(shop: Shop, touched: Iterable[tuple[str, date]]) -> None:
    """Sum the given (basis, day) pairs of a shop again; a pair with no entries disappears."""
    days: dict[str, list[date]] = {}
    for basis, day in touched:
        days.setdefault(basis, []).append(day)
    with connection.cursor() as cursor:
        for basis, some in days.items():
            column = DAY_COLUMN[basis]
            cursor.execute(
                "DELETE FROM profit_daytotal WHERE shop_id = %s AND basis = %s AND day = ANY(%s)",
                [shop.pk, basis, some],
            )
            # The column is one of three words of ours, never input.
            cursor.execute(
                "INSERT INTO profit_daytotal (client_id, shop_id, basis, day, account, stage,"  # noqa: S608
                " product_id, creator_id, post_id, amount, currency)"
                f" SELECT client_id, shop_id, %s, {column}, account, stage, product_id, creator_id,"
                " post_id, sum(amount), currency FROM profit_entry"
                f" WHERE shop_id = %s AND {column} = ANY(%s)"
                f" GROUP BY client_id, shop_id, {column}, account, stage, product_id, creator_id,"
                " post_id, currency HAVING sum(amount) <> 0",
                [basis, shop.pk, some],
            )


def rebuild_all(shop: Shop) -> None:
    """Sum every day of a shop again: the rollup can be lost without loss."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM profit_daytotal WHERE shop_id = %s", [shop.pk])
        cursor.execute(
            "SELECT 'order', order_day FROM profit_entry WHERE shop_id = %s"
            " UNION SELECT 'event', event_day FROM profit_entry WHERE shop_id = %s"
            " UNION SELECT 'settlement', settlement_day FROM profit_entry"
            "  WHERE shop_id = %s AND settlement_day IS NOT NULL",
            [shop.pk] * 3,
        )
        pairs = [(str(basis), day) for basis, day in cursor.fetchall()]
    rebuild(shop, pairs)
