"""Searches of TikTok's creator marketplace in the API."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from creators.actions.market import drop_search, search, search_again, take_over
from creators.api.programme import EDIT
from creators.forms.market import MarketFilters, MarketForm
from creators.models import MarketHit, MarketSearch
from creators.queries.market import find_hits, with_creators
from creators.rules.market import (
    AGE_RANGES,
    AGENCIES,
    GENDERS,
    GMV_RANGES,
    MOST_ENGAGEMENT,
    POST_RATES,
    UNITS_RANGES,
)
from creators.tables import market_table
from creators.tasks import search_market
from sparkops.api.call import Call
from sparkops.api.fields import MoneyField, named
from sparkops.api.gate import client_endpoint
from sparkops.api.operations import LARGEST_ID, Action, Detail, Listing, own_id, page_values
from sparkops.catalog.models import Shop
from sparkops.errors import Refusal

TAG = "Marketplace"


class SearchShape(serializers.ModelSerializer):
    """What a shop's marketplace was asked; the answer comes within minutes. `has_more` says that
    TikTok had more than is read."""

    shop_id = named("shop.shop_id")
    filters = serializers.DictField(read_only=True)

    class Meta:
        model = MarketSearch
        fields = (
            "id", "name", "shop_id", "filters", "state", "problem", "hits", "has_more", "asked_at",
            "asked_by", "read_at",
        )  # fmt: skip


class HitShape(serializers.ModelSerializer):
    """A creator as the marketplace showed them; figures are TikTok's, of 30 days. GMV is exact, or
    between two amounts where the creator withholds it. `known_id` is our own id of a creator whom
    the client has."""

    gmv = MoneyField("gmv", "currency")
    gmv_least = MoneyField("gmv_least", "currency")
    gmv_most = MoneyField("gmv_most", "currency")
    known_id = serializers.IntegerField(source="creator.pk", read_only=True, allow_null=True)
    reasons = serializers.SerializerMethodField()

    class Meta:
        model = MarketHit
        fields = (
            "id", "creator_id", "handle", "display_name", "region", "follower_count", "avg_views",
            "gmv", "gmv_least", "gmv_most", "has_collaborated", "was_invited", "is_growing",
            "is_blocked", "fit", "reasons", "known_id",
        )  # fmt: skip

    def get_reasons(self, row: MarketHit) -> list[str]:
        return [one["text"] for one in row.reasons]


def _several(words: dict[str, str]) -> serializers.ListField:
    one = serializers.ChoiceField(choices=list(words.items()))
    return serializers.ListField(child=one, required=False)


def _one(words: dict[str, str]) -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=list(words.items()), required=False, allow_blank=True)


def _number(most: int = 10**9) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=0, max_value=most, required=False, allow_null=True)


class SearchInput(serializers.Serializer):
    """TikTok's filters over the last 30 days; shares are whole percent. With a name it is saved."""

    shop_id = serializers.CharField(max_length=32)
    name = serializers.CharField(max_length=80, required=False, allow_blank=True)
    keyword = serializers.CharField(max_length=64, required=False, allow_blank=True)
    followers_least = _number()
    followers_most = _number()
    gmv = _several(GMV_RANGES)
    units = _several(UNITS_RANGES)
    views_least = _number()
    engagement_least = _number(MOST_ENGAGEMENT)
    category = serializers.CharField(
        max_length=40,
        required=False,
        allow_blank=True,
        help_text="TikTok's number of a category that the client's products are in.",
    )
    gender = _one(GENDERS)
    gender_share = _number(100)
    ages = _several(AGE_RANGES)
    post_rate = _one(POST_RATES)
    agency = _one(AGENCIES)
    is_growing = serializers.BooleanField(required=False)
    not_invited = serializers.BooleanField(required=False)


class TakeOverInput(serializers.Serializer):
    """Ids of found creators."""

    ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST_ID),
        min_length=1,
        max_length=1_000,
    )


