"""Answering creators by hand, and who does it."""

from datetime import datetime

from creators.models import Creator
from sparkops.accounts.models import User
from sparkops.audit.record import Actor, record
from sparkops.errors import Refusal
from sparkops.outbox.queue import put
from sparkops.outreach.models import Answer, SavedAnswer, Thread

COMMAND = "outreach.answer"
SHOWN = 200


def heard(creator: Creator, text: str, *, at: datetime) -> None:
    """A message of the creator came: its thread waits, and leads the inbox when it is newer."""
    thread, is_new = Thread.objects.select_for_update().get_or_create(
        creator=creator, defaults={"last_at": at, "last_text": text[:SHOWN]}
    )
    if not is_new and at >= thread.last_at:
        thread.last_at, thread.last_text, thread.waits = at, text[:SHOWN], True
        thread.save(update_fields=["last_at", "last_text", "waits"])


def answer(thread: Thread, text: str, *, by: Actor, now: datetime) -> Answer:
    """Write an answer and put it on its way. Raises Refusal for no words, for a creator whom
    TikTok's id is missing of, and while the same words are on their way already."""
    locked = Thread.objects.select_for_update(of=("self",)).select_related("creator")
    found = locked.get(pk=thread.pk)
    if not text:
        raise Refusal("no_text", "Write an answer first.", field="text")
    if not found.creator.creator_id:
        raise Refusal("no_id", "TikTok's id of this creator is not known yet.", field="text")
    if found.answers.filter(state=Answer.State.SENDING, text=text).exists():
        raise Refusal("twice", "These words are on their way already.", field="text")
    one = Answer.objects.create(thread=found, text=text, actor=by.label, created_at=now)
    found.waits, found.last_at, found.last_text = False, max(now, found.last_at), text[:SHOWN]
    found.save(update_fields=["waits", "last_at", "last_text"])
    put(COMMAND, f"{COMMAND}:{one.pk}", {"answer": one.pk}, by=by, now=now)
    return one


def keep_answer(answer_id: int, message_id: str, *, now: datetime) -> None:
    """It is out."""
    Answer.objects.filter(pk=answer_id).update(
        state=Answer.State.SENT, message_id=message_id, sent_at=now
    )


def fail_answer(answer_id: int, why: str) -> None:
    """It did not get out: the thread waits again."""
    Answer.objects.filter(pk=answer_id).update(state=Answer.State.FAILED, reason=why)
    Thread.objects.filter(answers=answer_id).update(waits=True)


def assign(thread: Thread, to: User | None, *, by: Actor, now: datetime) -> None:
    """Say who answers a creator; None is nobody in particular."""
    if thread.assigned_to_id == (to.pk if to else None):
        return
    before = str(thread.assigned_to) if thread.assigned_to else ""
    thread.assigned_to = to
    thread.save(update_fields=["assigned_to"])
    data = {"before": before, "after": str(to) if to else ""}
    record("thread.assigned", thread.creator, by=by, now=now, data=data)


def save_words(name: str, body: str) -> None:
    """Keep words that are used often, or change those of the name."""
    SavedAnswer.objects.update_or_create(name=name, defaults={"body": body})
