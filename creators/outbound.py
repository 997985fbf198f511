"""What leaves for TikTok about samples and commission rates."""

from collections.abc import Mapping
from datetime import datetime

from creators.actions.answers import ANSWER, keep_answer, refuse_answer
from creators.actions.rates import CHANGE_RATES, keep_rates, refuse_rates
from creators.actions.reminders import REMIND, drop, fail, keep_sent
from creators.models import RateChange, Sample, SampleAnswer, SampleReminder
from creators.queries.samples import first_shop, known_reminders, messaging_shop_of
from creators.rules.rates import hundredths
from sparkops.connections.apis import shop_api
from sparkops.isolation.scope import client_scope
from sparkops.outbox.letters import Letter, send_once
from sparkops.outbox.models import Command
from sparkops.outbox.queue import Handler, OnRefusal, Outcome
from sparkops.tiktok import errors
from sparkops.tiktok.shop.api import ShopApi
from sparkops.tiktok.shop.collaborations import InvitedProduct, TargetProduct
from sparkops.tiktok.shop.samples import SampleApplication

NO_SHOP = "No connected shop may send messages. Connect the shop again with that right."
POSTED = "The creator posted meanwhile."
_STILL_WANTED = (Sample.State.DELIVERED, Sample.State.OVERDUE)


def remind(client_id: int, command: Command, now: datetime) -> Outcome:
    """Write to the creator of a sample as the shop, once, while the post is still missing."""
    with client_scope(client_id):
        rows = SampleReminder.objects.select_related("sample__creator", "sample__product")
        reminder = rows.get(pk=command.payload["reminder"])
        sample = reminder.sample
        if reminder.state != SampleReminder.State.WAITING:
            return Outcome({"result": "settled before"})
        if sample.state not in _STILL_WANTED:
            return Outcome({"result": POSTED}, lambda: drop(reminder.pk, POSTED))
        shop = messaging_shop_of(sample)
        if shop is None:
            return Outcome({"result": NO_SHOP}, lambda: fail(reminder.pk, NO_SHOP))
        letter = Letter(
            sample.creator.creator_id,
            reminder.text,
            known_reminders(sample.creator_id),
            command.attempts > 1,
        )
    with shop_api(client_id, shop.connection_id, shop.cipher) as api:
        message_id = send_once(api, letter)
    return Outcome({"message_id": message_id}, lambda: keep_sent(reminder.pk, message_id, now=now))


AFTER = {
    SampleAnswer.Word.APPROVE: "AWAITING_SHIPMENT",
    SampleAnswer.Word.DECLINE: "REJECT_CANCELLED",
}
"""TikTok's word of a request right after an answer."""
TAKEN = {
    SampleAnswer.Word.APPROVE: frozenset(
        {"AWAITING_SHIPMENT", "SHIPPED", "CONTENT_PENDING", "COMPLETED"}
    ),
    SampleAnswer.Word.DECLINE: frozenset({"REJECT_CANCELLED"}),
}
"""TikTok's words of a request that has been answered so."""


def answer(client_id: int, command: Command, now: datetime) -> Outcome:
    """Approve or decline a request at TikTok.

    Every attempt looks at the request first: one that was answered so before is done, by an
    attempt whose answer was lost or by a person in TikTok; one answered otherwise stays so.
    """
    with client_scope(client_id):
        rows = SampleAnswer.objects.select_related(
            "sample__creator", "sample__product__shop", "sample__product"
        )
        found = rows.get(pk=command.payload["answer"])
        if found.state != SampleAnswer.State.WAITING:
            return Outcome({"result": "settled before"})
        sample = found.sample
        shop = sample.product.shop if sample.product else first_shop()
        if shop is None:
            return Outcome({"result": NO_SHOP}, lambda: refuse_answer(found.pk, NO_SHOP, now=now))
    with shop_api(client_id, shop.connection_id, shop.cipher) as api:
        listed = _listed(api, sample)
        status = listed.status if listed else ""
        if status == "PENDING":
            _review(api, found)
            # TikTok's list may lag behind its yes, so the answer itself is believed.
            status = AFTER[SampleAnswer.Word(found.word)]
    if status in TAKEN[SampleAnswer.Word(found.word)]:
        return Outcome({"status": status}, lambda: keep_answer(found.pk, status, now=now))
    why = f"TikTok says the request is {status.lower().replace('_', ' ') or 'gone'}."
    return Outcome({"status": status}, lambda: refuse_answer(found.pk, why, now=now))


