"""Putting messages on their way, a batch a minute, and what becomes of them.

Letters are written together with their commands in one transaction, and a recipient has one letter
per step: planning twice, or dying in between, sends nothing twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from django.db.models import Q, QuerySet

from sparkops.audit.record import Actor
from sparkops.outbox.queue import put
from sparkops.outreach.models import Invitation, Letter, Outreach, Recipient, Step
from sparkops.outreach.queries.collisions import held_elsewhere, touches_of
from sparkops.outreach.queries.contacts import contacts_of, why_never
from sparkops.outreach.queries.outreaches import Written, titles_of, values_of_offer, written
from sparkops.outreach.queries.quota import (
    ON_TIKTOK,
    WEEK,
    budget_now,
    free,
    in_order,
    known_creators,
    too_many_unanswered,
)
from sparkops.outreach.queries.sending import (
    following,
    key_of,
    room,
    running,
    waiting,
    why_unreachable,
)
from sparkops.outreach.rules.collisions import Touch, why_exclusive, why_too_soon
from sparkops.outreach.rules.offers import SHOP, TARGET
from sparkops.outreach.rules.pace import PER_MINUTE, chunks
from sparkops.outreach.rules.quota import Budget
from sparkops.outreach.rules.refusals import (
    ABOVE_TIER_LIMIT,
    FAILED,
    FIVE_UNANSWERED,
    LATER,
    Meaning,
)

COMMANDS = {channel: f"outreach.{channel}" for channel in PER_MINUTE}
NOWHERE: Mapping[str, datetime] = MappingProxyType({})
NO_VALUE = "A variable of the text has no value for this creator."


def plan(*, zone: str, now: datetime, elsewhere: Mapping[str, datetime] = NOWHERE) -> int:
    """Write what may leave now, within each channel's pace and the weekly quota; returns how many.
    `zone` is the client's, `elsewhere` comes from `queries.collisions.contacted_elsewhere`. Running
    outreach is locked, so that two workers plan one after the other."""
    # A cheap look first: without work nothing is locked.
    if not running().exists():
        return 0
    by_pk = {one.pk: one for one in running().select_for_update().order_by("pk")}
    sent = sum(_plan_channel(channel, zone, elsewhere, now) for channel in PER_MINUTE)
    for one in by_pk.values():
        finish(one.pk, now)
    return sent


def _plan_channel(channel: str, zone: str, elsewhere: Mapping[str, datetime], now: datetime) -> int:
    left, sent = room(channel, now), 0
    while left > 0:
        # Read anew each time: what was just written is spent.
        budget = budget_now(now, zone)
        rows = _next(channel, left, budget, now)
        if not rows:
            break
        wanted = _wanted(rows, elsewhere, now)
        ready = _write(channel, wanted, now)
        left, sent = left - ready, sent + ready
    return sent + follow_up(channel, left, zone, now)


def _wanted(
    rows: Sequence[Recipient], elsewhere: Mapping[str, datetime], now: datetime
) -> list[Recipient]:
    """Without those who may not be written to, or whom somebody contacted lately (AB7) or
    holds exclusively (N17)."""
    contacts, wanted = contacts_of(row.creator_id for row in rows), []
    touches = {
        one.pk: touches_of([row.creator_id for row in rows], outreach_id=one.pk, now=now)
        for one in _outreaches(rows)
    }
    held = held_elsewhere([row.creator_id for row in rows])
    seen: set[int] = set()
    for row in rows:
        if row.creator_id in seen:
            # In two outreaches at once: the next look finds the message of the first.
            continue
        seen.add(row.creator_id)
        why = why_never(contacts.get(row.creator_id))
        if not why and not row.overridden:
            known = list(touches[row.outreach_id].get(row.creator_id, []))
            if row.creator.creator_id in elsewhere:
                known.append(Touch(elsewhere[row.creator.creator_id]))
            why = why_too_soon(known, quiet_days=row.outreach.quiet_days, now=now)
            if day := held.get(row.creator_id):
                why = why_exclusive(day)
        if why:
            _leave_out([row.pk], why)
        else:
            wanted.append(row)
    return wanted


def follow_up(channel: str, most: int, zone: str, now: datetime) -> int:
    """Write the follow-ups that are due by a channel; a creator who is not connected and was not
    contacted this week costs quota again, and waits for it."""
    if most <= 0:
        return 0
    rows, budget = following(channel, now), budget_now(now, zone)
    if channel in ON_TIKTOK:
        rows = known_creators(rows, budget.refresh_at - WEEK)
        if budget.left == 0:
            late = list(rows.exclude(free()).values_list("pk", flat=True))
            Recipient.objects.filter(pk__in=late).update(next_at=budget.until)
            rows = rows.filter(free())
    # With little left all of a batch is counted as if it cost something: never too many leave.
    found = list(rows.order_by("next_at", "pk")[: min(most, budget.left or most)])
    return _write_next(channel, found, now)


def _write_next(channel: str, rows: Sequence[Recipient], now: datetime) -> int:
    steps = {
        (one.outreach_id, one.number): one
        for one in Step.objects.filter(outreach__in={row.outreach_id for row in rows})
    }
    offers = {one.pk: values_of_offer(one, titles_of(one)) for one in _outreaches(rows)}
    full = too_many_unanswered([row.creator_id for row in rows]) if channel == SHOP else set()
    letters = []
    for row in rows:
        body = steps[row.outreach_id, row.next_step].body
        text = written(row.outreach, row.creator, offers[row.outreach_id], body)
        if row.creator_id in full or text is None:
            why = FIVE_UNANSWERED if row.creator_id in full else NO_VALUE
            Recipient.objects.filter(pk=row.pk).update(next_at=None, reason=why)
            continue
        [letter] = _letters(channel, [(row, text)], None, now)
        letter.step = row.next_step
        letters.append(letter)
    Letter.objects.bulk_create(letters)
    Recipient.objects.filter(pk__in=[one.recipient_id for one in letters]).update(next_at=None)
    for letter in letters:
        _put(letter, now)
    return len(letters)


def _next(channel: str, most: int, budget: Budget, now: datetime) -> list[Recipient]:
    """Who is next: those who cost no quota, then the others by what is to expect of them. Who is
    over the quota waits for the refresh."""
    rows = waiting(channel, now)
    if channel not in ON_TIKTOK:
        return list(rows.order_by("outreach_id", "number")[:most])
    rows = known_creators(rows, budget.refresh_at - WEEK)
    found = list(rows.filter(free()).order_by("outreach_id", "number")[:most])
    if len(found) == most:
        return found
    return found + _at_cost(rows.exclude(free()), most - len(found), budget)


def _at_cost(rows: QuerySet[Recipient], most: int, budget: Budget) -> list[Recipient]:
    """New contacts, as far as the quota goes."""
    if budget.follower_cap is not None:
        above = rows.filter(creator__follower_count__gt=budget.follower_cap)
        _leave_out([row.pk for row in above], ABOVE_TIER_LIMIT)
    left = most if budget.left is None else min(most, budget.left)
    if left == 0:
        ids = list(rows.values_list("pk", flat=True))
        Recipient.objects.filter(pk__in=ids).update(due_at=budget.until, reason=budget.why)
        return []
    return _of_order(rows, in_order(rows), left)


def _of_order(rows: QuerySet[Recipient], ids: Sequence[int], most: int) -> list[Recipient]:
    """The first of the order; a creator who is in several outreaches comes once at a time."""
    found = {row.pk: row for row in rows.filter(pk__in=ids[: most * 2])}
    by_creator: dict[int, Recipient] = {}
    for pk in ids[: most * 2]:
        by_creator.setdefault(found[pk].creator_id, found[pk])
    return list(by_creator.values())[:most]


def _write(channel: str, rows: Sequence[Recipient], now: datetime) -> int:
    """Letters for those who can be reached; the others are left out with the reason."""
    offers = {one.pk: values_of_offer(one, titles_of(one)) for one in _outreaches(rows)}
    full = too_many_unanswered([row.creator_id for row in rows]) if channel == SHOP else set()
    ready: list[tuple[Recipient, Written]] = []
    for row in rows:
        text = written(row.outreach, row.creator, offers[row.outreach_id])
        why = why_unreachable(row, channel) or ("" if text else NO_VALUE)
        if row.creator_id in full:
            why = FIVE_UNANSWERED
        if text is None or why:
            _leave_out([row.pk], why)
        else:
            ready.append((row, text))
    if channel == TARGET:
        _invite(ready, now)
    else:
        letters = Letter.objects.bulk_create(_letters(channel, ready, None, now))
        for letter in letters:
            _put(letter, now)
    return len(ready)


def _outreaches(rows: Iterable[Recipient]) -> list[Outreach]:
    return list({row.outreach_id: row.outreach for row in rows}.values())


def _invite(ready: Sequence[tuple[Recipient, Written]], now: datetime) -> None:
    for outreach in _outreaches(row for row, _ in ready):
        own = [pair for pair in ready if pair[0].outreach_id == outreach.pk]
        number = Invitation.objects.filter(outreach=outreach).count()
        for chunk in chunks(own):
            number += 1
            invitation = Invitation.objects.create(outreach=outreach, number=number, created_at=now)
            letters = Letter.objects.bulk_create(_letters(TARGET, chunk, invitation, now))
            _put(letters[0], now)


def _letters(
    channel: str,
    ready: Sequence[tuple[Recipient, Written]],
    invitation: Invitation | None,
    now: datetime,
) -> list[Letter]:
    return [
        Letter(
            recipient=row,
            channel=channel,
            invitation=invitation,
            subject=text.subject,
            text=text.text,
            costs_quota=_costs(row),
            created_at=now,
        )
        for row, text in ready
    ]


def _put(letter: Letter, now: datetime) -> None:
    outreach = letter.recipient.outreach
    payload = {"letter": letter.pk}
    if letter.invitation is not None:
        payload = {"invitation": letter.invitation.pk}
    by = Actor(outreach.actor, outreach.actor_id)
    put(COMMANDS[letter.channel], key_of(letter), payload, by=by, now=now)


def put_again(letters: Sequence[Letter], *, now: datetime) -> None:
    """Let held letters go on. The attempt is counted, so that the sender looks first."""
    invitations: dict[int, Invitation] = {}
    for letter in letters:
        letter.state = Letter.State.SENDING.value
        letter.attempt += 1
        if letter.invitation is not None:
            letter.invitation = invitations.setdefault(letter.invitation.pk, letter.invitation)
    for invitation in invitations.values():
        invitation.attempt += 1
        invitation.save(update_fields=["attempt"])
    Letter.objects.bulk_update(letters, ["state", "attempt"])
    for letter in letters:
        _put(letter, now)


def hold(letters: Iterable[Letter]) -> None:
    """A pause came before these were sent."""
    ids = [one.pk for one in letters]
    Letter.objects.filter(pk__in=ids).update(state=Letter.State.HELD)


def keep_sent(letter: Letter, message_id: str, *, now: datetime) -> None:
    """It is out; the follow-up after it gets its moment."""
    Letter.objects.filter(pk=letter.pk).update(
        state=Letter.State.SENT, sent_at=now, message_id=message_id
    )
    step = Step.objects.filter(
        outreach=letter.recipient.outreach_id, number=letter.step + 1
    ).first()
    changes: dict[str, Any] = {"next_step": 0, "next_at": None}
    if step is not None:
        changes = {"next_step": step.number, "next_at": now + timedelta(days=step.wait_days)}
    if letter.step == 0:
        changes |= {"state": Recipient.State.SENT, "sent_at": now, "reason": "", "due_at": None}
    Recipient.objects.filter(pk=letter.recipient_id).update(**changes)


def close(letter: Letter, meaning: Meaning, *, until: datetime | None) -> None:
    """It was not sent: left out, failed, or for `until` to be tried again, then as a new one. What
    becomes of a follow-up does not change that the first message was sent."""
    mine = Recipient.objects.filter(pk=letter.recipient_id)
    if meaning.outcome == LATER:
        Letter.objects.filter(pk=letter.pk).delete()
        again = {"next_at": until} if letter.step else {"due_at": until}
        mine.update(reason=meaning.sentence, **again)
        return
    Letter.objects.filter(pk=letter.pk).update(state=Letter.State.CLOSED)
    if letter.step:
        mine.update(next_at=None, reason=meaning.sentence)
        return
    state = Recipient.State.FAILED if meaning.outcome == FAILED else Recipient.State.SKIPPED
    mine.update(state=state, reason=meaning.sentence, due_at=None)


def finish(outreach_id: int, now: datetime) -> None:
    """Close an outreach of which nobody is queued and no follow-up comes."""
    mine = Recipient.objects.filter(outreach_id=outreach_id)
    open_letters = Letter.objects.filter(
        recipient__outreach=outreach_id, state__in=[Letter.State.SENDING, Letter.State.HELD]
    )
    waits = mine.filter(Q(state=Recipient.State.QUEUED) | Q(next_at__isnull=False))
    if not waits.exists() and not open_letters.exists():
        Outreach.objects.filter(pk=outreach_id, state=Outreach.State.RUNNING).update(
            state=Outreach.State.DONE, finished_at=now
        )


def _costs(row: Recipient) -> bool:
    """Whether writing to a recipient of `known_creators` is a new contact; e-mail never is."""
    return not (getattr(row, "connected", True) or getattr(row, "contacted", True))


def _leave_out(ids: Sequence[int], why: str) -> None:
    Recipient.objects.filter(pk__in=ids).update(state=Recipient.State.SKIPPED, reason=why)
