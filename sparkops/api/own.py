"""What a key can ask about itself: who it is, and the clients it reaches."""

from django.db.models import QuerySet
from rest_framework import serializers

from sparkops.api.call import Call
from sparkops.api.gate import portfolio_endpoint
from sparkops.api.keys import reachable_clients
from sparkops.api.models import ApiKey
from sparkops.api.operations import Detail, Listing
from sparkops.tenants.models import Client
from sparkops.web.keyset import Order

TAG = "Clients"


class ClientShape(serializers.ModelSerializer):
    """A client: `slug` names it in every address below."""

    class Meta:
        model = Client
        fields = ("id", "slug", "name", "timezone", "currency", "created_at")


class KeyShape(serializers.ModelSerializer):
    """The key of the call; its secret is nowhere."""

    organization = serializers.CharField(source="organization.name", read_only=True)
    client = serializers.CharField(source="client.slug", read_only=True, allow_null=True)
    scopes = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = ApiKey
        fields = (
            "name",
            "prefix",
            "organization",
            "client",
            "scopes",
            "created_at",
            "rotated_at",
            "previous_until",
            "expires_at",
        )


def _clients(call: Call) -> QuerySet[Client]:
    """The clients this key reaches, by name: one, or all of its organization."""
    return reachable_clients(call.key)


def _key(call: Call) -> ApiKey:
    """What this key may do and until when. A good first call."""
    return call.key


CLIENTS = portfolio_endpoint(
    "clients",
    TAG,
    get=Listing(
        summary="List clients", rows=_clients, shape=ClientShape, order=Order("name", key="pk")
    ),
)
KEY = portfolio_endpoint("key", TAG, get=Detail(summary="Show this key", find=_key, shape=KeyShape))
