"""What becomes of samples: delivery, the due day, the post made with it, the state."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from creators.models import Sample
from creators.rules.samples import OPEN, SampleState, due_day, state_of
from sparkops.catalog.models import Shop
from sparkops.clock import shop_day

_MOVING = (*OPEN, SampleState.UNKNOWN)


def note_deliveries(delivered: Mapping[str, datetime], *, shop: Shop) -> int:
    """Deliveries of sample orders (order id to moment); the post is due 14 days later.

    The day is the shop's. Returns how many samples changed.
    """
    changed = []
    for sample in Sample.objects.filter(order_id__in=delivered):
        moment = delivered[sample.order_id]
        if sample.delivered_at != moment:
            sample.delivered_at = moment
            sample.due_on = due_day(shop_day(moment, shop.timezone))
            changed.append(sample)
    return Sample.objects.bulk_update(changed, ["delivered_at", "due_on"])


def settle_states(*, shop: Shop, now: datetime) -> int:
    """Bring the state of every sample that can still move up to now; returns how many changed.

    The day is that of the product's shop; a sample without a known product takes `shop`'s.
    """
    changed = []
    for sample in Sample.objects.filter(state__in=_MOVING).select_related("product__shop"):
        zone = sample.product.shop.timezone if sample.product else shop.timezone
        if _settle(sample, shop_day(now, zone)):
            changed.append(sample)
    return Sample.objects.bulk_update(changed, ["state"], batch_size=1_000)


def _settle(sample: Sample, today: Any) -> bool:
    before = sample.state
    sample.state = state_of(
        sample.status,
        sample.fulfillment_status,
        posted=sample.post_id is not None,
        due_on=sample.due_on,
        today=today,
    ).value
    return sample.state != before
