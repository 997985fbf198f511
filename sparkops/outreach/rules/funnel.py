"""The funnel of outreach: contacted, replied, accepted, sampled, posted, sold (AB10)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

STAGES = ("contacted", "replied", "accepted", "sampled", "posted", "sold")


@dataclass(frozen=True)
class Journey:
    """What one creator did after the first message of an outreach.

    Accepted: asked for a sample, or posted. Sampled: a sample was sent. Posted: published a post
    with a product of the client. Sold: such a post brought an order. `costs` are the unit costs of
    the samples sent, (amount, currency); `unpriced` counts samples whose cost is not known.
    """

    replied: bool = False
    sampled: bool = False
    asked: bool = False
    posted: bool = False
    sold: bool = False
    costs: tuple[tuple[Decimal, str], ...] = ()
    unpriced: int = 0

    def reached(self, stage: str) -> bool:
        """Whether the creator came as far as `stage`; a later stage does not imply a reply."""
        return {
            "contacted": True,
            "replied": self.replied,
            "accepted": self.asked or self.sampled or self.posted,
            "sampled": self.sampled,
            "posted": self.posted,
            "sold": self.sold,
        }[stage]


@dataclass(frozen=True)
class Funnel:
    """Creators per stage in the order of `STAGES`. `cost` per currency is that of the samples;
    activated are the creators who posted."""

    counts: tuple[int, ...]
    cost: dict[str, Decimal]
    unpriced: int

    def rate(self, stage: str) -> Decimal | None:
        """The share of the contacted who came as far; None when nobody was contacted."""
        contacted = self.counts[0]
        return Decimal(self.counts[STAGES.index(stage)]) / contacted if contacted else None

    @property
    def activated(self) -> int:
        """Creators who posted."""
        return self.counts[STAGES.index("posted")]

    @property
    def cost_per_activated(self) -> dict[str, Decimal]:
        """Cost of samples per creator who posted, by currency; empty while nobody did."""
        if not self.activated:
            return {}
        return {currency: amount / self.activated for currency, amount in self.cost.items()}


def funnel_of(journeys: Iterable[Journey]) -> Funnel:
    """Add up; amounts of different currencies stay apart."""
    rows: Sequence[Journey] = list(journeys)
    cost: dict[str, Decimal] = {}
    for row in rows:
        for amount, currency in row.costs:
            cost[currency] = cost.get(currency, Decimal(0)) + amount
    return Funnel(
        counts=tuple(sum(row.reached(stage) for row in rows) for stage in STAGES),
        cost=cost,
        unpriced=sum(row.unpriced for row in rows),
    )


def days_before(first: date, last: date) -> tuple[date, date]:
    """The days to compare with: as many, right before `first` to `last`, both included."""
    return first - (last - first) - timedelta(days=1), first - timedelta(days=1)
