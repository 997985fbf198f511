"""Whose the shipping is that a buyer paid (P8, domain 6.2)."""

FULFILLED_BY_TIKTOK = "FULFILLMENT_BY_TIKTOK"


def shipping_credited(market: str, fulfillment_type: str) -> bool:
    """Whether buyer-paid shipping reaches the seller: not for orders that TikTok ships in the US.

    A statement that shows otherwise decides.
    """
    return not (market.upper() == "US" and fulfillment_type == FULFILLED_BY_TIKTOK)
