"""Target collaborations: invitations to named creators (contract 8.5)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from sparkops.sandbox.world import (
    Creator,
    Product,
    TargetCollaboration,
    TargetCreator,
    TargetProduct,
)

from . import errors, fields, outreach, paging, products
from .creators import avatar_url
from .gate import Call
from .values import amount, basis_points, seconds

PAGE_SIZES = (20, 50, 100)
STATUSES = ("ONGOING", "EXPIRING", "VALID", "CANCELING", "COMPLETED")
KEYWORD_TYPES = (
    "PRODUCT_ID",
    "PRODUCT_NAME",
    "TARGET_COLLABORATION_ID",
    "TARGET_COLLABORATION_NAME",
)
MOST_PRODUCTS, MOST_CREATORS = 100, 50
LEAST_RATE, MOST_RATE = 100, 8000
EXPIRING_WITHIN = timedelta(days=7)


def search(call: Call) -> dict[str, Any]:
    size = fields.exact_page_size(call.query, PAGE_SIZES)
    found = [plan for plan in _own(call) if _matches(call, plan)]
    shown, token = paging.page(
        found,
        size=size,
        token=fields.page_token(call.query),
        query=call.page_key(),
        position=lambda plan: (seconds(plan.created_at), plan.id),
        descending=True,
    )
    return {
        "total_count": len(found),
        "next_page_token": token,
        "target_collaborations": [_summary(call, plan) for plan in shown],
    }


def detail(call: Call) -> dict[str, Any]:
    plan = own_plan(call)
    return {
        "target_collaboration": {
            "id": plan.id,
            "name": plan.name,
            "message": plan.message,
            "type": "STANDARD",
            "start_time": seconds(plan.created_at),
            "end_time": seconds(plan.ends_at),
            "update_time": seconds(plan.updated_at),
            **_counts(call, plan, "creator_invited_count"),
            "seller_contact_info": {"email": plan.contact_email},
            "free_sample_rule": _sample_rule(plan),
            "products": [_product(call, plan, one) for one in present(plan.products, call.now)],
            "creators": [_creator(call, plan, one) for one in present(plan.creators, call.now)],
        }
    }


def create(call: Call) -> dict[str, Any]:
    """Invites creators for products. Pairs invited elsewhere come back as conflicts, code 0."""
    body = call.body
    name = fields.text(body, "name", required=True)
    ends_at = end_of(call)
    rows = fields.objects(body, "products", most=MOST_PRODUCTS)
    open_ids = fields.texts(body, "creator_user_open_ids", most=MOST_CREATORS)
    if not rows:
        raise errors.missing_field("products")
    if not open_ids:
        raise errors.missing_field("creator_user_open_ids")
    offers = [_offer(row) for row in rows]
    known = [one for one in offers if products.own(call, one.product_id)]
    creators = [one for text in open_ids if (one := call.world.creator_by_open_id(text))]
    conflicts = conflicts_of(call, creators, known)
    free = [
        creator
        for creator in creators
        if any((creator.open_id, one.product_id) not in conflicts for one in known)
    ]
    answer = {
        "target_collaboration_conflicts": [
            {"creator_user_open_id": open_id, "product_id": product_id}
            for open_id, product_id in conflicts
        ],
        "invalid_open_id_list": sorted(set(open_ids) - {one.open_id for one in creators}),
        "invalid_product_id_list": sorted(
            {one.product_id for one in offers} - {one.product_id for one in known}
        ),
    }
    if not free:
        return {"target_collaboration": {"id": ""}, **answer}
    outreach.contact(call, free)
    plan = TargetCollaboration(
        id=call.world.new_id("target_collaboration"),
        shop_id=call.shop.id,
        name=name,
        message=fields.text(body, "message"),
        created_at=call.now,
        updated_at=call.now,
        ends_at=ends_at,
        products=known,
        creators=[TargetCreator(creator.id, call.now) for creator in free],
        contact_email=fields.text(fields.child(body, "seller_contact_info"), "email"),
        has_free_sample=fields.flag(
            fields.child(body, "free_sample_rule"), "has_free_sample", default=False
        ),
        sample_approval_exempt=fields.flag(
            fields.child(body, "free_sample_rule"), "is_sample_approval_exempt", default=False
        ),
    )
    call.world.target_collaborations[plan.id] = plan
    return {"target_collaboration": {"id": plan.id}, **answer}


def link(call: Call) -> dict[str, Any]:
    """The address that opens the acceptance flow."""
    plan = own_plan(call)
    return {"link": f"https://affiliate.sandbox.example/target_collaboration/{plan.id}"}


def check_conflicts(call: Call) -> dict[str, Any]:
    """Which creators already hold an invitation for which products."""
    open_ids = fields.texts(call.body, "creator_open_id_list", most=MOST_CREATORS)
    product_ids = fields.texts(call.body, "product_id_list", most=MOST_PRODUCTS)
    items = [
        {
            "creator_open_id": call.world.creators[invited.creator_id].open_id,
            "product_id": offer.product_id,
            "existing_collaboration_id": plan.id,
        }
        for plan, invited, offer in invitations(call)
        if call.world.creators[invited.creator_id].open_id in open_ids
        and offer.product_id in product_ids
    ]
    return {"has_conflict": bool(items), "conflict_items": items}


def promotion_details(call: Call) -> dict[str, Any]:
    """What each invited creator did with each product; wrapped twice, times in milliseconds."""
    plan_id = fields.text(call.body, "target_collaboration_id", required=True)
    size = fields.whole_number(call.body, "page_size") or 20
    plan = call.world.target_collaborations.get(plan_id)
    if plan is None or plan.shop_id != call.shop.id:
        raise errors.not_found("target collaboration")
    rows = [
        {
            "creator_open_id": call.world.creators[invited.creator_id].open_id,
            "username": call.world.creators[invited.creator_id].handle,
            "product_id": offer.product_id,
            "content_count": str(_contents(call, invited.creator_id, offer.product_id)),
            "invite_time": str(seconds(invited.invited_at) * 1000),
            "accept_time": str(seconds(invited.accepted_at) * 1000),
        }
        for invited in plan.creators
        for offer in plan.products
    ]
    return {"data": {"creator_promotion_details": rows[:size], "total_count": len(rows)}}


def _own(call: Call) -> Iterator[TargetCollaboration]:
    for plan in call.world.target_collaborations.values():
        if plan.shop_id == call.shop.id and plan.created_at <= call.now:
            yield plan


def own_plan(call: Call) -> TargetCollaboration:
    """The plan named in the path. Raises ShopError 45101003."""
    plan = next((one for one in _own(call) if one.id == call.params["id"]), None)
    if plan is None:
        raise errors.not_found("target collaboration")
    return plan


def _matches(call: Call, plan: TargetCollaboration) -> bool:
    body = call.body
    status = fields.text(body, "collaboration_status")
    if status and status not in STATUSES:
        raise errors.invalid_field("collaboration_status", f"must be of {', '.join(STATUSES)}")
    accepted = fields.text(body, "creator_accept_status") or "ALL"
    sample = fields.text(body, "free_sample_setting") or "ALL"
    open_id = fields.text(body, "creator_user_open_id")
    invited = {call.world.creators[one.creator_id].open_id for one in plan.creators}
    return (
        (not status or status in _statuses(plan, call.now))
        and (accepted == "ALL" or any(_accepted(one, call.now) for one in plan.creators))
        and (sample == "ALL" or plan.has_free_sample)
        and (not open_id or open_id in invited)
        and _fits_keyword(call, plan)
    )


def _statuses(plan: TargetCollaboration, now: datetime) -> tuple[str, ...]:
    if plan.removed_at and plan.ends_at > now:
        return ("CANCELING",) if plan.removed_at > now else ("COMPLETED",)
    if plan.ends_at <= now:
        return ("COMPLETED",)
    soon = plan.ends_at - now < EXPIRING_WITHIN
    return ("EXPIRING", "VALID") if soon else ("ONGOING", "VALID")


def _fits_keyword(call: Call, plan: TargetCollaboration) -> bool:
    wish = fields.child(call.body, "search_param")
    keyword = fields.text(wish, "keyword").lower()
    if not keyword:
        return True
    kind = fields.text(wish, "keyword_type", required=True)
    if kind not in KEYWORD_TYPES:
        raise errors.invalid_field("keyword_type", f"must be of {', '.join(KEYWORD_TYPES)}")
    offered = [call.world.products[one.product_id] for one in plan.products]
    return {
        "PRODUCT_ID": any(one.id == keyword for one in offered),
        "PRODUCT_NAME": any(keyword in one.title.lower() for one in offered),
        "TARGET_COLLABORATION_ID": plan.id == keyword,
        "TARGET_COLLABORATION_NAME": keyword in plan.name.lower(),
    }[kind]


def _summary(call: Call, plan: TargetCollaboration) -> dict[str, Any]:
    return {
        "id": plan.id,
        "name": plan.name,
        "type": "STANDARD",
        "start_time": seconds(plan.created_at),
        "end_time": seconds(plan.ends_at),
        "update_time": seconds(plan.updated_at),
        **_counts(call, plan, "creator_inivited_count"),
        "free_sample_rule": _sample_rule(plan),
    }


def _counts(call: Call, plan: TargetCollaboration, invited: str) -> dict[str, int]:
    """Counts of a plan; the list spells the first one differently from the detail."""
    creators, offers = present(plan.creators, call.now), present(plan.products, call.now)
    accepted = [one for one in creators if _accepted(one, call.now)]
    posted = [
        one
        for one in creators
        if any(_contents(call, one.creator_id, offer.product_id) for offer in offers)
    ]
    return {
        invited: len(creators),
        "showcase_creator_count": len(accepted),
        "content_creator_count": len(posted),
        "product_count": len(offers),
    }


def _sample_rule(plan: TargetCollaboration) -> dict[str, bool]:
    return {
        "has_free_sample": plan.has_free_sample,
        "is_sample_approval_exempt": plan.sample_approval_exempt,
    }


def _product(call: Call, plan: TargetCollaboration, offer: TargetProduct) -> dict[str, Any]:
    product = call.world.products[offer.product_id]
    rate, ads_rate = current_rate(offer, call.now), offer.shop_ads_rate
    prices = [sku.price for sku in product.skus]
    commission: dict[str, Any] = {"rate": basis_points(rate)}
    if ads_rate is not None:
        commission["shop_ads_commission_rate"] = basis_points(ads_rate)
    return {
        "id": product.id,
        "title": product.title,
        "main_image_url": product.image_url,
        "status": _product_status(product),
        "collaboration_status": "DELETING" if plan.removed_at or offer.removed_at else "NORMAL",
        "commission_effective_status": "EFFECTIVE_ALL",
        "original_price": {
            "currency": call.shop.currency,
            "minimum_amount": amount(min(prices)),
            "maximum_amount": amount(max(prices)),
        },
        "commission": commission
        | {
            "effective_time": str(seconds(plan.created_at)),
            "currency": call.shop.currency,
            "minimum_amount": amount(min(prices) * rate),
            "maximum_amount": amount(max(prices) * rate),
        },
    }


def current_rate(offer: TargetProduct, now: datetime) -> Decimal:
    """The standard rate in force; a lowered one counts from the next midnight on."""
    if offer.next_rate is not None and offer.next_rate_at and offer.next_rate_at <= now:
        return offer.next_rate
    return offer.rate


def _creator(call: Call, plan: TargetCollaboration, one: TargetCreator) -> dict[str, Any]:
    creator = call.world.creators[one.creator_id]
    made = [offer for offer in plan.products if _contents(call, one.creator_id, offer.product_id)]
    return {
        "creator_open_id": creator.open_id,
        "username": creator.handle,
        "nickname": creator.display_name,
        "avatar": {"url": avatar_url(creator)},
        "selection_region": creator.market,
        "collaboration_status": "DELETING" if one.removed_at else "NORMAL",
        "product_effective_status": "EFFECTIVE_ALL",
        "showcase_product_count": len(plan.products) if _accepted(one, call.now) else 0,
        "content_product_count": len(made),
    }


Part = TypeVar("Part", TargetProduct, TargetCreator)


def present(parts: list[Part], now: datetime) -> list[Part]:
    """Products or creators of a plan without those whose removal has come into force."""
    return [one for one in parts if one.removed_at is None or one.removed_at > now]


def _accepted(one: TargetCreator, now: datetime) -> bool:
    return one.accepted_at is not None and one.accepted_at <= now


def _contents(call: Call, creator_id: str, product_id: str) -> int:
    return sum(
        1
        for post in call.world.posts.values()
        if post.creator_id == creator_id and product_id in post.product_ids
        if post.exists(call.now)
    )


def _product_status(product: Product) -> str:
    return "LIVE" if product.status == "ACTIVATE" else "INACTIVE"


def end_of(call: Call) -> datetime:
    """`end_time` of a request, text of unix seconds in the future."""
    text = fields.text(call.body, "end_time", required=True)
    if not text.isdecimal() or int(text) <= call.now.timestamp():
        raise errors.invalid_field("end_time", "must be unix seconds in the future")
    return datetime.fromtimestamp(int(text), UTC)


def _offer(row: dict[str, Any]) -> TargetProduct:
    product_id = fields.text(row, "id", required=True)
    rate = rate_of(row, "target_commission_rate")
    if rate is None:
        raise errors.missing_field("target_commission_rate")
    return TargetProduct(product_id, rate, rate_of(row, "shop_ads_commission_rate"))


def rate_of(row: dict[str, Any], name: str) -> Decimal | None:
    """A commission in hundredths of a percent, 100 to 8000, as a fraction."""
    value = fields.whole_number(row, name)
    if value is None:
        return None
    if not LEAST_RATE <= value <= MOST_RATE:
        raise errors.invalid_field(name, f"must be between {LEAST_RATE} and {MOST_RATE}")
    return Decimal(value) / 10000


def invitations(
    call: Call,
) -> Iterator[tuple[TargetCollaboration, TargetCreator, TargetProduct]]:
    """Every pair of creator and product that is invited at this moment."""
    for plan in _own(call):
        if "COMPLETED" in _statuses(plan, call.now):
            continue
        for invited in present(plan.creators, call.now):
            for offer in present(plan.products, call.now):
                yield plan, invited, offer


def conflicts_of(
    call: Call, creators: list[Creator], offers: list[TargetProduct]
) -> list[tuple[str, str]]:
    taken = {(invited.creator_id, offer.product_id) for _, invited, offer in invitations(call)}
    return [
        (creator.open_id, offer.product_id)
        for creator in creators
        for offer in offers
        if (creator.id, offer.product_id) in taken
    ]
