"""The P&L tree as lines of a statement, with a bar for the running total of each."""

from collections.abc import Set
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from django.utils.safestring import SafeString

from profit.rules.entries import Account
from profit.rules.pnl import TREE, Level, Pnl
from profit.rules.words import spoken, word
from sparkops.money import ZERO, ratio
from sparkops.web import formats, markup

_SOURCES = {
    Account.COGS: "Your costs",
    Account.AD_SPEND: "Ads",
    Account.AD_CREDIT: "Ads",
    Account.CREATOR_FEES: "Your costs",
    Account.SAMPLE_COST: "Your costs",
    Account.CUSTOM_COST: "Your costs",
    Account.AGENCY_FEES: "Agency",
}
# A sum of costs beside the running total, not a step of it.
_ASIDE = "net_ad_cost"
# Levels that nobody can state while a unit cost is missing (PD7).
_NEED_COSTS = frozenset({"cm1", "cm2", "cm_before_ads", "cm3", "net_profit"})
HEIGHT = 10


@dataclass(frozen=True)
class StatementLine:
    """One line. `amount` is signed as it moves the total; the bar runs from `x` over `width`."""

    name: str
    key: str
    amount: Decimal
    share: Decimal | None
    formula: str
    source: str
    may_change: bool
    incomplete: bool
    kind: str
    x: Decimal
    width: Decimal


@dataclass(frozen=True)
class Drawn:
    """The lines and the box that their bars are drawn in."""

    lines: tuple[StatementLine, ...]
    box: str


def drawn(pnl: Pnl, open_accounts: Set[Account], *, until: str = "net_profit") -> Drawn:
    """The tree of `pnl` to the level `until`; lines of `open_accounts` may still change."""
    lines: list[StatementLine] = []
    running = low = high = ZERO
    for item in TREE:
        amount = getattr(pnl, item.name if isinstance(item, Level) else item.value)
        if isinstance(item, Level):
            lines.append(_level(item, amount, pnl, last=item.name == until))
            if item.name == until:
                break
            continue
        moved = amount * _sign(item)
        start, running = running, running + moved
        low, high = min(low, running), max(high, running)
        lines.append(_account(item, moved, min(start, running), pnl, item in open_accounts))
    span = max(high - low, Decimal(1))
    return Drawn(tuple(lines), f"{low} 0 {span} {HEIGHT}")


@cache
def _sign(account: Account) -> int:
    """How an account moves the result: the tree itself says so."""
    return int(Pnl.of({account: Decimal(1)}, "USD").net_profit)


def rows(statement: Drawn, currency: str, entries: str, query: str, extra: str = "") -> SafeString:
    """The rows of the table, written here because a page has two dozen of them: a line of an
    account opens its entries at `entries` with `query` and `extra`."""
    there = markup.text(f"{entries}?{query}&account=")
    return SafeString(
        "\n".join(_row(line, statement.box, currency, there, extra) for line in statement.lines)
    )


def _row(line: StatementLine, box: str, currency: str, there: str, extra: str) -> str:
    name = markup.text(line.name)
    if line.key:
        name = f'<a class="quiet" href="{there}{line.key}{markup.text(extra)}">{name}</a>'
    if line.source:
        name += _source(line)
    if line.incomplete:
        name += f" {markup.badge('Incomplete', 'warn')}"
    if line.formula:
        name += f'<span class="sub">{markup.text(line.formula)}</span>'
    bar = ""
    if line.width:
        bar = (
            f'<svg class="wfb" viewBox="{box}" preserveAspectRatio="none" aria-hidden="true">'
            f'<rect x="{line.x}" width="{line.width}" height="{HEIGHT}"/></svg>'
        )
    return (
        f'<tr class="{line.kind}"><th scope="row">{name}</th>'
        f'<td class="n num">{markup.money(line.amount, currency)}</td>'
        f'<td class="n c-p t2">{formats.percent(line.share)}</td><td class="c-bar">{bar}</td></tr>'
    )


def _source(line: StatementLine) -> str:
    if not line.may_change:
        return f'<span class="src">{line.source}</span>'
    return f'<span class="src est">{line.source}<span class="vh">, may still change</span></span>'


def _level(item: Level, amount: Decimal, pnl: Pnl, *, last: bool) -> StatementLine:
    aside = item.name == _ASIDE
    return StatementLine(
        name=word(item.name),
        key="",
        amount=-amount if aside else amount,
        share=_share(amount, pnl),
        formula=spoken(item.formula),
        source="",
        may_change=False,
        incomplete=not pnl.complete and item.name in _NEED_COSTS,
        kind="cut" if aside else "net" if last else "subt",
        x=min(amount, ZERO),
        width=ZERO if aside else abs(amount),
    )


def _account(
    account: Account, moved: Decimal, start: Decimal, pnl: Pnl, may_change: bool
) -> StatementLine:
    return StatementLine(
        name=word(account.value),
        key=account.value,
        amount=moved,
        share=_share(abs(moved), pnl),
        formula="",
        source=_SOURCES.get(account, "Shop"),
        may_change=may_change,
        incomplete=False,
        kind="total" if account is Account.GMV else "cut",
        x=start,
        width=abs(moved),
    )


def _share(amount: Decimal, pnl: Pnl) -> Decimal | None:
    return ratio(amount, pnl.net_revenue)
