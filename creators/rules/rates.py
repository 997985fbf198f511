"""What a change of a commission rate means, and whether it needs a second look (TS4)."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from sparkops.money import round_money

LEAST, MOST = Decimal("0.01"), Decimal("0.80")
"""Bounds of a commission at TikTok: 1 % to 80 % (contract 8.5)."""
EXPIRES_WITHIN = timedelta(days=14)
"""Ads of mass-authorized posts stop with the plan; people see it so long before (domain 2.4)."""


@dataclass(frozen=True)
class Bearing:
    """What profit says a product can bear, over its orders of 30 days. `unit_margin` is what a
    unit leaves before ads in `currency`, `gmv` what it sells for; `most` the share of gmv at which
    nothing is left. None where a unit cost is missing."""

    currency: str
    unit_margin: Decimal | None = None
    break_even_roas: Decimal | None = None
    most: Decimal | None = None

    @property
    def gmv(self) -> Decimal | None:
        """Break-even ROAS is gmv over margin, so their product is the gmv of a unit."""
        if self.unit_margin is None or self.break_even_roas is None:
            return None
        return round_money(self.unit_margin * self.break_even_roas, self.currency)


@dataclass(frozen=True)
class Effect:
    """What one more unit sold under the plan leaves before ads, before and after, as a share of
    its gmv; and the change in money of one unit (below zero: less is left). None when unknown."""

    share_before: Decimal | None
    share_after: Decimal | None
    per_unit: Decimal | None
    loses: bool


def effect_of(before: Decimal | None, after: Decimal, bearing: Bearing) -> Effect:
    """The effect of a new rate on one product. Rates are fractions of gmv."""
    most, gmv = bearing.most, bearing.gmv
    change = None if before is None else before - after
    return Effect(
        share_before=None if most is None or before is None else most - before,
        share_after=None if most is None else most - after,
        per_unit=None
        if gmv is None or change is None
        else round_money(gmv * change, bearing.currency),
        loses=most is not None and after > most,
    )


def needs_approval(pairs: list[tuple[Decimal | None, Decimal | None]], limit: Decimal) -> bool:
    """Whether one of the (before, after) rates moves by more than `limit`; a first rate counts
    from zero. A rate that is not changed has no after."""
    return any(
        after is not None and abs(after - (before or Decimal(0))) > limit for before, after in pairs
    )


def why_not_rate(rate: Decimal) -> str:
    """ "" for a rate that TikTok takes, else why not."""
    if LEAST <= rate <= MOST:
        return ""
    return "A commission is between 1 % and 80 %."


def hundredths(rate: Decimal) -> int:
    """A fraction in TikTok's hundredths of a percent: 0.15 is 1500."""
    return int(rate * 10_000)
