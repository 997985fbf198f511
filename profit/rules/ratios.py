"""Ratios over a P&L (6.5). Without a valid denominator a ratio is None, never zero."""

from dataclasses import dataclass
from decimal import Decimal

from profit.rules.pnl import Pnl
from sparkops.money import ratio, round_money


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratios:
    """4 decimals each; `max_cpa` is money in the P&L's currency."""

    blended_roas: Decimal | None
    break_even_roas: Decimal | None
    mer: Decimal | None
    max_cpa: Decimal | None
    cm3_margin: Decimal | None


def ratios(pnl: Pnl, orders: int) -> Ratios:
    """6.5 for the same orders that `pnl` covers; `orders` counts baskets, samples excluded."""
    marketing = pnl.net_ad_cost + pnl.affiliate_commission + pnl.creator_fees + pnl.sample_cost
    return Ratios(
        blended_roas=ratio(pnl.gmv, pnl.ad_spend),
        break_even_roas=ratio(pnl.gmv, pnl.cm_before_ads),
        mer=ratio(pnl.gmv, marketing),
        max_cpa=max_cpa(pnl.cm_before_ads, orders, pnl.currency),
        cm3_margin=ratio(pnl.cm3, pnl.net_revenue),
    )


def max_cpa(cm_before_ads: Decimal, orders: int, currency: str) -> Decimal | None:
    """6.5: what one order may cost in ads; None without orders or without a margin to spend."""
    if orders <= 0 or cm_before_ads <= 0:
        return None
    return round_money(cm_before_ads / orders, currency)


def max_commission_rate(pnl: Pnl) -> Decimal | None:
    """PD11: the share of gmv that creators may earn before cm_before_ads is gone; 4 decimals.

    None without gmv or when nothing is left after platform and logistics.
    """
    return ratio(pnl.cm2, pnl.gmv) if pnl.cm2 > 0 else None


def target_roas(gmv: Decimal, cm_before_ads: Decimal, wanted_margin: Decimal) -> Decimal | None:
    """6.5: the ROAS that leaves `wanted_margin` of gmv as cm3; None when nothing can."""
    return ratio(gmv, cm_before_ads - wanted_margin * gmv)
