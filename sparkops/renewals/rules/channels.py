"""Which way a message takes: as a message of the shop, as an e-mail, or by a person's hand."""

from dataclasses import dataclass

SHOP, EMAIL, COPY = "shop", "email", "copy"


@dataclass(frozen=True, slots=True)
class Reach:
    """What is known of a creator's addresses. `has_shop`: a shop may write to them."""

    creator_id: str
    email: str
    has_shop: bool


def channels_of(reach: Reach) -> tuple[str, ...]:
    """The ways to a creator, the best first; the last is always by hand."""
    ways = []
    if reach.creator_id and reach.has_shop:
        ways.append(SHOP)
    if reach.email:
        ways.append(EMAIL)
    return (*ways, COPY)


def after(channel: str, reach: Reach) -> str:
    """The next way when TikTok or the mail server refused one."""
    ways = channels_of(reach)
    if channel not in ways:
        return ways[0]
    return ways[min(ways.index(channel) + 1, len(ways) - 1)]


def why_by_hand(reach: Reach) -> str:
    """Why nothing can be sent for a person."""
    if reach.creator_id and not reach.has_shop:
        return "No connected shop may send messages, and no e-mail address is known. Copy the text."
    return "Neither a TikTok id nor an e-mail address of the creator is known. Copy the text."
