"""A month on paper, for who signs it and who asks later."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from profit.rules.definitions import METRICS
from profit.rules.pnl import TREE, UNATTRIBUTED, Level, Pnl
from profit.rules.words import MINUS, spoken, word
from sparkops.money import ZERO, minor_digits, ratio, round_money
from sparkops.paper import Paper

MOST = 20
_GROUP_LINES = ("gmv", "net_revenue", "cm_before_ads", "cm3")


@dataclass(frozen=True, kw_only=True)
class MonthReport:
    """What is printed. Amounts are in `currency`; `state` says whether the month is closed.

    `groups` holds a P&L per name (`UNATTRIBUTED` for the rest) under the title of its table.
    `later` is the net profit of what came after the close.
    """

    shop: str
    month: date
    currency: str
    state: str
    books: Pnl
    groups: Mapping[str, Mapping[str, Pnl]]
    later: Decimal
    stages: str
    read: str


def as_pdf(report: MonthReport, *, made_at: datetime, made_by: str) -> bytes:
    """The month as an A4 document: the statement with its formulas, the best and the worst, what
    came later, and what each line means."""
    title = f"Profit of {report.month:%B %Y}"
    foot = f"{report.shop}, {report.month:%B %Y}"
    paper = Paper(title, made_at=made_at, language="en", foot=foot)
    paper.title(title)
    paper.small(f"{report.shop}, by event date, in {report.currency}. {report.state}")
    paper.small(f"Made on {made_at:%d %b %Y %H:%M} UTC by {made_by}. {report.stages} {report.read}")
    if not report.books.complete:
        missing = _amount(report.books.gmv_without_unit_cost, report.currency)
        paper.small(
            f"Incomplete: {missing} {report.currency} of GMV has no unit cost, so cost of goods is"
            " too low and every level below it too high."
        )
    paper.heading("From GMV to net profit")
    lines, bold = _statement(report.books)
    paper.table(["Line", report.currency, "Of net revenue"], lines, bold=bold)
    if report.later:
        paper.small(
            "Came after the month was closed and is posted later:"
            f" {_amount(report.later, report.currency)} {report.currency} of net profit. The tables"
            " below include it, the statement above does not."
        )
    for heading, groups in report.groups.items():
        rows, total = _groups(groups, report.currency)
        paper.heading(f"{heading}, in {report.currency}", rows=len(rows) + 1)
        headers = [heading.rpartition(" ")[2].capitalize(), *(word(one) for one in _GROUP_LINES)]
        paper.table([one.partition(",")[0] for one in headers], rows, bold={total})
    paper.heading("What the lines mean")
    for metric in METRICS:
        if not metric.is_ratio:
            paper.small(f"{metric.label}: {metric.definition} Source: {metric.source}.")
    return paper.pdf()


def _statement(pnl: Pnl) -> tuple[list[list[str]], set[int]]:
    """Rows with amounts signed as they move the result, and which of them are levels."""
    rows: list[list[str]] = []
    bold: set[int] = set()
    for item in TREE:
        name = item.name if isinstance(item, Level) else item.value
        amount = getattr(pnl, name)
        if isinstance(item, Level):
            bold.add(len(rows))
            label = f"{word(name).partition(',')[0]}: {spoken(item.formula)}"
            amount = -amount if name == "net_ad_cost" else amount  # a cost beside the running total
        else:
            label = word(name)
            amount *= Pnl.of({item: Decimal(1)}, pnl.currency).net_profit
        share = ratio(amount, pnl.net_revenue)
        rows.append([label, _amount(amount, pnl.currency), _percent(share)])
    return rows, bold


def _groups(groups: Mapping[str, Pnl], currency: str) -> tuple[list[list[str]], int]:
    """The best by CM3, the others in one row, the rest, and their sum: the shop, also of a month
    in which nothing happened."""
    ranked = sorted(
        (one for one in groups.items() if one[0] != UNATTRIBUTED),
        key=lambda one: (-one[1].cm3, one[0]),
    )
    rows = [_row(name, [pnl], currency) for name, pnl in ranked[:MOST]]
    others = [pnl for _, pnl in ranked[MOST:]]
    if others:
        rows.append(_row(f"{len(others):,} others", others, currency))
    if UNATTRIBUTED in groups:
        rows.append(_row("Unallocated", [groups[UNATTRIBUTED]], currency))
    rows.append(_row("Shop", list(groups.values()), currency))
    return rows, len(rows) - 1


def _row(name: str, pnls: Sequence[Pnl], currency: str) -> list[str]:
    sums = [sum((getattr(pnl, line) for pnl in pnls), ZERO) for line in _GROUP_LINES]
    return [name, *(_amount(one, currency) for one in sums)]


def _amount(value: Decimal, currency: str) -> str:
    """Digits as the currency has them."""
    return _signed(f"{round_money(value, currency):,.{minor_digits(currency)}f}")


def _percent(share: Decimal | None) -> str:
    return "" if share is None else _signed(f"{share * 100:.1f}%")


def _signed(text: str) -> str:
    """A minus as wide as a digit; none before a zero."""
    return text.replace("-", MINUS) if text.strip("-0.,%") else text.lstrip("-")
