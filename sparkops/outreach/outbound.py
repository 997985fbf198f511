"""Sending what outreach wrote: shop messages, e-mails and target collaborations.

Every attempt after the first looks for what an earlier one may have left (contract 8.5, 8.8). The
state of the outreach is read right before the send, so a pause or a stop holds from then on (AB9).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sparkops.clock import shop_day_start
from sparkops.connections.apis import shop_api
from sparkops.isolation.scope import client_scope
from sparkops.outbox.letters import Letter as ShopLetter
from sparkops.outbox.letters import mail, repeated_when_lost, send_once
from sparkops.outbox.models import Command
from sparkops.outbox.queue import Handler, OnRefusal
from sparkops.outbox.queue import Outcome as Done
from sparkops.outreach.actions.inbox import COMMAND as ANSWER
from sparkops.outreach.actions.inbox import fail_answer, keep_answer
from sparkops.outreach.actions.sending import COMMANDS, close, finish, hold, keep_sent
from sparkops.outreach.models import Answer, Invitation, Letter, Outreach
from sparkops.outreach.queries.contacts import why_not_wanted
from sparkops.outreach.queries.quota import quota_now
from sparkops.outreach.queries.sending import own_message_ids
from sparkops.outreach.rules.offers import EMAIL, SHOP, TARGET
from sparkops.outreach.rules.quota import refresh_at
from sparkops.outreach.rules.refusals import FAILED, SKIPPED, Meaning, meaning_of
from sparkops.renewals.queries.asks import messaging_shop
from sparkops.renewals.queries.messages import cadence_of_client
from sparkops.tiktok import errors
from sparkops.tiktok.shop.api import ShopApi
from sparkops.tiktok.shop.collaborations import InvitedProduct

NO_SHOP = Meaning(FAILED, "No connected shop may send messages.")
STOPPED = Meaning(SKIPPED, "The outreach was stopped.")
UNKNOWN = Meaning(FAILED, "TikTok does not know this creator.")
TAKEN = Meaning(SKIPPED, "The creator already holds an invitation for these products.")
_HUNDREDTHS = 10_000


def shop_message(client_id: int, command: Command, now: datetime) -> Done:
    """Write to a creator as the shop, once."""
    with client_scope(client_id):
        letters = _letters(command)
        if over := _over(letters, now):
            return over
        letter, shop = letters[0], messaging_shop()
        if shop is None:
            return _closed(letters, NO_SHOP, now)
        creator = letter.recipient.creator
        said = ShopLetter(
            creator.creator_id,
            letter.text,
            own_message_ids(creator.pk),
            command.attempts > 1 or letter.attempt > 0,
        )
    with shop_api(client_id, shop.connection_id, shop.cipher) as api:
        message_id = send_once(api, said)
    return _sent(letters, message_id, now)


def answer(client_id: int, command: Command, now: datetime) -> Done:
    """Send what a person answered, once."""
    with client_scope(client_id):
        one = Answer.objects.select_related("thread__creator").get(pk=command.payload["answer"])
        shop = messaging_shop()
        if one.state != Answer.State.SENDING:
            return Done({"result": "settled before"})
        if shop is None:
            return Done({"result": "no shop"}, lambda: fail_answer(one.pk, NO_SHOP.sentence))
        creator = one.thread.creator
        said = ShopLetter(
            creator.creator_id,
            one.text,
            own_message_ids(creator.pk),
            command.attempts > 1,
        )
    with shop_api(client_id, shop.connection_id, shop.cipher) as api:
        message_id = send_once(api, said)
    return Done({"message_id": message_id}, lambda: keep_answer(one.pk, message_id, now=now))


def _answer_refused(command: Command, error: errors.TikTokError, now: datetime) -> None:
    meaning = meaning_of(error.code, error.sentence, error.message)
    fail_answer(command.payload["answer"], meaning.sentence)


def email(client_id: int, command: Command, now: datetime) -> Done:
    """Write to a creator by e-mail. Every attempt carries the same id."""
    with client_scope(client_id):
        letters = _letters(command)
        if over := _over(letters, now):
            return over
        letter, reply_to = letters[0], cadence_of_client().reply_to
        to = letter.recipient.creator.email
    message_id = f"<outreach-{client_id}-{letter.pk}@sparkops>"
    mail(to, letter.subject, letter.text, reply_to=reply_to, message_id=message_id)
    return _sent(letters, "", now)


def invite(client_id: int, command: Command, now: datetime) -> Done:
    """Create a target collaboration with the creators of one chunk, once."""
    with client_scope(client_id):
        letters = _letters(command)
        if over := _over(letters, now):
            return over
        shop = messaging_shop()
        if shop is None:
            return _closed(letters, NO_SHOP, now)
        letters, unwanted = _still_wanted(letters, command)
        if not letters:
            return Done({"result": "nobody left"}, lambda: _leave(unwanted, now))
        call = _call(letters, command, shop.timezone)
    with shop_api(client_id, shop.connection_id, shop.cipher) as api:
        answer = _invited(api, call)

    def effects() -> None:
        _settle_invitation(letters, answer, now)
        _leave(unwanted, now)

    return Done({"collaboration_id": answer.collaboration_id}, effects)


def _still_wanted(
    letters: list[Letter], command: Command
) -> tuple[list[Letter], list[tuple[Letter, str]]]:
    """Who is to be invited, and who not any more. A repeat leaves nobody out: the invitation may
    be there already."""
    invitation = letters[0].invitation
    if command.attempts > 1 or (invitation is not None and invitation.attempt):
        return letters, []
    why = {one.pk: why_not_wanted(one) for one in letters}
    wanted = [one for one in letters if not why[one.pk]]
    return wanted, [(one, why[one.pk]) for one in letters if why[one.pk]]


def _leave(unwanted: Sequence[tuple[Letter, str]], now: datetime) -> None:
    for letter, why in unwanted:
        _close_all([letter], Meaning(SKIPPED, why), now)


@dataclass(frozen=True)
class _Call:
    name: str
    message: str
    ends_at: datetime
    products: tuple[InvitedProduct, ...]
    open_ids: tuple[str, ...]
    contact_email: str
    has_free_sample: bool
    is_repeat: bool


@dataclass(frozen=True)
class _Answer:
    """Open ids of those who were not invited, by reason; all others were."""

    collaboration_id: str
    unknown: frozenset[str]
    taken: frozenset[str]


def _call(letters: Sequence[Letter], command: Command, zone: str) -> _Call:
    first = letters[0]
    outreach, invitation = first.recipient.outreach, first.invitation
    if invitation is None or outreach.ends_on is None or outreach.rate is None:
        raise errors.Invalid(api="shop", sentence="The invitation has no end or commission.")
    ads = outreach.shop_ads_rate
    return _Call(
        name=str(invitation),
        message=first.text,
        ends_at=shop_day_start(outreach.ends_on, zone),
        products=tuple(
            InvitedProduct(one, _hundredths(outreach.rate), _hundredths(ads) if ads else None)
            for one in outreach.products.order_by("pk").values_list("product_id", flat=True)
        ),
        open_ids=tuple(one.recipient.creator.creator_id for one in letters),
        contact_email=outreach.contact_email,
        has_free_sample=outreach.has_free_sample,
        is_repeat=command.attempts > 1 or invitation.attempt > 0,
    )


def _hundredths(rate: Decimal) -> int:
    return int(rate * _HUNDREDTHS)


def _invited(api: ShopApi, call: _Call) -> _Answer:
    if call.is_repeat and (found := _find(api, call)):
        return found
    with repeated_when_lost("TikTok's answer was lost. The invitations are looked at."):
        result = api.collaborations.invite(
            name=call.name,
            message=call.message,
            end_time=call.ends_at,
            products=call.products,
            creator_open_ids=call.open_ids,
            contact_email=call.contact_email,
            has_free_sample=call.has_free_sample,
        )
    pairs = {
        (one.creator_user_open_id, one.product_id) for one in result.target_collaboration_conflicts
    }
    products = {one.id for one in call.products} - set(result.invalid_product_id_list)
    unknown = frozenset(result.invalid_open_id_list)
    taken = {one for one in call.open_ids if all((one, product) in pairs for product in products)}
    if not result.collaboration_id:
        taken = set(call.open_ids) - unknown
    return _Answer(result.collaboration_id, unknown, frozenset(taken))


def _find(api: ShopApi, call: _Call) -> _Answer | None:
    """The invitation of an earlier attempt, by its name."""
    wish = {"keyword_type": "TARGET_COLLABORATION_NAME", "keyword": call.name}
    for page in api.collaborations.targets(filters={"search_param": wish}):
        for head in page.items:
            if head.name != call.name:
                continue
            [full] = api.collaborations.target(head.id).items
            invited = {one.creator_open_id for one in full.creators}
            return _Answer(head.id, frozenset(), frozenset(call.open_ids) - invited)
    return None


def _settle_invitation(letters: Sequence[Letter], answer: _Answer, now: datetime) -> None:
    if letters[0].invitation is not None:
        Invitation.objects.filter(pk=letters[0].invitation.pk).update(
            collaboration_id=answer.collaboration_id
        )
    for letter in letters:
        open_id = letter.recipient.creator.creator_id
        if open_id in answer.unknown:
            close(letter, UNKNOWN, until=None)
        elif open_id in answer.taken:
            close(letter, TAKEN, until=None)
        else:
            keep_sent(letter, answer.collaboration_id, now=now)
    finish(letters[0].recipient.outreach_id, now)


def _letters(command: Command) -> list[Letter]:
    """The letters of a command that are still to be sent."""
    rows = Letter.objects.select_related("recipient__creator", "recipient__outreach")
    rows = rows.select_related("invitation__outreach").filter(state=Letter.State.SENDING)
    if "invitation" in command.payload:
        return list(rows.filter(invitation=command.payload["invitation"]).order_by("pk"))
    return list(rows.filter(pk=command.payload["letter"]))


def _over(letters: list[Letter], now: datetime) -> Done | None:
    """The outcome of letters that are settled, held by a pause, or stopped."""
    if not letters:
        return Done({"result": "settled before"})
    state = letters[0].recipient.outreach.state
    if state == Outreach.State.PAUSED:
        return Done({"result": "held"}, lambda: hold(letters))
    if state == Outreach.State.STOPPED:
        return _closed(letters, STOPPED, now)
    if why := why_not_wanted(letters[0]) if letters[0].invitation is None else "":
        return _closed(letters, Meaning(SKIPPED, why), now)
    return None


def _sent(letters: Sequence[Letter], message_id: str, now: datetime) -> Done:
    def effects() -> None:
        for letter in letters:
            keep_sent(letter, message_id, now=now)
        finish(letters[0].recipient.outreach_id, now)

    return Done({"message_id": message_id}, effects)


def _closed(letters: Sequence[Letter], meaning: Meaning, now: datetime) -> Done:
    return Done({"result": meaning.sentence}, lambda: _close_all(letters, meaning, now))


def _close_all(letters: Sequence[Letter], meaning: Meaning, now: datetime) -> None:
    shop, quota = messaging_shop(), quota_now()
    zone = shop.timezone if shop else "UTC"
    until = refresh_at(now, zone, quota.ends_at if quota else None)
    for letter in letters:
        close(letter, meaning, until=until)
    if letters:
        finish(letters[0].recipient.outreach_id, now)


def _refused(command: Command, error: errors.TikTokError, now: datetime) -> None:
    """TikTok or the mail server says no for good."""
    _close_all(_letters(command), meaning_of(error.code, error.sentence, error.message), now)


HANDLERS: Mapping[str, Handler] = {
    COMMANDS[SHOP]: shop_message,
    COMMANDS[EMAIL]: email,
    COMMANDS[TARGET]: invite,
    ANSWER: answer,
}
ON_REFUSAL: Mapping[str, OnRefusal] = {
    **dict.fromkeys(COMMANDS.values(), _refused),
    ANSWER: _answer_refused,
}
