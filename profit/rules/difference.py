"""Which rows the append-only ledger still lacks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from profit.rules.entries import Account, Entry
from sparkops.money import ZERO

_PLACE = (
    "account",
    "currency",
    "raw_currency",
    "order_day",
    "event_day",
    "settlement_day",
    "stage",
    "order_id",
    "line_id",
    "product_id",
    "creator_id",
    "post_id",
    "ad_id",
)
_MOVES = {
    "account": "moved to another account",
    "currency": "the report currency changed",
    "raw_currency": "the row's currency changed",
    "order_day": "the order date changed",
    "event_day": "the event date changed",
    "settlement_day": "the statement day changed",
    "stage": "now {stage}",
    "product_id": "the product changed",
    "creator_id": "the creator changed",
    "post_id": "the post changed",
    "ad_id": "the ad changed",
}
_REASONS = {
    "P9": "refund",
    "P12": "refund",
    "P13": "refund",
    "P15": "refund",
    "P17": "commission adjustment",
    "P18": "settled amount replaces the estimate",
    "P26": "adjustment",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One row to append, and what it does to its key: `before` and `after` are the key's totals
    in the report currency (of one account; a restatement is where they differ)."""

    entry: Entry
    cause: str
    before: Decimal
    after: Decimal


def difference(wanted: Iterable[Entry], booked: Iterable[Entry]) -> list[Change]:
    """The rows that turn `booked` into `wanted`, key by key; empty when they already agree.

    `booked` holds every row ever appended for the same subject, earlier corrections included;
    rows of one key at one place add up. Same place, other amount: one row with the difference.
    Other place (day, stage, product, creator, ...): what stands is taken back where it stands,
    and the wanted amount is put where it belongs. `source` and `rule` alone change nothing.
    Raises ValueError when two wanted entries share a key.
    """
    by_key = _unique(wanted)
    booked_now = standing(booked)
    changes: list[Change] = []
    for key in [*by_key, *(key for key in booked_now if key not in by_key)]:
        changes.extend(_changes(by_key.get(key), booked_now.get(key, {})))
    return changes


def _unique(wanted: Iterable[Entry]) -> dict[str, Entry]:
    by_key: dict[str, Entry] = {}
    for entry in wanted:
        if entry.key in by_key:
            raise ValueError(f"Two entries are wanted under the key {entry.key}.")
        by_key[entry.key] = entry
    return by_key


def _place(entry: Entry) -> tuple[object, ...]:
    return tuple(getattr(entry, name) for name in _PLACE)


def standing(booked: Iterable[Entry]) -> dict[str, dict[tuple[object, ...], Entry]]:
    """The net entry per key and place (day, stage, product, ...); what nets to zero is gone."""
    sums: dict[str, dict[tuple[object, ...], Entry]] = {}
    for entry in booked:
        places = sums.setdefault(entry.key, {})
        known = places.get(_place(entry))
        places[_place(entry)] = entry if known is None else _plus(entry, known)
    return {
        key: {place: entry for place, entry in places.items() if not _is_zero(entry)}
        for key, places in sums.items()
    }


def _changes(wanted: Entry | None, standing: dict[tuple[object, ...], Entry]) -> Iterator[Change]:
    before = sum((entry.amount for entry in standing.values()), ZERO)
    after = wanted.amount if wanted else ZERO
    cause = _cause(wanted, list(standing.values()))
    here = _place(wanted) if wanted else None
    rows = [_minus(entry) for place, entry in standing.items() if place != here]
    if wanted is not None:
        known = standing.get(here) if here is not None else None
        rows.append(wanted if known is None else _plus(wanted, _minus(known)))
    for row in rows:
        if not _is_zero(row):
            yield Change(entry=row, cause=cause, before=before, after=after)


def _cause(wanted: Entry | None, standing: list[Entry]) -> str:
    if wanted is None:
        return "no longer applies"
    if not standing:
        return _REASONS.get(wanted.rule.partition("@")[0], "first booked")
    moved = [
        name
        for name in _MOVES
        if any(getattr(entry, name) != getattr(wanted, name) for entry in standing)
    ]
    causes = [_MOVES[name].format(stage=wanted.stage) for name in moved]
    if sum((entry.amount for entry in standing), ZERO) != wanted.amount:
        causes.append(_amount_cause(wanted, standing))
    return "; ".join(causes[:3]) or "the amount in its own currency changed"


def _amount_cause(wanted: Entry, standing: list[Entry]) -> str:
    raw = sum((entry.raw_amount for entry in standing), ZERO)
    if raw == wanted.raw_amount:
        return "the exchange rate changed"
    if wanted.account is Account.COGS:
        return "the unit cost changed"
    if any(entry.rule != wanted.rule for entry in standing):
        return f"rule {wanted.rule} replaces {standing[-1].rule}"
    return "the amount changed"


def _plus(first: Entry, second: Entry) -> Entry:
    return replace(
        first,
        amount=first.amount + second.amount,
        raw_amount=first.raw_amount + second.raw_amount,
    )


def _minus(entry: Entry) -> Entry:
    return replace(entry, amount=-entry.amount, raw_amount=-entry.raw_amount)


def _is_zero(entry: Entry) -> bool:
    return entry.amount == ZERO and entry.raw_amount == ZERO
