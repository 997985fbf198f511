"""What TikTok's ROI of a GMV Max row is made of (domain 6.6, N15).

Since May 2026 some shops see an ROI after affiliate commission, coupons and platform fees. Nothing
in the answer says so; the number itself does, held against revenue by cost.
"""

from decimal import Decimal
from enum import StrEnum

ROUNDING = Decimal("0.01")
"""TikTok writes two decimals."""


class RoiDefinition(StrEnum):
    """`gross` is revenue by cost, `net` is after fees; values of different ones never compare."""

    GROSS = "gross"
    NET = "net"
    UNKNOWN = "unknown"


def roi_definition(roi: Decimal | None, cost: Decimal, revenue: Decimal) -> RoiDefinition:
    """How the `roi` of a row was reckoned; unknown where it cannot tell, as without cost or
    revenue. `cost` and `revenue` in the same currency."""
    if roi is None or cost <= 0 or revenue <= 0:
        return RoiDefinition.UNKNOWN
    gross = revenue / cost
    if abs(roi - gross) <= ROUNDING:
        return RoiDefinition.GROSS
    return RoiDefinition.NET if roi < gross else RoiDefinition.UNKNOWN
