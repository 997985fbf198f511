"""How many Spark Ads an ad account may hold, and what that leaves (TA3).

Source: domain 2.4, TikTok's limit of 10,000 Spark Ads per Ads Manager account. The limit is passed
in, because it is TikTok's to change.
"""

from dataclasses import dataclass

from authorizations.rules.redemption import Actor, Outcome

ACCOUNT_FULL = "account_full"


@dataclass(frozen=True, slots=True)
class Room:
    """Spark Ads of one ad account: `used` as last counted, None before the first count, of `most`.

    Ads that were deleted do not count; paused and ended ones do.
    """

    used: int | None
    most: int

    @property
    def is_full(self) -> bool:
        """Whether no further Spark Ad fits. What was never counted refuses nothing."""
        return self.used is not None and self.used >= self.most

    @property
    def count(self) -> str:
        """For a person: "12 of 10,000"."""
        return f"{self.used or 0:,} of {self.most:,}"

    @property
    def words(self) -> str:
        """The count with what it counts."""
        if self.used is None:
            return f"Spark Ads not counted yet; at most {self.most:,}"
        return f"{self.count} Spark Ads"

    @property
    def sentence(self) -> str:
        """What it means for one more ad."""
        if not self.is_full:
            return "The ad account has room."
        return (
            f"The ad account has reached TikTok's limit of {self.most:,} Spark Ads. "
            "Delete ended ads first."
        )


def refusal(room: Room) -> Outcome:
    """Why a code is not redeemed in a full account: no ad could be made from it there."""
    return Outcome(
        ACCOUNT_FULL,
        None,
        f"The ad account has reached TikTok's limit of {room.most:,} Spark Ads.",
        "Delete ended ads there and try again, or use another ad account.",
        Actor.OPERATOR,
    )
