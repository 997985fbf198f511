"""Segments, outreach and conversations in the API."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from sparkops.api.call import Call
from sparkops.api.fields import named
from sparkops.api.gate import client_endpoint
from sparkops.api.operations import Action, Detail, Listing, own_id
from sparkops.outreach.actions import inbox, outreaches, segments, steering
from sparkops.outreach.models import Outreach, Recipient, Segment, Thread
from sparkops.outreach.queries.outreaches import outreaches as all_outreaches
from sparkops.tenants.permissions import Permission

TAG = "Outreach"
EDIT = Permission.CREATOR_EDIT


class SegmentShape(serializers.ModelSerializer):
    """A group of creators: a saved filter, or a list of handles."""

    handles = serializers.ListField(source="listed", child=serializers.CharField(), read_only=True)
    filters = serializers.DictField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Segment
        fields = ("id", "name", "filters", "handles", "created_at", "created_by")


class SegmentInput(serializers.Serializer):
    """A list of handles under a name; handles that no creator has are left out."""

    name = serializers.CharField(max_length=120)
    handles = serializers.ListField(
        child=serializers.CharField(max_length=64), min_length=1, max_length=1_000
    )


class OutreachShape(serializers.ModelSerializer):
    """A campaign of messages; the four counts add up to `total`. Rates are fractions."""

    segment_id = serializers.IntegerField(read_only=True)
    queued = serializers.IntegerField(source="queued_count", read_only=True)
    sent = serializers.IntegerField(source="sent_count", read_only=True)
    skipped = serializers.IntegerField(source="skipped_count", read_only=True)
    failed = serializers.IntegerField(source="failed_count", read_only=True)

    class Meta:
        model = Outreach
        fields = (
            "id", "name", "channel", "state", "segment_id", "subject", "body", "rate",
            "shop_ads_rate", "ends_on", "quiet_days", "total", "queued", "sent", "skipped",
            "failed", "created_at", "started_at", "finished_at",
        )  # fmt: skip


class RecipientShape(serializers.ModelSerializer):
    """One creator of an outreach; `reason` says why it was skipped or failed."""

    outreach_id = serializers.IntegerField(read_only=True)
    creator_id = serializers.IntegerField(read_only=True)
    creator = named("creator.shown_handle")

    class Meta:
        model = Recipient
        fields = (
            "id", "outreach_id", "creator_id", "creator", "state", "reason", "due_at", "sent_at",
            "next_at", "overridden",
        )  # fmt: skip


class ThreadShape(serializers.ModelSerializer):
    """The conversation with one creator; it `waits` while the last word is the creator's."""

    creator_id = serializers.IntegerField(read_only=True)
    creator = named("creator.shown_handle")
    assigned_to = named("assigned_to.name")

    class Meta:
        model = Thread
        fields = (
            "id", "creator_id", "creator", "assigned_to", "waits", "last_at", "last_text",
        )  # fmt: skip


class MessageInput(serializers.Serializer):
    """What is written to the creator as the shop."""

    text = serializers.CharField(max_length=2_000)


class OutreachesAsked(forms.Form):
    state = forms.ChoiceField(label="State", required=False, choices=Outreach.State.choices)


class RecipientsAsked(forms.Form):
    outreach = own_id("Own id of an outreach")
    state = forms.ChoiceField(label="State", required=False, choices=Recipient.State.choices)


class ThreadsAsked(forms.Form):
    waits = forms.ChoiceField(
        label="Only those that wait for an answer, or only the others",
        required=False,
        choices=[("true", "Waits"), ("false", "Answered")],
    )


def _segments(call: Call) -> QuerySet[Segment]:
    """Saved groups of creators."""
    return Segment.objects.all()


def _save_segment(call: Call, values: dict[str, Any]) -> Segment:
    """Save a list of creators under a name."""
    made, _unknown = segments.save_segment(
        values["name"],
        filters={},
        handles="\n".join(values["handles"]),
        by=call.actor,
        now=call.now,
    )
    return made


