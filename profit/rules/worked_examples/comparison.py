"""Expected numbers of a worked example against found ones; each difference is a sentence."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from decimal import Decimal

from profit.rules.pnl import Pnl
from profit.rules.report import Report
from profit.rules.worked_examples.formulas import Found
from profit.rules.worked_examples.reading import ExampleError, Row
from sparkops.money import ZERO

_SECTIONS = (
    "pnl",
    "counts",
    "ratios",
    "by_post",
    "by_product",
    "by_creator",
    "settlement_variance",
    "flags",
)


def report_differences(expected: Row, found: Report) -> list[str]:
    """All differences between a case's `expected` and the report; empty when they agree."""
    differences = [
        f"The expected section “{name}” is not part of the schema."
        for name in expected.names()
        if name not in _SECTIONS
    ]
    differences += _given(expected.row("pnl"), "pnl", _lines(found.pnl))
    differences += _given(expected.row("counts"), "counts", _decimals(asdict(found.counts)))
    differences += _ratios(expected, found)
    for name in ("by_post", "by_product", "by_creator"):
        if expected.has(name):
            differences += _groups(expected.row(name), name, getattr(found, name))
    variance = {account.value: amount for account, amount in found.settlement_variance.items()}
    differences += _complete(expected.row("settlement_variance"), "settlement_variance", variance)
    flags = {account.value: amount for account, amount in found.flags.items()}
    differences += _complete(expected.row("flags"), "flags", flags)
    return differences


def formula_differences(case: Row, found: Found) -> list[str]:
    """All differences between a formula case's `expected` and what the formula gave."""
    if isinstance(found, Mapping):
        return list(_complete_texts(case.row("expected"), found))
    if "expected" not in case.names():
        raise ExampleError(f"{case.place}: expected is missing.")
    wanted = case.number_or_none("expected")
    return [] if wanted == found else [f"expected {_shown(wanted)}, found {_shown(found)}"]


def _given(expected: Row, section: str, found: Mapping[str, Decimal | None]) -> Iterator[str]:
    """Differences of the numbers that the section lists."""
    for name in expected.names():
        if name not in found:
            yield f"{section}: there is no line called {name}."
            continue
        wanted = expected.number_or_none(name)
        if wanted != found[name]:
            yield f"{section} {name}: expected {_shown(wanted)}, found {_shown(found[name])}"


def _complete(expected: Row, section: str, found: Mapping[str, Decimal]) -> Iterator[str]:
    """As `_given`, where a number that is not listed means zero and the other way round."""
    listed = dict.fromkeys(expected.names(), ZERO)
    yield from _given(expected, section, {**listed, **found})
    for name, amount in found.items():
        if name not in listed and amount != ZERO:
            yield f"{section} {name}: not expected, found {amount}"


def _ratios(expected: Row, found: Report) -> Iterator[str]:
    """A ratio that the section leaves out has no valid denominator, or no ad spend to break
    even on; a claimed revenue of zero is left out too."""
    if not expected.has("ratios"):
        return
    section = expected.row("ratios")
    values: dict[str, Decimal | None] = dict(asdict(found.ratios))
    values["platform_claimed_revenue_sum"] = found.platform_claimed_revenue_sum
    yield from _given(section, "ratios", values)
    optional = {"break_even_roas"} if found.pnl.ad_spend == ZERO else set()
    if found.platform_claimed_revenue_sum == ZERO:
        optional.add("platform_claimed_revenue_sum")
    for name, value in values.items():
        if name not in section.names() and name not in optional and value is not None:
            yield f"ratios {name}: not expected, found {value}"


def _groups(expected: Row, section: str, found: Mapping[str, Pnl]) -> Iterator[str]:
    """A group that is not listed means that all its lines are zero, and the other way round."""
    for key in expected.names():
        lines = _lines(found[key]) if key in found else None
        listed = expected.row(key)
        nothing: dict[str, Decimal | None] = dict.fromkeys(listed.names(), ZERO)
        yield from _given(listed, f"{section} {key}", lines or nothing)
    for key, pnl in found.items():
        if key not in expected.names() and any(_lines(pnl).values()):
            yield f"{section} {key}: not expected, found cm3 {pnl.cm3}"


def _complete_texts(expected: Row, found: Mapping[str, Decimal | str]) -> Iterator[str]:
    for name in [*found, *(name for name in expected.names() if name not in found)]:
        value = found.get(name)
        wanted = (
            expected.text_or_none(name) if isinstance(value, str) else expected.number_or_none(name)
        )
        if wanted != value:
            yield f"{name}: expected {_shown(wanted)}, found {_shown(value)}"


def _lines(pnl: Pnl) -> dict[str, Decimal | None]:
    return {name: value for name, value in asdict(pnl).items() if isinstance(value, Decimal)}


def _decimals(counts: Mapping[str, int]) -> dict[str, Decimal | None]:
    return {name: Decimal(value) for name, value in counts.items()}


def _shown(value: Decimal | str | None) -> str:
    return "none" if value is None else str(value)
