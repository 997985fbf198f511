"""What the printed report of a month is made of."""

from datetime import date

from django.db.models import Sum

from profit.queries.closing import close_of, month_books, month_period, posted_elsewhere
from profit.queries.groups import grouped
from profit.queries.headlines import last_reads
from profit.queries.pnl import stages
from profit.queries.subjects import names_of
from profit.rules.entries import Account
from profit.rules.facts import Basis
from profit.rules.month_report import MonthReport
from profit.rules.pnl import UNATTRIBUTED, Dimension, Pnl
from sparkops.catalog.models import Shop

TITLES = {"By product": Dimension.PRODUCT, "By creator": Dimension.CREATOR}


def month_report(shop: Shop, month: date) -> MonthReport:
    """The month by event date; of a closed one the statement as it was signed."""
    close = close_of(shop, month)
    later = posted_elsewhere(shop, month).order_by().values_list("account")
    moved = {Account(account): total for account, total in later.annotate(total=Sum("amount"))}
    period = month_period(month)
    return MonthReport(
        shop=str(shop),
        month=month,
        currency=shop.currency,
        state=f"Closed on {close.closed_at:%d %b %Y} by {close.closed_by}." if close else "Open.",
        books=month_books(shop, month),
        groups={
            title: _named(grouped(shop, Basis.EVENT, period, one), one)
            for title, one in TITLES.items()
        },
        later=Pnl.of(moved, shop.currency).net_profit,
        stages=_stages(shop, month),
        read=_read(),
    )


def _named(groups: dict[str, Pnl], dimension: Dimension) -> dict[str, Pnl]:
    """By names; two of one name are told apart by their ids."""
    names = names_of(dimension, groups)
    found: dict[str, Pnl] = {}
    for key, pnl in groups.items():
        name = names.get(key, key)
        if key == UNATTRIBUTED:
            name = UNATTRIBUTED
        found[f"{name} ({key})" if name in found else name] = pnl
    return found


def _stages(shop: Shop, month: date) -> str:
    shares = stages(shop, Basis.EVENT, month_period(month))
    if shares.settled is None or shares.processing is None or shares.estimated is None:
        return "No GMV in this month."
    return (
        f"Of GMV {shares.settled:.0%} is settled, {shares.processing:.0%} on its way,"
        f" {shares.estimated:.0%} estimated."
    )


def _read() -> str:
    """When the oldest of the streams was read last."""
    moments = [at for at in last_reads().values() if at]
    return f"Last read from TikTok: {min(moments):%d %b %Y %H:%M} UTC." if moments else ""