def _outreaches(call: Call) -> QuerySet[Outreach]:
    """Outreach with its counts, the newest first."""
    return all_outreaches().filter(**call.values)


def _outreach(call: Call) -> Outreach:
    """One outreach by own id."""
    return get_object_or_404(all_outreaches(), pk=call.ids["pk"])


def _start(call: Call, values: dict[str, Any]) -> Outreach:
    """Send a draft to everyone of its segment."""
    outreaches.start(_outreach(call), zone=call.client.timezone, by=call.actor, now=call.now)
    return _outreach(call)


def _pause(call: Call, values: dict[str, Any]) -> Outreach:
    """Send nothing more until somebody says so."""
    steering.pause(_outreach(call), by=call.actor, now=call.now)
    return _outreach(call)


def _resume(call: Call, values: dict[str, Any]) -> Outreach:
    """Go on where the pause began."""
    steering.resume(_outreach(call), by=call.actor, now=call.now)
    return _outreach(call)


def _stop(call: Call, values: dict[str, Any]) -> Outreach:
    """End it for good; whoever was not written to is left out."""
    steering.stop(_outreach(call), by=call.actor, now=call.now)
    return _outreach(call)


def _recipients(call: Call) -> QuerySet[Recipient]:
    """Everyone whom outreach writes to, with the state of each."""
    return Recipient.objects.filter(**call.values).select_related("creator")


def _threads(call: Call) -> QuerySet[Thread]:
    """Conversations with creators."""
    rows = Thread.objects.select_related("creator", "assigned_to")
    word = call.values.get("waits", "")
    return rows.filter(waits=word == "true") if word else rows


def _answer(call: Call, values: dict[str, Any]) -> Thread:
    """Write to the creator as the shop; it leaves within a minute."""
    row = get_object_or_404(_threads(call), pk=call.ids["pk"])
    inbox.answer(row, values["text"], by=call.actor, now=call.now)
    return get_object_or_404(_threads(call), pk=row.pk)


SEGMENTS = client_endpoint(
    "segments",
    TAG,
    get=Listing(summary="List segments", rows=_segments, shape=SegmentShape, permission=EDIT),
    post=Action(
        summary="Save a segment",
        do=_save_segment,
        takes=SegmentInput,
        shape=SegmentShape,
        permission=EDIT,
        status=201,
    ),
)
OUTREACH_LIST = client_endpoint(
    "outreaches",
    TAG,
    get=Listing(
        summary="List outreach", rows=_outreaches, shape=OutreachShape, filters=OutreachesAsked
    ),
)
OUTREACH = client_endpoint(
    "outreach", TAG, get=Detail(summary="Show an outreach", find=_outreach, shape=OutreachShape)
)
DEEDS = {
    word: client_endpoint(
        f"{word}_outreach",
        TAG,
        post=Action(summary=summary, do=do, shape=OutreachShape, permission=EDIT, status=202),
    )
    for word, summary, do in (
        ("start", "Start an outreach", _start),
        ("pause", "Pause an outreach", _pause),
        ("resume", "Resume an outreach", _resume),
        ("stop", "Stop an outreach", _stop),
    )
}
RECIPIENTS = client_endpoint(
    "outreach_recipients",
    TAG,
    get=Listing(
        summary="List recipients", rows=_recipients, shape=RecipientShape, filters=RecipientsAsked
    ),
)
THREADS = client_endpoint(
    "conversations",
    TAG,
    get=Listing(
        summary="List conversations",
        rows=_threads,
        shape=ThreadShape,
        filters=ThreadsAsked,
        permission=EDIT,
    ),
)
ANSWER = client_endpoint(
    "answer_conversation",
    TAG,
    post=Action(
        summary="Answer a creator",
        do=_answer,
        takes=MessageInput,
        shape=ThreadShape,
        permission=EDIT,
        status=202,
    ),
)
