"""The blocklist, collisions with the agency's other clients, and exclusivity, in the API."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from creators.models import Block, Creator
from sparkops.api.call import Call
from sparkops.api.fields import named
from sparkops.api.gate import client_endpoint
from sparkops.api.operations import Action, Listing, own_id, page_values
from sparkops.outreach.actions import collisions as actions
from sparkops.outreach.actions import contacts
from sparkops.outreach.api import EDIT, TAG
from sparkops.outreach.api.building import ReasonInput
from sparkops.outreach.forms import BlockForm, ExclusivityForm, OverrideForm
from sparkops.outreach.models import Collision, Exclusivity
from sparkops.outreach.queries.collisions import collisions, exclusivities


class BlockShape(serializers.ModelSerializer):
    """Why nobody works with a creator; a lifted one stays readable."""

    creator_id = serializers.IntegerField(read_only=True)
    creator = named("creator.shown_handle")

    class Meta:
        model = Block
        fields = (
            "id", "creator_id", "creator", "reason", "evidence", "blocked_at", "blocked_by",
            "lifted_at", "lifted_by",
        )  # fmt: skip


class BlockInput(serializers.Serializer):
    """Why, in a sentence, and what was seen: links, order or sample numbers."""

    reason = serializers.CharField(max_length=300)
    evidence = serializers.CharField(max_length=5_000)


class CollisionShape(serializers.ModelSerializer):
    """A creator whom another client of the agency holds, or a post behind which both bid. It does
    not tell who the other one is."""

    creator_id = serializers.IntegerField(read_only=True, allow_null=True)
    post_id = serializers.IntegerField(read_only=True, allow_null=True)
    creator = named("creator.shown_handle")

    class Meta:
        model = Collision
        fields = (
            "id", "kind", "creator_id", "creator", "post_id", "ends_on", "ads", "since",
            "accepted_at", "accepted_by", "reason",
        )  # fmt: skip


class ExclusivityShape(serializers.ModelSerializer):
    """A creator who works for this client alone; days of the client's zone, both included."""

    creator_id = serializers.IntegerField(read_only=True)
    creator = named("creator.shown_handle")

    class Meta:
        model = Exclusivity
        fields = (
            "id", "creator_id", "creator", "starts_on", "ends_on", "note", "actor", "created_at",
            "ended_at",
        )  # fmt: skip


class ExclusivityInput(serializers.Serializer):
    """Days of the client's zone, both included. The note is seen by this client's people only."""

    handle = serializers.CharField(max_length=64)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    note = serializers.CharField(max_length=300, required=False, allow_blank=True)


class BlocksAsked(forms.Form):
    creator = own_id("Own id of a creator")
    open = forms.ChoiceField(
        label="Only blocks that count, or only lifted ones",
        required=False,
        choices=[("true", "Counts"), ("false", "Lifted")],
    )


class CollisionsAsked(forms.Form):
    view = forms.ChoiceField(
        label="Accepted ones instead of open ones",
        required=False,
        choices=[("accepted", "Accepted")],
    )


def _blocks(call: Call) -> QuerySet[Block]:
    """The blocklist, lifted blocks too."""
    asked = dict(call.values)
    if word := asked.pop("open", ""):
        asked["lifted_at__isnull"] = word == "true"
    return Block.objects.filter(**asked).select_related("creator")


def _block(call: Call, values: dict[str, Any]) -> Block:
    """Block a creator: no message, no sample and no launch from now on. One who is blocked keeps
    the first block, with this reason and evidence."""
    row = get_object_or_404(Creator, pk=call.ids["pk"])
    contacts.block(row, **page_values(BlockForm(values)), by=call.actor, now=call.now)
    return get_object_or_404(_blocks(call), creator=row, lifted_at=None)


def _unblock(call: Call, values: dict[str, Any]) -> Block:
    """Work with a creator again; what the block ended stays ended."""
    blocks = _blocks(call).filter(creator=call.ids["pk"], lifted_at=None)
    block = get_object_or_404(blocks)
    contacts.unblock(block.creator, by=call.actor, now=call.now)
    return get_object_or_404(_blocks(call), pk=block.pk)


def _collisions(call: Call) -> QuerySet[Collision]:
    """Where other clients of the agency are, too; none that is over."""
    return collisions(call.values.get("view", ""))


def _accept(call: Call, values: dict[str, Any]) -> Collision:
    """Go on in spite of a collision, with a reason."""
    rows = Collision.objects.select_related("creator", "post")
    row = get_object_or_404(rows, pk=call.ids["pk"])
    reason = page_values(OverrideForm(values))["reason"]
    actions.accept(row, reason, by=call.actor, now=call.now)
    return get_object_or_404(rows, pk=row.pk)


def _exclusivities(call: Call) -> QuerySet[Exclusivity]:
    """What this client has agreed and nobody ended."""
    return exclusivities()


def _keep(call: Call, values: dict[str, Any]) -> Exclusivity:
    """Note that a creator works for this client alone in some days."""
    chosen = page_values(ExclusivityForm(values))
    return actions.keep_exclusivity(**chosen, by=call.actor, now=call.now)


def _end(call: Call, values: dict[str, Any]) -> Exclusivity:
    """An exclusivity holds no longer."""
    rows = Exclusivity.objects.select_related("creator")
    row = get_object_or_404(rows, pk=call.ids["pk"])
    actions.end_exclusivity(row, by=call.actor, now=call.now)
    return get_object_or_404(rows, pk=row.pk)


BLOCKS = client_endpoint(
    "blocks",
    TAG,
    get=Listing(
        summary="List blocked creators",
        rows=_blocks,
        shape=BlockShape,
        filters=BlocksAsked,
        permission=EDIT,
    ),
)
BLOCK = client_endpoint(
    "block_creator",
    TAG,
    post=Action(
        summary="Block a creator",
        do=_block,
        takes=BlockInput,
        shape=BlockShape,
        permission=EDIT,
        status=201,
    ),
)
UNBLOCK = client_endpoint(
    "unblock_creator",
    TAG,
    post=Action(summary="Lift a block", do=_unblock, shape=BlockShape, permission=EDIT),
)
COLLISIONS = client_endpoint(
    "collisions",
    TAG,
    get=Listing(
        summary="List collisions",
        rows=_collisions,
        shape=CollisionShape,
        filters=CollisionsAsked,
        permission=EDIT,
    ),
)
ACCEPT = client_endpoint(
    "accept_collision",
    TAG,
    post=Action(
        summary="Go on in spite of a collision",
        do=_accept,
        takes=ReasonInput,
        shape=CollisionShape,
        permission=EDIT,
    ),
)
EXCLUSIVITIES = client_endpoint(
    "exclusivities",
    TAG,
    get=Listing(
        summary="List exclusivity",
        rows=_exclusivities,
        shape=ExclusivityShape,
        permission=EDIT,
    ),
    post=Action(
        summary="Note exclusivity",
        do=_keep,
        takes=ExclusivityInput,
        shape=ExclusivityShape,
        permission=EDIT,
        status=201,
    ),
)
END = client_endpoint(
    "end_exclusivity",
    TAG,
    post=Action(summary="End exclusivity", do=_end, shape=ExclusivityShape, permission=EDIT),
)
