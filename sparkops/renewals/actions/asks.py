"""Writing one message, and what becomes of it."""

from dataclasses import dataclass
from datetime import datetime

from authorizations.actions.renewal import open_request
from authorizations.models import Authorization
from authorizations.queries import SpendPerDay
from sparkops.audit.record import Actor, record
from sparkops.catalog.models import Shop
from sparkops.errors import Refusal
from sparkops.outbox.queue import put
from sparkops.renewals.actions.own_page import open_page
from sparkops.renewals.models import Ask, Cadence, Run
from sparkops.renewals.queries.asks import (
    AGAIN_AFTER,
    OPEN_STATES,
    ending_of,
    last_written,
    reach_of,
)
from sparkops.renewals.queries.messages import Offer, language_for, written
from sparkops.renewals.rules.channels import COPY, EMAIL, SHOP, after, channels_of, why_by_hand
from sparkops.renewals.rules.texts import SHIPPED, Kind, Words, kind_to_send
from sparkops.tenants.models import Client

COMMANDS = {SHOP: "renewals.shop_message", EMAIL: "renewals.email"}


@dataclass(frozen=True)
class Desk:
    """What all messages of one batch are written with, read once."""

    client: Client
    cadence: Cadence
    own: dict[tuple[str, str], Words]
    has_terms: bool
    shop: Shop | None
    spend: dict[int, SpendPerDay]
    offer: Offer
    language: str
    by: Actor
    now: datetime


def write(ask: Ask, desk: Desk) -> None:
    """Open the request, write the message and put it on its way. Raises Refusal with the reason
    when this creator is not to be asked now."""
    row = ask.authorization
    if row.post_id is None:
        raise Refusal(
            "no_post", "This permission is not of one post. Ask the creator to link the account."
        )
    if row.creator is None:
        raise Refusal("no_creator", "The creator of this post is not known yet.")
    ending = ending_of(row)
    ask.ends_at, ask.creator = ending.ends_at, row.creator
    ask.kind = _request(ask, row, desk).value
    if not ask.text:
        # A repeat keeps its words: they tell whether an earlier attempt is out already.
        _fill_in(ask, ending, desk)
    send_by(ask, channels_of(reach_of(row.creator, desk.shop))[0], by=desk.by, now=desk.now)


def _request(ask: Ask, row: Authorization, desk: Desk) -> Kind:
    """Open the request if there is none; the kind of message that says it."""
    request, is_new = open_request(row, by=desk.by, now=desk.now, days=desk.offer.days)
    if request.state == Authorization.State.SUBMITTED:
        raise Refusal("handed_in", "A code was handed in. TikTok is checking it.")
    if ask.attempt and ask.kind:
        return Kind(ask.kind)
    earlier = None if is_new or ask.step_days is not None else last_written(row)
    if earlier is not None and desk.now - earlier.created_at < AGAIN_AFTER:
        raise Refusal(
            "asked_before",
            "The creator was asked within the last 24 hours. Ask again tomorrow.",
        )
    return kind_to_send(has_end=ask.ends_at is not None, asked_before=earlier is not None)


def _fill_in(ask: Ask, ending: Authorization, desk: Desk) -> None:
    language = desk.language or language_for(ask.creator, desk.cadence)
    kind = Kind(ask.kind)
    message = written(
        ending,
        desk.own.get((ask.kind, language), SHIPPED[language][kind]),
        language=language,
        offer=desk.offer,
        spend=desk.spend.get(ending.post_id or 0),
        client=desk.client,
        now=desk.now,
        has_terms=desk.has_terms,
    )
    ask.language, ask.subject, ask.text = language, message.subject[:300], message.text


def send_by(ask: Ask, channel: str, *, by: Actor, now: datetime, why: str = "") -> None:
    """Put a message on its way by a channel. `why` is what was wrong with the one before."""
    ask.channel, ask.reason = channel, why
    if channel == COPY:
        open_page(ask, by=by, now=now)
        ask.state = Ask.State.COPY.value
        ask.reason = f"{why} Copy the text." if why else why_by_hand(reach_of(ask.creator, None))
    else:
        ask.state = Ask.State.SENDING.value
        kind = COMMANDS[channel]
        put(kind, f"{kind}:{ask.pk}:{ask.attempt}", {"ask": ask.pk}, by=by, now=now)
    ask.save()


def next_channel(ask: Ask, why: str, shop: Shop | None, *, by: Actor, now: datetime) -> None:
    """A way was refused for good: take the next one, at last a person's hand."""
    send_by(ask, after(ask.channel, reach_of(ask.creator, shop)), by=by, now=now, why=why)
    finish_run(ask.run_id, now)


def keep_sent(ask_id: int, message_id: str, *, by: Actor, now: datetime) -> None:
    """The message is out."""
    ask = Ask.objects.select_related("authorization", "creator").get(pk=ask_id)
    ask.state, ask.sent_at, ask.message_id = Ask.State.SENT.value, now, message_id
    ask.save(update_fields=["state", "sent_at", "message_id"])
    data = {"channel": ask.channel, "kind": ask.kind, "language": ask.language}
    record("authorization.creator_asked", ask.authorization, by=by, now=now, data=data)
    finish_run(ask.run_id, now)


def leave_out(ask_id: int, why: str, *, now: datetime) -> None:
    """It is not to be sent any more."""
    ask = Ask.objects.get(pk=ask_id)
    ask.state, ask.reason = Ask.State.SKIPPED.value, why
    ask.save(update_fields=["state", "reason"])
    finish_run(ask.run_id, now)


def fail(ask_id: int, why: str, *, now: datetime) -> None:
    """It did not get out, and a person may try again."""
    ask = Ask.objects.get(pk=ask_id)
    ask.state, ask.reason = Ask.State.FAILED.value, why
    ask.save(update_fields=["state", "reason"])
    finish_run(ask.run_id, now)


def mark_sent(ask: Ask, *, by: Actor, now: datetime) -> None:
    """A person sent the copied text. Raises Refusal for one that is not to copy."""
    if ask.state != Ask.State.COPY:
        raise Refusal("not_to_copy", f"This message is {ask.get_state_display().lower()} already.")
    ask.reason = "Sent by hand."
    ask.save(update_fields=["reason"])
    keep_sent(ask.pk, "", by=by, now=now)


def finish_run(run_id: int | None, now: datetime) -> None:
    """Close a run when none of its messages is open."""
    if run_id is None or Ask.objects.filter(run_id=run_id, state__in=OPEN_STATES).exists():
        return
    Run.objects.filter(pk=run_id, state=Run.State.RUNNING).update(
        state=Run.State.DONE, finished_at=now
    )
