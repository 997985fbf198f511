"""How many creators each channel may reach per minute (AB8), and how invitations are cut."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TypeVar

from sparkops.outreach.rules.offers import EMAIL, SHOP, TARGET

PER_MINUTE = {TARGET: 250, SHOP: 60, EMAIL: 100}
MINUTE = timedelta(minutes=1)
MOST_INVITED = 50
"""Creators in one invitation: TikTok takes fifty (Shop contract 8.5), fewer than AB8 allows."""

Item = TypeVar("Item")


def allowance(channel: str, sent_last_minute: int) -> int:
    """How many more may be put on their way now."""
    return max(0, PER_MINUTE[channel] - sent_last_minute)


def chunks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Recipients as invitations hold them."""
    return (items[at : at + MOST_INVITED] for at in range(0, len(items), MOST_INVITED))
