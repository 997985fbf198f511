"""Today's five answers in the API, of one client and of all that a key reaches."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from sparkops.api.call import Call
from sparkops.api.fields import MONEY_SCHEMA, money
from sparkops.api.gate import client_endpoint, portfolio_endpoint
from sparkops.api.operations import Detail
from sparkops.home.today import Answers, answers_for

TAG = "Today"
QUESTIONS = ("posted", "authorized", "live", "expiring", "products")


class PostedShape(serializers.Serializer):
    """Which creators posted in the last 30 days with a product linked."""

    creators = serializers.IntegerField()
    posts = serializers.IntegerField()
    all_creators = serializers.IntegerField()
    new_creators = serializers.IntegerField()
    samples_due = serializers.IntegerField()
    samples_overdue = serializers.IntegerField()


class RightsShape(serializers.Serializer):
    """Which posts are authorized, and which permissions expired or will."""

    authorized_posts = serializers.IntegerField()
    unverified = serializers.IntegerField()
    expiring_7 = serializers.IntegerField()
    expiring_30 = serializers.IntegerField()
    ended_30 = serializers.IntegerField()


class LiveShape(serializers.Serializer):
    """What is live in paid."""

    live_ads = serializers.IntegerField()
    live_posts = serializers.IntegerField()
    lost_permission = serializers.IntegerField()
    gmv_max_posts = serializers.IntegerField()


@extend_schema_field({"type": "array", "items": MONEY_SCHEMA})
class MoneyByCurrency(serializers.Field):
    """Sums that are never added across currencies."""

    def to_representation(self, sums: dict[str, Any]) -> list[dict[str, str] | None]:
        return [money(amount, currency) for currency, amount in sorted(sums.items())]


class ProductsShape(serializers.Serializer):
    """Which products made money; `unknown` sold without a known unit cost."""

    made_money = serializers.IntegerField()
    lost_money = serializers.IntegerField()
    unknown = serializers.IntegerField()
    cm3 = MoneyByCurrency()
    as_of = serializers.DateField(allow_null=True)


class TodayShape(serializers.Serializer):
    """The five answers. What is named in `unread` was never read from TikTok: it is no zero."""

    client = serializers.CharField(source="client.slug")
    posted = PostedShape()
    rights = RightsShape()
    live = LiveShape()
    products = ProductsShape()
    unread = serializers.SerializerMethodField()
    late = serializers.ListField(child=serializers.CharField())

    def get_unread(self, answers: Answers) -> list[str]:
        pairs = zip(QUESTIONS, answers.unread, strict=True)
        return [question for question, unread in pairs if unread]


def _today(call: Call) -> Answers:
    """The five answers of one client."""
    [answers] = answers_for(call.clients, now=call.now)
    return answers


def _all(call: Call) -> list[Answers]:
    """The five answers of every client that the key reaches, by name."""
    return answers_for(sorted(call.clients, key=lambda one: (one.name, one.pk)), now=call.now)


TODAY = client_endpoint(
    "today", TAG, get=Detail(summary="Today of one client", find=_today, shape=TodayShape)
)
TODAY_OF_ALL = portfolio_endpoint(
    "today_of_all",
    TAG,
    get=Detail(summary="Today of all clients", find=_all, shape=TodayShape, many=True),
)
