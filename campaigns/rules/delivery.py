"""What a launch may be optimized for, how that is paid, and where it shows (contract 6.3)."""

from dataclasses import dataclass
from decimal import Decimal

GOALS = {
    "VIDEO_VIEWS": {"ENGAGED_VIEW": "CPV", "ENGAGED_VIEW_FIFTEEN": "CPV"},
    "TRAFFIC": {"CLICK": "CPC", "TRAFFIC_LANDING_PAGE_VIEW": "OCPM"},
    "REACH": {"REACH": "CPM"},
}
"""Goals of each objective, the usual one first, and the event that each is billed by."""
TIKTOK = "tiktok"
EVERYWHERE = "automatic"


@dataclass(frozen=True, slots=True)
class Delivery:
    """How an ad group is run. `bid` is in the ad account's currency, None for no bid."""

    goal: str
    bid: Decimal | None = None
    placement: str = TIKTOK

    @property
    def is_conversion_bid(self) -> bool:
        """Whether TikTok takes the bid as one per conversion."""
        return any(billed.get(self.goal) == "OCPM" for billed in GOALS.values())


def usual(objective: str) -> Delivery:
    """How an objective is run when nobody says otherwise."""
    return Delivery(next(iter(GOALS[objective])))
