"""Webhooks and their log in the API. Endpoints and secrets are set up by people."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from sparkops.api.call import Call
from sparkops.api.fields import named
from sparkops.api.gate import client_endpoint
from sparkops.api.operations import Action, Listing, own_id
from sparkops.hooks import actions
from sparkops.hooks.models import Delivery, Endpoint
from sparkops.hooks.spreading import endpoints_of
from sparkops.tenants.permissions import Permission

TAG = "Webhooks"


class EndpointShape(serializers.ModelSerializer):
    """An address that is told what happens; no group means every event."""

    groups = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Endpoint
        fields = (
            "id", "name", "url", "groups", "created_at", "failing_since", "disabled_at",
            "disabled_why",
        )  # fmt: skip


class MessageShape(serializers.ModelSerializer):
    """One event on its way to one endpoint; `body` is exactly what is signed."""

    endpoint_id = serializers.IntegerField(read_only=True)
    endpoint = named("endpoint.name")

    class Meta:
        model = Delivery
        fields = (
            "id", "message_id", "endpoint_id", "endpoint", "event", "body", "happened_at",
            "state", "finished_at",
        )  # fmt: skip


class MessagesAsked(forms.Form):
    endpoint = own_id("Own id of a webhook")
    state = forms.ChoiceField(label="State", required=False, choices=Delivery.State.choices)


def _endpoints(call: Call) -> QuerySet[Endpoint]:
    """Webhooks that are told of this client."""
    return endpoints_of(call.client)


def _messages(call: Call) -> QuerySet[Delivery]:
    """What webhooks were told of this client, the newest first."""
    return Delivery.objects.filter(**call.values).select_related("endpoint")


def _again(call: Call, values: dict[str, Any]) -> Delivery:
    """Send a message again under its id."""
    row = get_object_or_404(_messages(call), pk=call.ids["pk"])
    actions.replay(row.endpoint, call.client, row.pk, by=call.actor, now=call.now)
    return get_object_or_404(_messages(call), pk=row.pk)


ENDPOINTS = client_endpoint(
    "webhooks",
    TAG,
    get=Listing(
        summary="List webhooks",
        rows=_endpoints,
        shape=EndpointShape,
        permission=Permission.WEBHOOKS,
    ),
)
MESSAGES = client_endpoint(
    "webhook_messages",
    TAG,
    get=Listing(
        summary="List messages of webhooks",
        rows=_messages,
        shape=MessageShape,
        filters=MessagesAsked,
        permission=Permission.WEBHOOKS,
    ),
)
AGAIN = client_endpoint(
    "replay_webhook_message",
    TAG,
    post=Action(
        summary="Send a message again",
        do=_again,
        shape=MessageShape,
        permission=Permission.WEBHOOKS,
        status=202,
    ),
)
