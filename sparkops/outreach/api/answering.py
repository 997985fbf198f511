"""Conversations with creators in the API: what was said, who answers, and saved answers."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from sparkops.api.call import Call
from sparkops.api.gate import client_endpoint
from sparkops.api.operations import Action, Detail, Listing, page_values
from sparkops.errors import Refusal
from sparkops.outreach.actions import contacts, inbox
from sparkops.outreach.api import EDIT, TAG, ThreadShape, threads_asked
from sparkops.outreach.forms import WordsForm
from sparkops.outreach.models import SavedAnswer, Thread
from sparkops.outreach.queries.inbox import Said, conversation, saved_words
from sparkops.outreach.rules.replies import DECLINED, OPTED_OUT
from sparkops.tenants.queries import people_who_may

UNDO = "undo"


class SaidShape(serializers.Serializer):
    """One message; `who` is empty for the creator, `note` the outreach or why it did not leave."""

    at = serializers.DateTimeField()
    text = serializers.CharField()
    who = serializers.CharField()
    note = serializers.CharField()


class AssignInput(serializers.Serializer):
    """The address of somebody who may edit creators; null is nobody in particular."""

    to = serializers.EmailField(allow_null=True)


class MarkInput(serializers.Serializer):
    """What holds for the creator in every outreach from now on; `undo` takes an opt-out or a block
    back."""

    what = serializers.ChoiceField(choices=[DECLINED, OPTED_OUT, UNDO])


class SavedAnswerShape(serializers.ModelSerializer):
    """Words that are used often, with {creator}, {handle} and {brand} still in them."""

    class Meta:
        model = SavedAnswer
        fields = ("id", "name", "body")


class SavedAnswerInput(serializers.Serializer):
    """The same name again changes the words."""

    name = serializers.CharField(max_length=80)
    body = serializers.CharField(max_length=2_000)


def _thread(call: Call) -> Thread:
    return get_object_or_404(threads_asked(call), pk=call.ids["pk"])


def _messages(call: Call) -> list[Said]:
    """What was said on both sides, the newest first, at most a hundred."""
    return conversation(_thread(call))


def _assign(call: Call, values: dict[str, Any]) -> Thread:
    """Say who answers a creator."""
    person = None
    if address := values["to"]:
        people = {one.email: one for one in people_who_may(call.client, EDIT)}
        person = people.get(address.lower())
        if person is None:
            said = "Nobody with this address may answer creators here."
            raise Refusal("unknown_person", said, field="to")
    inbox.assign(row := _thread(call), person, by=call.actor, now=call.now)
    return row


def _mark(call: Call, values: dict[str, Any]) -> Thread:
    """Note that a creator declined or wants no more messages, or take that back."""
    row, what = _thread(call), values["what"]
    if what == UNDO:
        contacts.unblock(row.creator, by=call.actor, now=call.now)
    else:
        contacts.note(row.creator, what, at=call.now, by=call.actor, now=call.now)
    return row


def _saved(call: Call) -> QuerySet[SavedAnswer]:
    """Saved answers."""
    return saved_words()


def _save(call: Call, values: dict[str, Any]) -> SavedAnswer:
    """Keep words that are used often."""
    words = page_values(WordsForm(values))
    inbox.save_words(words["name"], words["body"])
    return get_object_or_404(saved_words(), name=words["name"])


MESSAGES = client_endpoint(
    "conversation_messages",
    TAG,
    get=Detail(
        summary="Show a conversation",
        find=_messages,
        shape=SaidShape,
        permission=EDIT,
        many=True,
    ),
)
ASSIGN = client_endpoint(
    "assign_conversation",
    TAG,
    post=Action(
        summary="Say who answers a creator",
        do=_assign,
        takes=AssignInput,
        shape=ThreadShape,
        permission=EDIT,
    ),
)
MARK = client_endpoint(
    "mark_conversation",
    TAG,
    post=Action(
        summary="Note what a creator wants",
        do=_mark,
        takes=MarkInput,
        shape=ThreadShape,
        permission=EDIT,
    ),
)
SAVED = client_endpoint(
    "saved_answers",
    TAG,
    get=Listing(summary="List saved answers", rows=_saved, shape=SavedAnswerShape, permission=EDIT),
    post=Action(
        summary="Save an answer",
        do=_save,
        takes=SavedAnswerInput,
        shape=SavedAnswerShape,
        permission=EDIT,
    ),
)
