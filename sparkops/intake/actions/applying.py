"""Doing what a decision says, through the actions of the apps, and noting what was touched."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model

from authorizations.actions.hand_in import ask_to_redeem, take_code
from creators.actions.creators import edit_creator, import_creator
from creators.actions.posts import import_post
from creators.models import Creator, Post
from profit.actions.costs import add_creator_fee
from sparkops.audit.record import Actor
from sparkops.catalog.models import AdAccount, Product, Shop
from sparkops.errors import Refusal
from sparkops.intake.models import ImportRow, Touch
from sparkops.intake.queries import Keys
from sparkops.intake.rules.deciding import (
    BookFee,
    Decision,
    FillCreator,
    HandIn,
    NamePost,
    NewCreator,
    NewPost,
    Step,
)

SOURCE = "import"


@dataclass(frozen=True)
class Tools:
    """What one run works with: own keys by name, who acts, when, and what was chosen."""

    keys: Keys
    by: Actor
    now: datetime
    ad_accounts: list[AdAccount]
    shop: Shop | None
    name: str


def apply(row: ImportRow, decision: Decision, tools: Tools) -> list[Touch]:
    """Carry out every step of a row; returns what it touched, not saved yet, in that order.

    Raises Refusal when an app does not allow a step; the caller rolls the row back.
    """
    touches: list[Touch] = []
    for step in decision.steps:
        touch = _DOERS[type(step)](row, step, tools)
        touches.append(touch)
    return touches + _found(row, decision, tools, touches)


def snapshot(thing: Model) -> dict[str, Any]:
    """Every field of a row as JSON holds it, to see later whether anything changed."""
    fresh = type(thing)._base_manager.get(pk=thing.pk)
    values = {
        field.attname: getattr(fresh, field.attname)
        for field in fresh._meta.concrete_fields
        if not field.primary_key and field.get_internal_type() != "BinaryField"
    }
    return json.loads(json.dumps(values, cls=DjangoJSONEncoder))


def _created(row: ImportRow, label: str, *, looks: Model | None = None, **reference: Any) -> Touch:
    after = snapshot(looks) if looks else {}
    return Touch(row=row, verb=Touch.Verb.CREATED.value, label=label, after=after, **reference)


def _new_creator(row: ImportRow, step: NewCreator, tools: Tools) -> Touch:
    pk, is_new = import_creator(handle=step.handle, by=tools.by, now=tools.now)
    tools.keys.creators[step.handle] = pk
    label = f"@{step.handle}"
    if not is_new:
        return Touch(row=row, verb=Touch.Verb.FOUND.value, label=label, creator_id=pk)
    return _created(row, label, looks=Creator.objects.get(pk=pk), creator_id=pk)


def _fill_creator(row: ImportRow, step: FillCreator, tools: Tools) -> Touch:
    creator = Creator.objects.select_for_update().get(pk=tools.keys.creators[step.handle])
    before = {"email": creator.email, "notes": creator.notes}
    after = {
        "email": creator.email if step.email is None else step.email,
        "notes": creator.notes if step.notes is None else step.notes,
    }
    edit_creator(creator, **after, timezone=creator.timezone, by=tools.by, now=tools.now)
    return Touch(
        row=row,
        verb=Touch.Verb.CHANGED.value,
        label=str(creator),
        creator=creator,
        before=before,
        after=after,
    )


def _new_post(row: ImportRow, step: NewPost, tools: Tools) -> Touch:
    pk, is_new = import_post(item_id=step.item_id, handle=step.handle, by=tools.by, now=tools.now)
    tools.keys.posts[step.item_id] = pk
    if not is_new:
        return Touch(row=row, verb=Touch.Verb.FOUND.value, label=step.item_id, post_id=pk)
    return _created(row, step.item_id, looks=Post.objects.get(pk=pk), post_id=pk)


def _name_post(row: ImportRow, step: NamePost, tools: Tools) -> Touch:
    pk, _is_new = import_post(item_id=step.item_id, handle=step.handle, by=tools.by, now=tools.now)
    return Touch(
        row=row,
        verb=Touch.Verb.CHANGED.value,
        label=step.item_id,
        post_id=pk,
        before={"creator_id": None},
        after={"creator_id": tools.keys.creators[step.handle]},
    )


def _hand_in(row: ImportRow, step: HandIn, tools: Tools) -> Touch:
    authorization, is_new = take_code(
        step.code,
        source=SOURCE,
        by=tools.by,
        now=tools.now,
        post_id=tools.keys.posts.get(step.item_id),
        creator_id=tools.keys.creators.get(step.handle),
        stated_ends_at=step.stated_ends_at,
    )
    tools.keys.codes[step.code] = authorization.pk
    ask_to_redeem(authorization, tools.ad_accounts, by=tools.by, now=tools.now)
    label = authorization.code_mask
    if not is_new:
        return Touch(row=row, verb=Touch.Verb.FOUND.value, label=label, authorization=authorization)
    # Whether a code was used, its own state tells.
    return _created(row, label, authorization=authorization)


def _book_fee(row: ImportRow, step: BookFee, tools: Tools) -> Touch:
    shop = Shop.objects.get(pk=step.product.shop_id) if step.product else tools.shop
    if shop is None:
        raise Refusal(
            "no_shop",
            "The shop that was chosen for the fees is gone. Connect it again, then try this row "
            "once more.",
        )
    fee = add_creator_fee(
        creator=Creator.objects.get(pk=tools.keys.creators[step.handle]),
        post=Post.objects.get(pk=tools.keys.posts[step.item_id]) if step.item_id else None,
        product=Product.objects.get(pk=step.product.pk) if step.product else None,
        shop=shop,
        kind=step.fee.kind,
        amount=step.fee.amount,
        currency=step.fee.currency,
        starts_on=step.fee.starts_on,
        ends_on=step.fee.ends_on,
        reference=f"{tools.name[:150]}, row {row.number}",
        by=tools.by,
        now=tools.now,
    )
    label = f"{fee.amount:,.2f} {fee.currency}"
    return _created(row, label, looks=fee, creator_fee=fee)


_DOERS: dict[type[Step], Callable[[ImportRow, Any, Tools], Touch]] = {
    NewCreator: _new_creator,
    FillCreator: _fill_creator,
    NewPost: _new_post,
    NamePost: _name_post,
    HandIn: _hand_in,
    BookFee: _book_fee,
}


def _found(row: ImportRow, decision: Decision, tools: Tools, touches: list[Touch]) -> list[Touch]:
    """What the row is about and did not touch itself, so that its result leads there."""
    seen = {(one.creator_id, one.post_id, one.authorization_id) for one in touches}
    keys = tools.keys
    wanted: list[tuple[str, tuple[int | None, int | None, int | None]]] = [
        (f"@{decision.handle}", (keys.creators.get(decision.handle), None, None)),
        *((item, (None, keys.posts.get(item), None)) for item in decision.items),
        *(("Spark code", (None, None, keys.codes.get(code))) for code in decision.codes),
    ]
    return [
        Touch(
            row=row,
            verb=Touch.Verb.FOUND.value,
            label=label,
            creator_id=key[0],
            post_id=key[1],
            authorization_id=key[2],
        )
        for label, key in wanted
        if any(key) and key not in seen
    ]
