"""Pausing, going on and stopping (AB9). Whoever sends looks at the state right before the send."""

from datetime import datetime

from django.db.models import QuerySet

from sparkops.audit.record import Actor, record
from sparkops.errors import Refusal
from sparkops.outbox.models import Command
from sparkops.outreach.actions.sending import COMMANDS, put_again
from sparkops.outreach.models import Letter, Outreach, Recipient
from sparkops.outreach.queries.sending import letter_keys

_LOST = "Stopped while an answer was awaited. Look whether the message arrived."


def pause(outreach: Outreach, *, by: Actor, now: datetime) -> None:
    """Send nothing more until a person says so. Raises Refusal when it does not run."""
    found = _locked(outreach.pk, Outreach.State.RUNNING)
    _become(found, Outreach.State.PAUSED)
    record("outreach.paused", found, by=by, now=now)


def resume(outreach: Outreach, *, by: Actor, now: datetime) -> None:
    """Go on where the pause began. Raises Refusal when it is not paused."""
    found = _locked(outreach.pk, Outreach.State.PAUSED)
    _become(found, Outreach.State.RUNNING)
    held = _letters(found).filter(state=Letter.State.HELD)
    put_again(list(held.order_by("pk")), now=now)
    record("outreach.resumed", found, by=by, now=now)


def override(recipient: Recipient, reason: str, *, by: Actor, now: datetime) -> None:
    """Write to a creator in spite of an earlier contact; it is logged with the reason. Raises
    Refusal for one who was not skipped, or when the outreach is over."""
    outreach = Outreach.objects.select_for_update().get(pk=recipient.outreach_id)
    found = Recipient.objects.select_for_update(of=("self",)).get(pk=recipient.pk)
    if found.state != Recipient.State.SKIPPED or found.letters.exists():
        raise Refusal("not_skipped", "Only a creator who was skipped can be written to anyway.")
    if outreach.state == Outreach.State.STOPPED:
        raise Refusal("stopped", "This outreach was stopped.")
    if not reason:
        raise Refusal("no_reason", "Say why this creator is to be written to.", field="reason")
    before = found.reason
    found.overridden, found.state, found.reason = True, Recipient.State.QUEUED.value, ""
    found.save(update_fields=["overridden", "state", "reason"])
    if outreach.state == Outreach.State.DONE:
        outreach.finished_at = None
        _become(outreach, Outreach.State.RUNNING)
    data = {"creator": str(found.creator), "was": before}
    record("outreach.overridden", outreach, by=by, now=now, reason=reason, data=data)


def stop(outreach: Outreach, *, by: Actor, now: datetime) -> None:
    """End it for good: what waits is taken back, and whoever was not written to is left out.
    A message that a worker has in its hands at this moment keeps its own result."""
    found = _locked(outreach.pk, Outreach.State.RUNNING, Outreach.State.PAUSED)
    found.finished_at = now
    _become(found, Outreach.State.STOPPED)
    in_hand = _take_back(found, now)
    Recipient.objects.filter(outreach=found, state=Recipient.State.QUEUED).exclude(
        pk__in=in_hand
    ).update(state=Recipient.State.SKIPPED, due_at=None, reason=f"Stopped by {by.label}.")
    Recipient.objects.filter(outreach=found, next_at__isnull=False).update(next_at=None)
    record("outreach.stopped", found, by=by, now=now)


def _take_back(outreach: Outreach, now: datetime) -> set[int]:
    """Cancel the commands that wait; returns recipients whose message is being sent right now."""
    opened = [Letter.State.SENDING, Letter.State.HELD]
    by_key = letter_keys(list(_letters(outreach).filter(state__in=opened)))
    commands = Command.objects.select_for_update().filter(
        key__in=list(by_key), kind__in=list(COMMANDS.values())
    )
    in_hand: set[int] = set()
    for command in commands:
        letters = by_key[command.key]
        if command.state == Command.State.SENDING:
            in_hand |= {one.recipient_id for one in letters}
            continue
        if command.state == Command.State.WAITING:
            _cancel(command, letters, now)
    return in_hand


def _cancel(command: Command, letters: list[Letter], now: datetime) -> None:
    command.state, command.finished_at = Command.State.CANCELED.value, now
    command.save(update_fields=["state", "finished_at"])
    Letter.objects.filter(pk__in=[one.pk for one in letters]).update(state=Letter.State.CLOSED)
    if command.attempts:
        Recipient.objects.filter(
            pk__in=[one.recipient_id for one in letters], state=Recipient.State.QUEUED
        ).update(state=Recipient.State.FAILED, reason=_LOST)


def _letters(outreach: Outreach) -> QuerySet[Letter]:
    return Letter.objects.filter(recipient__outreach=outreach).select_related(
        "recipient__outreach", "invitation"
    )


def _locked(pk: int, *states: Outreach.State) -> Outreach:
    found = Outreach.objects.select_for_update().get(pk=pk)
    if found.state not in states:
        raise Refusal("state", f"This outreach is {found.get_state_display().lower()}.")
    return found


def _become(found: Outreach, state: Outreach.State) -> None:
    found.state = state.value
    found.save(update_fields=["state", "finished_at"])
