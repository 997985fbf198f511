"""The rules a client starts with."""

from profit.models import FeeRule
from profit.rules.rate_cards import cards_of
from sparkops.catalog.models import Shop


def seed_fee_rules() -> int:
    """Give every market of the open scope that has no fee rules yet the published ones.

    Returns how many rules were made. A client's own changes are never touched.
    """
    known = set(FeeRule.objects.values_list("market", flat=True).distinct())
    markets = set(Shop.objects.values_list("market", flat=True)) - known
    rules = [
        FeeRule(
            market=market,
            kind=card.kind,
            rate=card.rate,
            cap=card.cap,
            base=card.base,
            effective_from=card.effective_from,
            source=card.source,
        )
        for market in sorted(markets)
        for card in cards_of(market)
    ]
    FeeRule.objects.bulk_create(rules, ignore_conflicts=True)
    return len(rules)
