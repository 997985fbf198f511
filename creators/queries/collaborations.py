"""Reads of collaborations and changes of their rates."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from creators.models import Collaboration, RateChange, RatePolicy
from creators.rules.rates import EXPIRES_WITHIN, Bearing
from sparkops.catalog.models import Product, ProductTarget

COLLABORATION_VIEWS = ("", "open", "target", "expiring", "changes", "ended")
ENDED = ("COMPLETED", "CANCELED", "ENDED")
OPEN_CHANGES = (RateChange.State.PROPOSED, RateChange.State.GOING, RateChange.State.BY_HAND)


def collaborations_of_view(view: str, now: datetime) -> QuerySet[Collaboration]:
    """The rows behind a tab: running ones, open, target, those that end within 14 days, those with
    a change under way, and ended ones."""
    changing = RateChange.objects.filter(collaboration=OuterRef("pk"), state__in=OPEN_CHANGES)
    rows = Collaboration.objects.select_related("product", "shop").annotate(
        changing=Exists(changing)
    )
    over = Q(status__in=ENDED) | Q(ends_at__lte=now)
    if view == "ended":
        return rows.filter(over)
    asked = {
        "open": Q(kind=Collaboration.Kind.OPEN),
        "target": Q(kind=Collaboration.Kind.TARGET),
        "expiring": Q(ends_at__lte=now + EXPIRES_WITHIN),
        "changes": Q(changing=True),
    }
    return rows.exclude(over).filter(asked.get(view, Q()))


def find_collaborations(
    rows: QuerySet[Collaboration], values: Mapping[str, Any]
) -> QuerySet[Collaboration]:
    """Apply the list's filters. `q` are words of a name or product, or an id."""
    if word := values.get("q", "").strip():
        named = Q(name__icontains=word) | Q(product__title__icontains=word)
        rows = rows.filter(named | Q(collaboration_id=word))
    return rows


def products_of(plan: Collaboration) -> list[Product]:
    """The plan's products that are known here, by title."""
    return list(Product.objects.filter(product_id__in=plan.product_ids).order_by("title", "pk"))


def bearings(products: Sequence[Product]) -> dict[int, Bearing]:
    """What profit says each product (own id) can bear, by its newest target. One query."""
    newest = ProductTarget.objects.filter(product__in=products).order_by("product_id", "-as_of")
    return {
        one.product_id: Bearing(
            one.currency, one.unit_margin, one.break_even_roas, one.max_commission_rate
        )
        for one in newest.distinct("product_id")
    }


def rate_policy() -> RatePolicy:
    """The client's limit, or the default, unsaved, while nobody has decided."""
    return RatePolicy.objects.first() or RatePolicy()


def changes_of(plan: Collaboration, limit: int = 20) -> list[RateChange]:
    """Changes of the plan's rates, newest first."""
    return list(RateChange.objects.filter(collaboration=plan).order_by("-pk")[:limit])


def open_change(plan: Collaboration) -> RateChange | None:
    """The change that is under way."""
    return RateChange.objects.filter(collaboration=plan, state__in=OPEN_CHANGES).first()
