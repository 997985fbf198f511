"""When an investment came back (N11)."""

from datetime import date
from decimal import Decimal

import pytest

from profit.rules.payback import payback


def days(*amounts: int) -> list[tuple[date, Decimal]]:
    return [(date(2026, 11, at), Decimal(amount)) for at, amount in enumerate(amounts, start=1)]


@pytest.mark.parametrize(
    ("amounts", "invested", "began", "on", "left"),
    [
        ((), 0, None, None, 0),
        ((10, 5), 0, None, None, 0),  # it never cost more than it brought
        ((-10,), 10, 1, None, 10),
        ((-10, 4), 10, 1, None, 6),
        ((-10, 4, 6), 10, 1, 3, 0),  # exactly back is back
        ((-10, 30, 5), 10, 1, 2, 0),
        ((-10, 12, -5, 3), 10, 1, 4, 0),  # back again counts from the last return
        ((-10, 12, -30, 5), 28, 1, None, 23),  # the second hole is the deeper one
        ((20, -5, 0), 0, None, None, 0),
    ],
)
def test_payback(
    amounts: tuple[int, ...], invested: int, began: int | None, on: int | None, left: int
) -> None:
    found = payback(days(*amounts))
    assert (found.invested, found.open) == (invested, left)
    assert found.began == (date(2026, 11, began) if began else None)
    assert found.on == (date(2026, 11, on) if on else None)