def _listed(api: ShopApi, sample: Sample) -> SampleApplication | None:
    """The request as TikTok lists it now. No call reads one by its id: its creator finds it."""
    open_id = sample.creator.creator_id
    handle = "" if open_id else sample.creator.shown_handle
    pages = api.samples.search(creator_open_id=open_id or None, username=handle or None)
    return next((one for page in pages for one in page.items if one.id == sample.sample_id), None)


def _review(api: ShopApi, found: SampleAnswer) -> None:
    try:
        if found.word == SampleAnswer.Word.APPROVE:
            api.samples.approve(found.sample.sample_id)
        else:
            api.samples.reject(found.sample.sample_id, found.reason or "OTHER")  # type: ignore[arg-type]
    except errors.TikTokError as error:
        if not error.outcome_unknown or error.retryable:
            raise
        raise errors.Server(
            api="shop", sentence="TikTok's answer was lost. The request is looked at."
        ) from error


def _not_answered(command: Command, error: errors.TikTokError, now: datetime) -> None:
    refuse_answer(command.payload["answer"], _said(error), now=now)


def _not_reminded(command: Command, error: errors.TikTokError, now: datetime) -> None:
    fail(command.payload["reminder"], _said(error))


def _said(error: errors.TikTokError) -> str:
    return f"{error.sentence} TikTok says: {error.message}" if error.message else error.sentence


def change_rates(client_id: int, command: Command, now: datetime) -> Outcome:
    """Set new rates of an invitation. TikTok replaces the whole list of products, so it is read
    right before; setting the same rates twice changes nothing."""
    with client_scope(client_id):
        rows = RateChange.objects.select_related("collaboration__shop")
        change = rows.get(pk=command.payload["change"])
        plan = change.collaboration
        if change.state != RateChange.State.GOING:
            return Outcome({"result": "settled before"})
    with shop_api(client_id, plan.shop.connection_id, plan.shop.cipher) as api:
        products = [
            _with_rates(product, change)
            for one in api.collaborations.target(plan.collaboration_id).items
            for product in one.products
        ]
        answer = api.collaborations.change_rates(plan.collaboration_id, products)
    failed = answer.update_failed.products if answer.update_failed else []
    if failed:
        why = f"TikTok did not take it for {len(failed)} of {len(products)} products."
        return Outcome({"failed": failed}, lambda: refuse_rates(change.pk, why, now=now))
    return Outcome({"products": len(products)}, lambda: keep_rates(change.pk, now=now))


def _with_rates(product: TargetProduct, change: RateChange) -> InvitedProduct:
    terms = product.commission
    standard = change.standard_after or (terms.rate if terms else None)
    ads = change.ads_after or (terms.shop_ads_commission_rate if terms else None)
    if standard is None:
        raise errors.Invalid(api="shop", sentence="TikTok does not say the rate of a product.")
    return InvitedProduct(
        product.id, hundredths(standard), hundredths(ads) if ads is not None else None
    )


def _not_changed(command: Command, error: errors.TikTokError, now: datetime) -> None:
    refuse_rates(command.payload["change"], _said(error), now=now)


HANDLERS: Mapping[str, Handler] = {
    ANSWER: answer,
    CHANGE_RATES: change_rates,
    REMIND: remind,
}
ON_REFUSAL: Mapping[str, OnRefusal] = {
    ANSWER: _not_answered,
    CHANGE_RATES: _not_changed,
    REMIND: _not_reminded,
}
