"""What leaves for TikTok about samples."""

from collections.abc import Mapping
from datetime import datetime

from creators.actions.reminders import REMIND, drop, fail, keep_sent
from creators.models import Sample, SampleReminder
from creators.queries.samples import known_reminders, messaging_shop_of
from sparkops.connections.apis import shop_api
from sparkops.isolation.scope import client_scope
from sparkops.outbox.letters import Letter, send_once
from sparkops.outbox.models import Command
from sparkops.outbox.queue import Handler, OnRefusal, Outcome
from sparkops.tiktok import errors

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


def _not_reminded(command: Command, error: errors.TikTokError, now: datetime) -> None:
    said = f"{error.sentence} TikTok says: {error.message}" if error.message else error.sentence
    fail(command.payload["reminder"], said)


HANDLERS: Mapping[str, Handler] = {REMIND: remind}
ON_REFUSAL: Mapping[str, OnRefusal] = {REMIND: _not_reminded}
