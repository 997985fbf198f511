"""What a launch may cost by profit's published bounds (PD11)."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from campaigns.rules.launch import Check

LEAST_ORDERS = 10
"""Fewer orders than this say nothing of what an order costs."""
ONE_DECIMAL = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Bounds:
    """The tightest of the products: the highest break-even ROAS, and the lowest cost of an order
    in one currency; None where profit published nothing."""

    break_even_roas: Decimal | None = None
    max_cpa: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Bid:
    """A bid for an event (a view, a click, a thousand views) in the account's currency, and how
    many orders and how many such events the post has had."""

    amount: Decimal
    currency: str
    orders: int
    events: Decimal


def least_target(break_even: Decimal) -> Decimal:
    """The lowest ROI target of one decimal that loses nothing."""
    return break_even.quantize(ONE_DECIMAL, ROUND_CEILING)


def target_check(target: Decimal, bounds: Bounds) -> Check:
    """Whether a target ROAS reaches break-even."""
    needed = bounds.break_even_roas
    if needed is None:
        return Check(
            "break_even",
            f"{target}",
            "not published",
            False,
            "Profit has published no break-even for these products. Enter their unit costs.",
            blocking=False,
        )
    passed = target >= needed
    sentence = (
        "The target is at or above break-even."
        if passed
        else f"A target ROAS of {target} loses money: break-even is at {needed:.2f}."
        f" Set it to {least_target(needed)} or more."
    )
    return Check("break_even", f"{target}", f"at least {needed:.2f}", passed, sentence)


def cost_check(bid: Bid, bounds: Bounds) -> Check | None:
    """Whether an order may cost what the bid leads to expect from the post's own orders; None when
    too little is known, or in another currency."""
    if bounds.max_cpa is None or bounds.currency != bid.currency or bid.orders < LEAST_ORDERS:
        return None
    expected = bid.amount * bid.events / bid.orders
    most = (bounds.max_cpa * bid.orders / bid.events).quantize(Decimal("0.001"), ROUND_FLOOR)
    passed = expected <= bounds.max_cpa
    sentence = (
        "An order may cost that much."
        if passed
        else f"With a bid of {bid.amount.normalize():f} {bid.currency} an order is expected to cost"
        f" {expected:.2f} {bid.currency}, and {bounds.max_cpa:.2f} {bid.currency} is the most."
        f" Bid {most} {bid.currency} at most."
    )
    told = f"at most {bounds.max_cpa:.2f} {bid.currency}"
    return Check("order_cost", f"{expected:.2f} {bid.currency}", told, passed, sentence)
