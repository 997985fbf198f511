"""The platform's published rates by market (domain 6.2), to start a client's own dated rules with.

Only what a rule can estimate is listed: what statements alone show (payment processing, logistics,
programme savings) is booked when it settles. A market that is not listed has no card that could be
verified, so its people enter their own. Rates are fractions; days are inclusive.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from profit.rules.facts import CommissionBase, FeeBase

REFERRAL = "referral"
REFUND_ADMIN = "refund_admin"
OUTPUT_VAT = "output_vat"
COMMISSION = "commission"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRate:
    """One published rate of one market."""

    markets: tuple[str, ...]
    kind: str
    rate: Decimal
    effective_from: date
    source: str
    base: str = ""
    cap: Decimal | None = None


_EU = ("DE", "ES", "FR", "IT", "IE")
_UK = ("GB", "UK")
_ITEMS_AND_SHIPPING = FeeBase.ITEM_REVENUE_PLUS_SHIPPING.value

CARDS: tuple[CardRate, ...] = (
    CardRate(
        markets=("US",),
        kind=REFERRAL,
        rate=Decimal("0.06"),
        effective_from=date(2024, 4, 1),
        base=_ITEMS_AND_SHIPPING,
        source="TikTok Shop Academy, referral fee",
    ),
    CardRate(
        markets=("US",),
        kind=REFUND_ADMIN,
        rate=Decimal("0.20"),
        effective_from=date(2025, 5, 15),
        cap=Decimal("5.00"),
        source="TikTok Shop Academy, refund administration fee",
    ),
    CardRate(
        markets=_UK,
        kind=REFERRAL,
        rate=Decimal("0.05"),
        effective_from=date(2023, 1, 1),
        base=_ITEMS_AND_SHIPPING,
        source="UK commission fee before September 2024",
    ),
    CardRate(
        markets=_UK,
        kind=REFERRAL,
        rate=Decimal("0.09"),
        effective_from=date(2024, 9, 2),
        base=_ITEMS_AND_SHIPPING,
        source="UK commission fee, VAT included",
    ),
    CardRate(
        markets=_EU,
        kind=REFERRAL,
        rate=Decimal("0.05"),
        effective_from=date(2024, 12, 1),
        base=_ITEMS_AND_SHIPPING,
        source="EU commission fee before January 2026",
    ),
    CardRate(
        markets=_EU,
        kind=REFERRAL,
        rate=Decimal("0.09"),
        effective_from=date(2026, 1, 8),
        base=_ITEMS_AND_SHIPPING,
        source="EU commission fee, VAT included",
    ),
    *(
        CardRate(
            markets=markets,
            kind=OUTPUT_VAT,
            rate=Decimal(rate),
            effective_from=date(2021, 7, 1),
            source="Standard VAT rate; ask a tax adviser about reduced rates",
        )
        for markets, rate in (
            (_UK, "0.20"),
            (("DE",), "0.19"),
            (("FR",), "0.20"),
            (("ES",), "0.21"),
            (("IT",), "0.22"),
            (("IE",), "0.23"),
        )
    ),
    CardRate(
        markets=("US", *_UK, *_EU),
        kind=COMMISSION,
        rate=Decimal(1),
        effective_from=date(2021, 1, 1),
        base=CommissionBase.CUSTOMER_ITEM_PAYMENT.value,
        source="Commission on what the buyer pays for the item",
    ),
)


def cards_of(market: str) -> tuple[CardRate, ...]:
    """The published rates of a market, TikTok's region word; none when nothing was verified."""
    return tuple(card for card in CARDS if market.upper() in card.markets)
