"""Who is next, and what was sent to whom."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from sparkops.outreach.models import Answer, Letter, Outreach, Recipient
from sparkops.outreach.rules.pace import MINUTE, allowance
from sparkops.renewals.queries.asks import known_message_ids


def running() -> QuerySet[Outreach]:
    """Outreach that may send now."""
    return Outreach.objects.filter(state=Outreach.State.RUNNING)


def waiting(channel: str, now: datetime) -> QuerySet[Recipient]:
    """Recipients of running outreach whose first message may be written now."""
    written = Letter.objects.filter(recipient=OuterRef("pk"))
    return (
        Recipient.objects.filter(
            Q(due_at=None) | Q(due_at__lte=now),
            state=Recipient.State.QUEUED,
            outreach__state=Outreach.State.RUNNING,
            outreach__channel=channel,
        )
        .exclude(Exists(written))
        .select_related("creator", "outreach")
    )


def following(channel: str, now: datetime) -> QuerySet[Recipient]:
    """Recipients of running outreach whose follow-up is due by a channel. What follows an
    invitation is a shop message."""
    first = [channel, Outreach.Channel.TARGET] if channel == Outreach.Channel.SHOP else [channel]
    return Recipient.objects.filter(
        state=Recipient.State.SENT,
        next_at__lte=now,
        outreach__state=Outreach.State.RUNNING,
        outreach__channel__in=[one for one in first if channel != Outreach.Channel.TARGET],
    ).select_related("creator", "outreach")


def room(channel: str, now: datetime) -> int:
    """How many creators the channel may still reach in this minute."""
    rows = Letter.objects.filter(channel=channel, created_at__gt=now - MINUTE)
    return allowance(channel, rows.count())


def own_message_ids(creator_id: int) -> frozenset[str]:
    """TikTok's ids of all our messages to a creator, of outreach, of people and of renewals."""
    rows = Letter.objects.filter(recipient__creator=creator_id).exclude(message_id="")
    answers = Answer.objects.filter(thread__creator=creator_id).exclude(message_id="")
    return frozenset(
        {
            *known_message_ids(creator_id),
            *rows.values_list("message_id", flat=True),
            *answers.values_list("message_id", flat=True),
        }
    )


def why_unreachable(recipient: Recipient, channel: str) -> str:
    """ "" when the channel can reach the creator, else why not."""
    creator = recipient.creator
    if channel == Outreach.Channel.EMAIL:
        return "" if creator.email else "No e-mail address is known."
    return "" if creator.creator_id else "TikTok's id of this creator is not known yet."


def letter_keys(letters: list[Letter]) -> Mapping[str, list[Letter]]:
    """The outbox keys behind some letters; those of one invitation share one."""
    found: dict[str, list[Letter]] = {}
    for one in letters:
        found.setdefault(key_of(one), []).append(one)
    return found


def key_of(letter: Letter) -> str:
    """The key of the command that sends a letter."""
    if letter.invitation is not None:
        return f"outreach.target:{letter.invitation.pk}:{letter.invitation.attempt}"
    return f"outreach.{letter.channel}:{letter.pk}:{letter.attempt}"
