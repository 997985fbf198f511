"""How values go onto the wire to the Marketing API (contract 1 and 14)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeVar

Item = TypeVar("Item")


def query(params: Mapping[str, Any]) -> dict[str, str]:
    """Query parameters: plain text for scalars, JSON text for lists and objects.

    A parameter that is None is left out.
    """
    return {name: _parameter(value) for name, value in params.items() if value is not None}


def _parameter(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def body(content: Mapping[str, Any]) -> bytes:
    """A JSON body without the keys whose value is None."""
    sent = {name: value for name, value in content.items() if value is not None}
    return json.dumps(sent, separators=(",", ":"), ensure_ascii=False).encode()


def utc_text(moment: datetime) -> str:
    """``2026-11-08 21:00:00`` in UTC. Raises ``ValueError`` for a time without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone cannot be sent to TikTok")
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def json_amount(value: Decimal) -> int | float:
    """A Decimal as the JSON number that reads back as the same Decimal.

    Raises ``ValueError`` for what a JSON number cannot carry exactly (17 digits and more, NaN).
    """
    if not value.is_finite():
        raise ValueError(f"{value} is no amount")
    number: int | float = int(value) if value == value.to_integral_value() else float(value)
    if Decimal(str(number)) != value:
        raise ValueError(f"{value} has too many digits to be sent exactly")
    return number


def batch(values: Sequence[Item], most: int, what: str) -> list[Item]:
    """The values as a list. Raises ``ValueError`` for none or more than TikTok takes at once."""
    if not 1 <= len(values) <= most:
        raise ValueError(f"TikTok takes 1 to {most} {what} in one call, not {len(values)}")
    return list(values)
