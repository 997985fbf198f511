"""Segments, outreach and conversations in the API."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from creators.forms import CreatorFilters
from creators.models import MarketHit, MarketSearch
from sparkops.api.call import Call
from sparkops.api.fields import named
from sparkops.api.gate import client_endpoint
from sparkops.api.operations import LARGEST_ID, Action, Listing, own_id, page_values
from sparkops.errors import Refusal
from sparkops.outreach.actions import inbox, outreaches, segments, steering
from sparkops.outreach.models import Outreach, Recipient, Segment, Thread
from sparkops.outreach.queries.outreaches import outreaches as all_outreaches
from sparkops.tenants.permissions import Permission
from sparkops.tenants.queries import people_who_may

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
    """Creators under a name: a list of handles, of which those that no creator has are left out;
    or the filters of the list of creators, by which the segment follows it; or whom a search of
    the marketplace found, who become creators."""

    name = serializers.CharField(max_length=120)
    handles = serializers.ListField(
        child=serializers.CharField(max_length=64), min_length=1, max_length=10_000, required=False
    )
    filters = serializers.DictField(
        child=serializers.CharField(allow_blank=True, max_length=64),
        required=False,
        help_text="As parameters of the list.",
    )
    search_id = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False)


class OutreachShape(serializers.ModelSerializer):
    """A campaign of messages; the four counts add up to `total`. Rates are fractions."""

    segment_id = serializers.IntegerField(read_only=True)
    queued = serializers.IntegerField(source="queued_count", read_only=True)
    sent = serializers.IntegerField(source="sent_count", read_only=True)
    skipped = serializers.IntegerField(source="skipped_count", read_only=True)
    failed = serializers.IntegerField(source="failed_count", read_only=True)

    class Meta:
        model = Outreach
        fields: tuple[str, ...] = (
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
    """Save creators under a name: by handles, by filters, or whom a search found."""
    if len([one for one in ("handles", "filters", "search_id") if one in values]) != 1:
        raise Refusal(
            "one_kind", "Name handles, filters or a search: one of the three.", field="handles"
        )
    name, by, now = values["name"], call.actor, call.now
    if "search_id" in values:
        return segments.save_found(name, _found(values["search_id"]), by=by, now=now)
    filters = _filters(call, values.get("filters", {}))
    handles = "\n".join(values.get("handles", ()))
    made, _unknown = segments.save_segment(name, filters=filters, handles=handles, by=by, now=now)
    return made


def _found(search_id: int) -> list[MarketHit]:
    search = MarketSearch.objects.filter(pk=search_id).first()
    if search is None:
        raise Refusal("unknown_search", "There is no such search here.", field="search_id")
    return list(search.found.order_by("position"))


def _filters(call: Call, given: dict[str, str]) -> dict[str, str]:
    form = CreatorFilters(given, people=people_who_may(call.client, Permission.VIEW))
    if unknown := sorted(set(given) - set(form.fields)):
        raise Refusal("unknown_filter", f"There is no filter “{unknown[0]}”.", field="filters")
    page_values(form, lambda name: f"filters.{name}")
    return given


def outreaches_asked(call: Call) -> QuerySet[Outreach]:
    """Outreach with its counts, the newest first."""
    return all_outreaches().filter(**call.values)


def outreach_asked(call: Call) -> Outreach:
    """One outreach by own id."""
    return get_object_or_404(all_outreaches(), pk=call.ids["pk"])


def _start(call: Call, values: dict[str, Any]) -> Outreach:
    """Send a draft to everyone of its segment."""
    outreaches.start(outreach_asked(call), zone=call.client.timezone, by=call.actor, now=call.now)
    return outreach_asked(call)


def _pause(call: Call, values: dict[str, Any]) -> Outreach:
    """Send nothing more until somebody says so."""
    steering.pause(outreach_asked(call), by=call.actor, now=call.now)
    return outreach_asked(call)


def _resume(call: Call, values: dict[str, Any]) -> Outreach:
    """Go on where the pause began."""
    steering.resume(outreach_asked(call), by=call.actor, now=call.now)
    return outreach_asked(call)


def _stop(call: Call, values: dict[str, Any]) -> Outreach:
    """End it for good; whoever was not written to is left out."""
    steering.stop(outreach_asked(call), by=call.actor, now=call.now)
    return outreach_asked(call)


def _recipients(call: Call) -> QuerySet[Recipient]:
    """Everyone whom outreach writes to, with the state of each."""
    return Recipient.objects.filter(**call.values).select_related("creator")


def threads_asked(call: Call) -> QuerySet[Thread]:
    """Conversations with creators."""
    rows = Thread.objects.select_related("creator", "assigned_to")
    word = call.values.get("waits", "")
    return rows.filter(waits=word == "true") if word else rows


def _answer(call: Call, values: dict[str, Any]) -> Thread:
    """Write to the creator as the shop; it leaves within a minute."""
    row = get_object_or_404(threads_asked(call), pk=call.ids["pk"])
    inbox.answer(row, values["text"], by=call.actor, now=call.now)
    return get_object_or_404(threads_asked(call), pk=row.pk)


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
        rows=threads_asked,
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
