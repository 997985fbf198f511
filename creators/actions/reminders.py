"""Reminding creators of a sample, once per sample."""

from datetime import datetime, timedelta

from creators.models import Sample, SamplePolicy, SampleReminder
from creators.queries.samples import policy_of_client, reminder_of
from creators.rules.samples import REMIND_FROM, SampleState, why_not_remind
from sparkops.audit.record import SYSTEM, Actor, record
from sparkops.clock import shop_day
from sparkops.errors import Refusal
from sparkops.outbox.queue import put
from sparkops.tenants.models import Client

REMIND = "samples.remind"
WORDS = (
    "Hi @{handle}, your sample of {product} arrived on {delivered}. Please post with the product"
    " link by {due}. Thank you! {brand}"
)
SLOTS = ("handle", "product", "delivered", "due", "brand")
BATCH = 200


def remind(sample: Sample, client: Client, *, by: Actor, now: datetime) -> SampleReminder:
    """Put the one reminder of a sample into the outbox. Raises Refusal when it may not be sent."""
    if reminder_of(sample) is not None:
        raise Refusal("reminded", "TikTok allows one reminder per sample, and it was asked for.")
    if why := why_not_remind_now(sample, client, now):
        raise Refusal("not_now", why)
    if not sample.creator.creator_id:
        raise Refusal("unknown_id", "TikTok's id of this creator is not known yet; write by hand.")
    reminder, made = SampleReminder.objects.get_or_create(
        sample=sample,
        defaults={
            "text": words_of(sample, client, policy_of_client()),
            "asked_at": now,
            "asked_by": by.label,
        },
    )
    if made:
        put(REMIND, f"{REMIND}-{sample.pk}", {"reminder": reminder.pk}, by=by, now=now)
        record("sample.reminded", sample, by=by, now=now)
    return reminder


def why_not_remind_now(sample: Sample, client: Client, now: datetime) -> str:
    """ "" when the day and the state allow a reminder, else why not."""
    zone = _zone(sample, client)
    delivered = shop_day(sample.delivered_at, zone) if sample.delivered_at else None
    return why_not_remind(SampleState(sample.state), delivered, shop_day(now, zone))


def remind_due(client: Client, *, now: datetime) -> int:
    """Remind of every sample whose day has come, where the client wants it; returns how many."""
    policy = policy_of_client()
    if policy.remind_on_day is None:
        return 0
    wait = max(timedelta(days=policy.remind_on_day), REMIND_FROM)
    rows = (
        Sample.objects.select_related("creator", "product__shop")
        .filter(
            state=SampleState.DELIVERED.value,
            # A day is a zone's; the rule below decides, an extra day here loses nothing.
            delivered_at__lte=now - wait + timedelta(days=1),
            reminder=None,
        )
        .exclude(creator__creator_id="")
        .order_by("delivered_at", "pk")[:BATCH]
    )
    sent = 0
    for sample in rows:
        assert sample.delivered_at is not None
        zone = _zone(sample, client)
        if shop_day(now, zone) >= shop_day(sample.delivered_at, zone) + wait:
            remind(sample, client, by=SYSTEM, now=now)
            sent += 1
    return sent


def words_of(sample: Sample, client: Client, policy: SamplePolicy) -> str:
    """The message with the names and days of the sample in it."""
    zone = _zone(sample, client)
    arrived = shop_day(sample.delivered_at, zone) if sample.delivered_at else None
    values = {
        "handle": sample.creator.shown_handle,
        "product": str(sample.product or "the product"),
        "delivered": f"{arrived:%B} {arrived.day}" if arrived else "",
        "due": f"{sample.due_on:%B} {sample.due_on.day}" if sample.due_on else "",
        "brand": client.name,
    }
    text = policy.reminder_text or WORDS
    for slot in SLOTS:
        text = text.replace(f"{{{slot}}}", values[slot])
    return text


def keep_sent(reminder_id: int, message_id: str, *, now: datetime) -> None:
    """TikTok took the message."""
    SampleReminder.objects.filter(pk=reminder_id, state=SampleReminder.State.WAITING).update(
        state=SampleReminder.State.SENT, message_id=message_id, sent_at=now
    )


def drop(reminder_id: int, why: str) -> None:
    """It is not needed any more: the creator posted in between."""
    _end(reminder_id, SampleReminder.State.DROPPED, why)


def fail(reminder_id: int, why: str) -> None:
    """TikTok did not take it; the reason stands on the sample."""
    _end(reminder_id, SampleReminder.State.FAILED, why)


def _end(reminder_id: int, state: SampleReminder.State, why: str) -> None:
    SampleReminder.objects.filter(pk=reminder_id, state=SampleReminder.State.WAITING).update(
        state=state, problem=why
    )


def save_reminders(
    *, remind_on_day: int | None, reminder_text: str, by: Actor, now: datetime
) -> None:
    """Change when creators are reminded and with which words."""
    policy = policy_of_client()
    before = {"remind_on_day": policy.remind_on_day, "reminder_text": policy.reminder_text}
    after = {"remind_on_day": remind_on_day, "reminder_text": reminder_text}
    if before == after and policy.pk:
        return
    policy.remind_on_day, policy.reminder_text = remind_on_day, reminder_text
    policy.save()
    record("samples.rules_changed", policy, by=by, now=now, data={"before": before, "after": after})


def _zone(sample: Sample, client: Client) -> str:
    return sample.product.shop.timezone if sample.product else client.timezone
