"""N15: which definition of ROI a number of GMV Max came with."""

from decimal import Decimal

import pytest

from campaigns.rules.roi import roi_definition


@pytest.mark.parametrize(
    ("roi", "cost", "revenue", "expected"),
    [
        ("3.50", "10.00", "35.00", "gross"),
        # 10 / 3 is 3.333…, which TikTok writes with two decimals, up or down.
        ("3.33", "3.00", "10.00", "gross"),
        ("3.34", "3.00", "10.00", "gross"),
        # Commission, coupons and fees are taken off first.
        ("2.10", "10.00", "35.00", "net"),
        ("-0.40", "10.00", "35.00", "net"),
        # More than revenue by cost is neither.
        ("4.00", "10.00", "35.00", "unknown"),
        ("0.00", "0.00", "35.00", "unknown"),
        ("0.00", "10.00", "0.00", "unknown"),
        (None, "10.00", "35.00", "unknown"),
    ],
)
def test_n15_the_number_tells_how_it_was_reckoned(
    roi: str | None, cost: str, revenue: str, expected: str
) -> None:
    """N15: since May 2026 some shops see an ROI after fees, and no field says so."""
    told = None if roi is None else Decimal(roi)
    assert roi_definition(told, Decimal(cost), Decimal(revenue)) == expected