class HitsAsked(MarketFilters):
    search = own_id("Own id of a search; the newest unless asked")


def _searches(call: Call) -> QuerySet[MarketSearch]:
    """Saved and earlier searches."""
    return MarketSearch.objects.select_related("shop")


def _search(call: Call) -> MarketSearch:
    """One search and how far it got."""
    return get_object_or_404(_searches(call), pk=call.ids["pk"])


def _ask(call: Call, values: dict[str, Any]) -> MarketSearch:
    """Put a question to a shop's marketplace."""
    shop = Shop.objects.filter(shop_id=values["shop_id"]).first()
    if shop is None:
        raise Refusal("unknown_shop", "There is no such shop here.", field="shop_id")
    form = MarketForm({**values, "shop": shop.pk})
    name = page_values(form)["name"]
    row = search(shop, form.wish, name=name, by=call.actor, now=call.now)
    search_market.delay_on_commit(client_id=call.client.pk)
    return row


def _again(call: Call, values: dict[str, Any]) -> MarketSearch:
    """Ask the same anew; what was found before stays until the answer comes."""
    search_again(row := _search(call), by=call.actor, now=call.now)
    search_market.delay_on_commit(client_id=call.client.pk)
    return row


def _delete(call: Call, values: dict[str, Any]) -> MarketSearch:
    """Delete a search; creators who were taken over stay."""
    row = _search(call)
    drop_search(_search(call), by=call.actor, now=call.now)
    return row


def _take_over(call: Call, values: dict[str, Any]) -> MarketSearch:
    """Make creators of what a search found; who is one stays."""
    row = _search(call)
    hits = list(row.found.filter(pk__in=values["ids"]).order_by("position"))
    if len(hits) != len(set(values["ids"])):
        raise Refusal("unknown_hit", "One of these was not found by this search.", field="ids")
    take_over(hits, by=call.actor, now=call.now)
    return row


def _hits(call: Call) -> QuerySet[MarketHit]:
    """Whom a search found. They stay known to the search until it is asked again."""
    pk = call.values.get("search")
    rows = MarketSearch.objects.order_by("-asked_at", "-pk")
    row = (rows.filter(pk=pk) if pk else rows).first()
    if row is None:
        raise Http404
    return find_hits(row, call.values)


def _prepare(call: Call, rows: Sequence[MarketHit]) -> None:
    with_creators(rows)


SEARCHES = client_endpoint(
    "market_searches",
    TAG,
    get=Listing(
        summary="List searches of the marketplace",
        rows=_searches,
        shape=SearchShape,
        permission=EDIT,
    ),
    post=Action(
        summary="Search the marketplace",
        do=_ask,
        takes=SearchInput,
        shape=SearchShape,
        permission=EDIT,
        status=202,
    ),
)
SEARCH = client_endpoint(
    "market_search",
    TAG,
    get=Detail(
        summary="Show a search of the marketplace",
        find=_search,
        shape=SearchShape,
        permission=EDIT,
    ),
)
AGAIN = client_endpoint(
    "search_market_again",
    TAG,
    post=Action(
        summary="Ask the marketplace again",
        do=_again,
        shape=SearchShape,
        permission=EDIT,
        status=202,
    ),
)
DELETE = client_endpoint(
    "delete_market_search",
    TAG,
    post=Action(summary="Delete a search", do=_delete, shape=SearchShape, permission=EDIT),
)
TAKE_OVER = client_endpoint(
    "take_over_found_creators",
    TAG,
    post=Action(
        summary="Make creators of whom a search found",
        do=_take_over,
        takes=TakeOverInput,
        shape=SearchShape,
        permission=EDIT,
    ),
)
HITS = client_endpoint(
    "market_hits",
    TAG,
    get=Listing(
        summary="List whom a search found",
        rows=_hits,
        shape=HitShape,
        filters=HitsAsked,
        sorts=market_table("").sorts,
        prepare=_prepare,
        permission=EDIT,
    ),
)
