"""The shared inbox, and one conversation in order."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from sparkops.isolation.scope import current_client_id
from sparkops.outreach.models import Answer, Letter, Reply, SavedAnswer, Thread
from sparkops.outreach.queries.outreaches import values_of_creator
from sparkops.renewals.rules.messages import filled
from sparkops.tenants.models import Client

VIEWS = ("waits", "mine", "")
MOST_SHOWN = 100


@dataclass(frozen=True)
class Said:
    """One message of a conversation; `who` is empty for the creator."""

    at: datetime
    text: str
    who: str = ""
    note: str = ""


def threads(view: str, user_id: int) -> QuerySet[Thread]:
    """The threads of a view: waiting for an answer, assigned to `user_id`, all."""
    rows = Thread.objects.select_related("creator", "assigned_to")
    if view == "waits":
        return rows.filter(waits=True)
    return rows.filter(assigned_to=user_id) if view == "mine" else rows


def conversation(thread: Thread) -> list[Said]:
    """What was said on both sides, the newest first, at most a hundred. Three queries."""
    replies = Reply.objects.filter(creator=thread.creator_id).order_by("-sent_at")[:MOST_SHOWN]
    letters = (
        Letter.objects.filter(recipient__creator=thread.creator_id, state=Letter.State.SENT)
        .select_related("recipient__outreach")
        .order_by("-sent_at")[:MOST_SHOWN]
    )
    answers = thread.answers.order_by("-created_at")[:MOST_SHOWN]
    found = [Said(one.sent_at, one.text or "Not a text: look into TikTok.") for one in replies]
    for one in letters:
        outreach = one.recipient.outreach
        found.append(Said(one.sent_at or one.created_at, one.text, outreach.actor, outreach.name))
    found += [_answered(one) for one in answers]
    return sorted(found, key=lambda one: one.at, reverse=True)[:MOST_SHOWN]


def _answered(one: Answer) -> Said:
    note = "" if one.state == Answer.State.SENT else str(one.get_state_display())
    return Said(one.sent_at or one.created_at, one.text, one.actor, one.reason or note)


def saved_words() -> QuerySet[SavedAnswer]:
    """Every saved answer, by name."""
    return SavedAnswer.objects.order_by("name")


def words_for(saved: SavedAnswer, thread: Thread) -> str:
    """A saved answer as it would go to the creator of a thread."""
    brand = Client.objects.get(pk=current_client_id()).name
    values: dict[str, Any] = {"brand": brand, **values_of_creator(thread.creator)}
    return filled(saved.body, values)
