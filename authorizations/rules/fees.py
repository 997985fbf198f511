"""Whether a code may be redeemed before its fee is paid (N9), and the steps of a fee."""

from enum import StrEnum


class FeeState(StrEnum):
    """The words of `Fee.State`."""

    AGREED = "agreed"
    DUE = "due"
    PAID = "paid"
    FROZEN = "frozen"


HELD = "The code is held until its fee is paid."


def is_held(fee_state: str | None, *, hold_until_paid: bool) -> bool:
    """Whether a code waits. Without a recorded fee it waits as well: nobody has said that none is
    due, and a code that is redeemed cannot be given back."""
    return hold_until_paid and fee_state != FeeState.PAID


def refusal_to_pay(state: str) -> str:
    """Why a fee in this state cannot be marked paid, "" when it can."""
    if state == FeeState.FROZEN:
        return "The fee is frozen by a case on the post. Settle the case first."
    return "The fee is marked as paid already." if state == FeeState.PAID else ""
