"""Putting messages on their way, a batch a minute, and what becomes of them.

Letters are written together with their commands in one transaction, and a recipient has one letter
per step: planning twice, or dying in between, sends nothing twice.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sparkops.audit.record import Actor
from sparkops.outbox.queue import put
from sparkops.outreach.models import Invitation, Letter, Outreach, Recipient
from sparkops.outreach.queries.outreaches import Written, titles_of, values_of_offer, written
from sparkops.outreach.queries.sending import key_of, room, running, waiting, why_unreachable
from sparkops.outreach.rules.offers import TARGET
from sparkops.outreach.rules.pace import PER_MINUTE, chunks
from sparkops.outreach.rules.refusals import FAILED, LATER, Meaning

COMMANDS = {channel: f"outreach.{channel}" for channel in PER_MINUTE}
NO_VALUE = "A variable of the text has no value for this creator."


def plan(*, now: datetime) -> int:
    """Write what may leave now, within each channel's pace; returns how many. The rows of running
    outreach are locked, so that two workers plan one after the other."""
    # A cheap look first: without work nothing is locked.
    if not running().exists():
        return 0
    by_pk = {one.pk: one for one in running().select_for_update().order_by("pk")}
    sent = sum(_plan_channel(channel, now) for channel in PER_MINUTE)
    for one in by_pk.values():
        finish(one.pk, now)
    return sent


def _plan_channel(channel: str, now: datetime) -> int:
    left, sent = room(channel, now), 0
    while left > 0:
        rows = list(waiting(channel, now).order_by("outreach_id", "number")[:left])
        if not rows:
            break
        ready = _write(channel, rows, now)
        left, sent = left - ready, sent + ready
    return sent


def _write(channel: str, rows: Sequence[Recipient], now: datetime) -> int:
    """Letters for those who can be reached; the others are left out with the reason."""
    offers = {one.pk: values_of_offer(one, titles_of(one)) for one in _outreaches(rows)}
    ready: list[tuple[Recipient, Written]] = []
    for row in rows:
        text = written(row.outreach, row.creator, offers[row.outreach_id])
        why = why_unreachable(row, channel) or ("" if text else NO_VALUE)
        if text is None or why:
            _leave_out(row, why)
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
    """It is out."""
    Letter.objects.filter(pk=letter.pk).update(
        state=Letter.State.SENT, sent_at=now, message_id=message_id
    )
    Recipient.objects.filter(pk=letter.recipient_id).update(
        state=Recipient.State.SENT, sent_at=now, reason="", due_at=None
    )


def close(letter: Letter, meaning: Meaning, *, until: datetime | None) -> None:
    """It was not sent: left out, failed, or for `until` to be tried again, then as a new one."""
    if meaning.outcome == LATER:
        Letter.objects.filter(pk=letter.pk).delete()
        Recipient.objects.filter(pk=letter.recipient_id).update(
            due_at=until, reason=meaning.sentence
        )
        return
    Letter.objects.filter(pk=letter.pk).update(state=Letter.State.CLOSED)
    state = Recipient.State.FAILED if meaning.outcome == FAILED else Recipient.State.SKIPPED
    Recipient.objects.filter(pk=letter.recipient_id).update(
        state=state, reason=meaning.sentence, due_at=None
    )


def finish(outreach_id: int, now: datetime) -> None:
    """Close an outreach of which nobody is queued."""
    queued = Recipient.objects.filter(outreach_id=outreach_id, state=Recipient.State.QUEUED)
    if not queued.exists():
        Outreach.objects.filter(pk=outreach_id, state=Outreach.State.RUNNING).update(
            state=Outreach.State.DONE, finished_at=now
        )


def _leave_out(row: Recipient, why: str) -> None:
    Recipient.objects.filter(pk=row.pk).update(state=Recipient.State.SKIPPED, reason=why)
