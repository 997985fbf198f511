"""What an outreach must have before it may start, by channel (AB8)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

TARGET, SHOP, EMAIL = "target", "shop", "email"
MOST_PRODUCTS = 10
LEAST_RATE, MOST_RATE = Decimal("0.01"), Decimal("0.80")
"""Bounds of a target collaboration's commission (Shop contract 8.5)."""


@dataclass(frozen=True)
class Offer:
    """What is offered. Rates are fractions; `ends_on` and `today` are days of the shop."""

    channel: str
    products: int
    rate: Decimal | None
    ends_on: date | None
    contact_email: str
    subject: str
    today: date


def why_not_offered(offer: Offer) -> tuple[str, str]:
    """(field, sentence) of the first thing that is missing; two empty texts when it is whole."""
    if offer.products > MOST_PRODUCTS:
        return "products", f"Choose at most {MOST_PRODUCTS} products."
    if offer.channel == EMAIL and not offer.subject:
        return "subject", "An e-mail needs a subject."
    if offer.channel == TARGET:
        return _of_target(offer)
    return "", ""


def _of_target(offer: Offer) -> tuple[str, str]:
    if not offer.products:
        return "products", "A target collaboration needs at least one product."
    if offer.rate is None:
        return "rate", "A target collaboration needs a commission."
    if not LEAST_RATE <= offer.rate <= MOST_RATE:
        return "rate", "TikTok takes commissions from 1 % to 80 %."
    if offer.ends_on is None or offer.ends_on <= offer.today:
        return "ends_on", "A target collaboration needs a last day after today."
    if not offer.contact_email:
        return "contact_email", "TikTok shows creators an e-mail address to ask questions at."
    return "", ""
