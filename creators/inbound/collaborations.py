"""Open and target collaborations (Shop contract 8.4 and 8.5)."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from creators.models import Collaboration
from sparkops.catalog.inbound import open_shop, shop_parts
from sparkops.catalog.models import Product, Shop
from sparkops.connections.models import Connection
from sparkops.landing.merge import Counts, merge
from sparkops.landing.streams import Context, Stream, Window
from sparkops.tiktok.shop.api import ShopApi
from sparkops.tiktok.shop.collaborations import OpenCollaboration, TargetCollaborationHead

# The search lists invitations by status and does not repeat it in the rows.
VALID = "VALID"


def _pages(api: ShopApi, _part: str, _window: Window) -> Iterator[Any]:
    yield from api.collaborations.open()
    yield from api.collaborations.targets(status=VALID)


def load_collaborations(rows: Sequence[Any], context: Context) -> Counts:
    """Plans of both kinds; rates are fractions."""
    shop = Shop.objects.get(shop_id=context.part)
    named = [one.product.id for one in rows if isinstance(one, OpenCollaboration) and one.product]
    products = dict(Product.objects.filter(product_id__in=named).values_list("product_id", "pk"))
    return merge(
        Collaboration,
        [
            _open_row(one, shop, products)
            if isinstance(one, OpenCollaboration)
            else _target_row(one, shop)
            for one in rows
        ],
        key=["kind", "collaboration_id"],
    )


def _open_row(one: OpenCollaboration, shop: Shop, products: dict[str, int]) -> dict[str, Any]:
    commission = one.current_commission
    return {
        "shop_id": shop.pk,
        "kind": Collaboration.Kind.OPEN.value,
        "collaboration_id": one.id,
        "name": one.product.title[:200] if one.product else "",
        "status": one.status,
        "product_id": products.get(one.product.id) if one.product else None,
        "standard_rate": commission.rate if commission else None,
        "starts_at": commission.start_time if commission else None,
        "ends_at": commission.end_time if commission else None,
    }


def _target_row(one: TargetCollaborationHead, shop: Shop) -> dict[str, Any]:
    return {
        "shop_id": shop.pk,
        "kind": Collaboration.Kind.TARGET.value,
        "collaboration_id": one.id,
        "name": one.name[:200],
        "status": VALID,
        "product_id": None,
        "standard_rate": None,
        "starts_at": one.start_time or one.create_time,
        "ends_at": one.end_time,
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
