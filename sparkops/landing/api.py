"""Connections and how fresh their data is, in the API."""

from typing import Any

from rest_framework import serializers

from sparkops.api.call import Call
from sparkops.api.gate import client_endpoint
from sparkops.api.operations import Action, Detail
from sparkops.landing.actions import read_again
from sparkops.landing.pages import ConnectionCard, connection_cards
from sparkops.tenants.permissions import Permission

TAG = "Connections"


class StreamShape(serializers.Serializer):
    """One kind of data of a connection. `as_of` null: it was never read, so it is not zero."""

    label = serializers.CharField()
    part = serializers.CharField(help_text="TikTok's id of the shop or ad account, if it has one.")
    status = serializers.CharField()
    as_of = serializers.DateTimeField(allow_null=True)
    next_at = serializers.DateTimeField()
    error = serializers.CharField()
    rows = serializers.IntegerField(help_text="Rows of the newest read.")
    running = serializers.BooleanField()


class ConnectionShape(serializers.Serializer):
    """A grant by an account's owner. Tokens are in no answer."""

    id = serializers.IntegerField(source="connection.pk")
    kind = serializers.ChoiceField(source="connection.kind", choices=["ads", "shop"])
    external_id = serializers.CharField(source="connection.external_id")
    label = serializers.CharField(source="connection.label")
    state = serializers.ChoiceField(
        source="connection.state", choices=["active", "lost", "revoked"]
    )
    connected_at = serializers.DateTimeField(source="connection.connected_at")
    lost_at = serializers.DateTimeField(source="connection.lost_at", allow_null=True)
    lost_reason = serializers.CharField(source="connection.lost_reason")
    as_of = serializers.DateTimeField(allow_null=True, help_text="Its oldest data.")
    affected = serializers.ListField(child=serializers.CharField())
    streams = StreamShape(many=True)


class ReadAgainShape(serializers.Serializer):
    streams = serializers.IntegerField(help_text="How many streams are due now.")


def _connections(call: Call) -> list[ConnectionCard]:
    """Every connection with its streams, what is late and why."""
    return connection_cards(now=call.now)


def _read_again(call: Call, values: dict[str, Any]) -> dict[str, int]:
    """Read everything from TikTok again; new numbers arrive within a minute or two."""
    return {"streams": read_again(by=call.actor, now=call.now)}


CONNECTIONS = client_endpoint(
    "connections",
    TAG,
    get=Detail(summary="List connections", find=_connections, shape=ConnectionShape, many=True),
)
READ_AGAIN = client_endpoint(
    "read_again",
    TAG,
    post=Action(
        summary="Read from TikTok now",
        do=_read_again,
        shape=ReadAgainShape,
        permission=Permission.CONNECT,
        status=202,
    ),
)
