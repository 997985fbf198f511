"""What every rule of one shop needs beside the row itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from profit.rules.facts import Basis, FeeRules, Post, Shop, UnitCost
from profit.rules.fx import FxRates


@dataclass(frozen=True, slots=True)
class UnitCosts:
    """Dated unit costs by SKU or product."""

    versions: tuple[UnitCost, ...] = ()
    _by_item: Mapping[str, tuple[UnitCost, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_item: dict[str, list[UnitCost]] = {}
        for version in self.versions:
            by_item.setdefault(version.item_id, []).append(version)
        object.__setattr__(self, "_by_item", {key: tuple(rows) for key, rows in by_item.items()})

    def of(self, *item_ids: str | None) -> tuple[UnitCost, ...]:
        """All versions of the first of `item_ids` that has any: the SKU before its product."""
        found = (self._by_item[item] for item in item_ids if item and item in self._by_item)
        return next(found, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The shop, its rules, costs, rates and posts.

    `report_currency` is the ledger's currency. `basis` only decides which day's exchange rate a
    row gets (P27), so it makes no difference while the shop sells in the report currency.
    """

    shop: Shop
    report_currency: str
    rules: FeeRules = field(default_factory=FeeRules)
    unit_costs: UnitCosts = field(default_factory=UnitCosts)
    fx: FxRates = field(default_factory=FxRates)
    posts: Mapping[str, Post] = field(default_factory=dict)
    basis: Basis = Basis.ORDER

    def creator_of(self, post_id: str | None) -> str | None:
        post = self.posts.get(post_id) if post_id else None
        return post.creator_id if post else None
