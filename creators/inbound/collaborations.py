"""Open and target collaborations (Shop contract 8.4 and 8.5)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from creators.actions.rates import note_rates, rates_of
from creators.inbound.tagged import TaggedPage
from creators.models import Collaboration
from sparkops.catalog.inbound import open_shop, shop_parts
from sparkops.catalog.models import Product, Shop
from sparkops.connections.models import Connection
from sparkops.landing.merge import Counts, merge
from sparkops.landing.streams import Context, Stream, Window
from sparkops.tiktok.shop.api import ShopApi
from sparkops.tiktok.shop.collaborations import (
    OpenCollaboration,
    TargetCollaboration,
    TargetCollaborationHead,
)

# The search lists invitations by status and does not repeat it in the rows.
VALID, COMPLETED = "VALID", "COMPLETED"
OPEN = Collaboration.Kind.OPEN.value
TARGET = Collaboration.Kind.TARGET.value


def _pages(api: ShopApi, _part: str, _window: Window) -> Iterator[TaggedPage]:
    for plans in api.collaborations.open():
        yield TaggedPage(OPEN, plans)
    for valid in api.collaborations.targets(status=VALID):
        for one in valid.items:  # only the detail carries products and rates
            yield TaggedPage(VALID, api.collaborations.target(one.id))
    for ended in api.collaborations.targets(status=COMPLETED):
        yield TaggedPage(COMPLETED, ended)


def load_collaborations(rows: Sequence[tuple[str, Any]], context: Context) -> Counts:
    """Plans of both kinds; rates are fractions (0.15 is 15 %)."""
    shop = Shop.objects.get(shop_id=context.part)
    products = _products(one for _, one in rows)
    plans: dict[str, list[dict[str, Any]]] = {OPEN: [], VALID: [], COMPLETED: []}
    for asked_for, one in rows:
        if asked_for == OPEN:
            plans[OPEN].append(_open_row(one, shop, products))
        else:
            row = _target_row(one, shop, asked_for)
            terms = _target_terms(one, products) if asked_for == VALID else {}
            plans[asked_for].append(row | terms)
    counts = Counts()
    for group in plans.values():
        before = rates_of(group)
        counts += merge(Collaboration, group, key=["kind", "collaboration_id"])
        note_rates(before, now=context.now)
    return counts


def _products(rows: Iterable[Any]) -> dict[str, int]:
    named: set[str] = set()
    for one in rows:
        if isinstance(one, OpenCollaboration):
            named |= {one.product.id} if one.product else set()
        elif isinstance(one, TargetCollaboration):
            named |= {product.id for product in one.products}
    return dict(Product.objects.filter(product_id__in=named).values_list("product_id", "pk"))


def _open_row(one: OpenCollaboration, shop: Shop, products: dict[str, int]) -> dict[str, Any]:
    commission = one.current_commission
    return {
        "shop_id": shop.pk,
        "kind": OPEN,
        "collaboration_id": one.id,
        "name": one.product.title[:200] if one.product else "",
        "status": one.status,
        "product_id": products.get(one.product.id) if one.product else None,
        "product_ids": [one.product.id] if one.product else [],
        "creator_count": one.showcase_creator_count,
        "standard_rate": commission.rate if commission else None,
        "starts_at": commission.start_time if commission else None,
        "ends_at": commission.end_time if commission else None,
    }


def _target_row(one: TargetCollaborationHead, shop: Shop, status: str) -> dict[str, Any]:
    return {
        "shop_id": shop.pk,
        "kind": TARGET,
        "collaboration_id": one.id,
        "name": one.name[:200],
        "status": status,
        "creator_count": one.creator_invited_count,
        "starts_at": one.start_time or one.create_time,
        "ends_at": one.end_time,
    }


def _target_terms(one: TargetCollaboration, products: dict[str, int]) -> dict[str, Any]:
    """Product and rates where the plan has one of each; a plan of many says none of its own."""
    rates = {product.commission.rate for product in one.products if product.commission}
    shop_ads = {
        product.commission.shop_ads_commission_rate
        for product in one.products
        if product.commission
    }
    ids = {products.get(product.id) for product in one.products}
    return {
        "product_id": ids.pop() if len(ids) == 1 else None,
        "product_ids": [product.id for product in one.products],
        "standard_rate": rates.pop() if len(rates) == 1 else None,
        "shop_ads_rate": shop_ads.pop() if len(shop_ads) == 1 else None,
    }


COLLABORATIONS = Stream(
    name="collaborations",
    label="Collaborations",
    kind=Connection.Kind.SHOP,
    every=timedelta(hours=1),
    parts=shop_parts,
    open=open_shop,
    pages=_pages,
    load=load_collaborations,
    first=None,
)
