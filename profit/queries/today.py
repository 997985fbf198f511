"""Today's fifth answer: which products made money after ad spend and commission."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, Sum

from profit.models import ProductResult


@dataclass(frozen=True)
class ProductAnswer:
    """Products by what they made. `unknown` are sold without a known unit cost: no profit shown."""

    made_money: int
    lost_money: int
    unknown: int
    cm3: dict[str, Decimal]
    as_of: date | None


def product_answers() -> dict[int, ProductAnswer]:
    """The answer per client of the open scope, in one query; cm3 is of complete products."""
    known = Q(complete=True)
    rows = (
        ProductResult.objects.values("client_id", "currency", "as_of")
        .annotate(
            made=Count("id", filter=known & Q(cm3__gt=0)),
            lost=Count("id", filter=known & Q(cm3__lte=0)),
            unknown=Count("id", filter=Q(complete=False)),
            cm3=Sum("cm3", filter=known),
        )
        .order_by("client_id", "currency")
    )
    found: dict[int, ProductAnswer] = {}
    for row in rows:
        before = found.get(row["client_id"], ProductAnswer(0, 0, 0, {}, None))
        cm3 = {**before.cm3}
        if row["cm3"] is not None:
            cm3[row["currency"]] = cm3.get(row["currency"], Decimal(0)) + row["cm3"]
        found[row["client_id"]] = ProductAnswer(
            before.made_money + row["made"],
            before.lost_money + row["lost"],
            before.unknown + row["unknown"],
            cm3,
            row["as_of"],
        )
    return found


def best_products(limit: int = 5) -> list[ProductResult]:
    """Complete products of the open client scope by what they made, best first."""
    rows = ProductResult.objects.filter(complete=True).select_related("product", "shop")
    return list(rows.order_by("-cm3", "pk")[:limit])
