"""Creators, posts, samples and collaborations in the API: the same reads and actions as pages."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from creators.actions.creators import edit_creator
from creators.forms import CreatorFilters, PostFilters
from creators.models import Collaboration, Creator, Post, PostDay, Sample
from creators.queries import (
    CREATOR_VIEWS,
    POST_VIEWS,
    creators_of_view,
    find_creators,
    find_posts,
    posts_of_view,
)
from creators.tables import creators_table, posts_table
from sparkops.api.call import Call
from sparkops.api.fields import MoneyField, named
from sparkops.api.gate import client_endpoint
from sparkops.api.operations import Action, Detail, Listing, own_id
from sparkops.tenants.permissions import Permission

CREATORS, POSTS = "Creators", "Posts"
EDITED = ("email", "timezone", "notes")


class CreatorShape(serializers.ModelSerializer):
    """A creator. `email` is null without the scope `contact.view`, empty while unknown."""

    handle = serializers.CharField(source="shown_handle", read_only=True)
    email = serializers.CharField(read_only=True, allow_null=True)
    gmv_30d = MoneyField("gmv_30d", "gmv_currency")

    class Meta:
        model = Creator
        fields = (
            "id",
            "creator_id",
            "handle",
            "display_name",
            "url",
            "avatar_url",
            "follower_count",
            "region",
            "timezone",
            "email",
            "notes",
            "source",
            "created_at",
            "profile_read_at",
            "post_count",
            "first_posted_at",
            "last_posted_at",
            "views_30d",
            "gmv_30d",
            "samples_open",
            "samples_overdue",
        )

    def to_representation(self, row: Creator) -> dict[str, Any]:
        shown = super().to_representation(row)
        if not self.context["call"].may(Permission.CONTACT_VIEW):
            shown["email"] = None
        return shown


class CreatorInput(serializers.Serializer):
    """What is left out stays as it is."""

    email = serializers.EmailField(allow_blank=True, max_length=254, required=False)
    timezone = serializers.CharField(
        allow_blank=True, max_length=64, required=False, help_text="IANA name, as Europe/Rome."
    )
    notes = serializers.CharField(allow_blank=True, max_length=10_000, required=False)


class LinkedProductShape(serializers.Serializer):
    product_id = serializers.CharField(source="product.product_id")
    title = serializers.CharField(source="product.title")
    lost_at = serializers.DateTimeField(allow_null=True)


class PostShape(serializers.ModelSerializer):
    """A post with totals of its days, organic and paid apart; null where nothing was read yet."""

    creator = named("creator.shown_handle")
    creator_id = serializers.IntegerField(read_only=True, allow_null=True)
    products = LinkedProductShape(source="product_links", many=True, read_only=True)
    views = serializers.SerializerMethodField()
    orders = serializers.SerializerMethodField()
    gmv = MoneyField("gmv", "currency")
    paid_spend = MoneyField("paid_spend", "paid_currency")

    class Meta:
        model = Post
        fields = (
            "id",
            "item_id",
            "url",
            "creator",
            "creator_id",
            "caption",
            "duration_seconds",
            "availability",
            "published_at",
            "first_seen_at",
            "source",
            "products",
            "views",
            "orders",
            "gmv",
            "paid_views",
            "paid_spend",
            "measured_at",
        )

    def get_views(self, row: Post) -> int | None:
        return row.views if row.measured_at else None

    def get_orders(self, row: Post) -> int | None:
        return row.orders if row.measured_at else None


class PostDayShape(serializers.ModelSerializer):
    """Numbers of one day of a post, not cumulated; `paid_` ones come from ad reports."""

    post_id = serializers.IntegerField(read_only=True)
    item_id = named("post.item_id")
    gmv = MoneyField("gmv", "currency")
    paid_spend = MoneyField("paid_spend", "paid_currency")

    class Meta:
        model = PostDay
        fields = (
            "post_id",
            "item_id",
            "day",
            "views",
            "likes",
            "comments",
            "shares",
            "product_clicks",
            "orders",
            "gmv",
            "paid_views",
            "paid_spend",
            "observed_at",
        )


class SampleShape(serializers.ModelSerializer):
    """A sample. `status` and `fulfillment_status` are TikTok's words, `state` is ours."""

    creator = named("creator.shown_handle")
    creator_id = serializers.IntegerField(read_only=True)
    product_id = named("product.product_id")
    product = named("product.title")
    item_id = named("post.item_id")

    class Meta:
        model = Sample
        fields = (
            "id",
            "sample_id",
            "creator",
            "creator_id",
            "product_id",
            "product",
            "item_id",
            "state",
            "status",
            "fulfillment_status",
            "order_id",
            "approve_by",
            "delivered_at",
            "due_on",
            "first_seen_at",
        )


class CollaborationShape(serializers.ModelSerializer):
    """An affiliate plan; rates are fractions: 0.1500 is 15 %."""

    shop_id = named("shop.shop_id")
    product_id = named("product.product_id")

    class Meta:
        model = Collaboration
        fields = (
            "id",
            "collaboration_id",
            "kind",
            "name",
            "status",
            "shop_id",
            "product_id",
            "standard_rate",
            "shop_ads_rate",
            "starts_at",
            "ends_at",
        )


def _views(words: tuple[str, ...]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label="A tab of the page", required=False, choices=[(word, word) for word in words]
    )


class CreatorsAsked(CreatorFilters):
    view = _views(CREATOR_VIEWS)


class PostsAsked(PostFilters):
    view = _views(POST_VIEWS)


class DaysAsked(forms.Form):
    post = own_id("Own id of a post")
    item_id = forms.CharField(label="TikTok's id of a post", required=False, max_length=32)
    since = forms.DateField(label="First day", required=False)
    until = forms.DateField(label="Last day", required=False)


class SamplesAsked(forms.Form):
    state = forms.ChoiceField(label="State", required=False, choices=Sample.State.choices)
    creator = own_id("Own id of a creator")


class CollaborationsAsked(forms.Form):
    kind = forms.ChoiceField(label="Kind", required=False, choices=Collaboration.Kind.choices)


def _creators(call: Call) -> QuerySet[Creator]:
    """Every creator of the client, with posts, sales and samples."""
    zone, view = call.client.timezone, call.values.get("view", "")
    rows = creators_of_view(view, zone=zone, now=call.now)
    return find_creators(rows, call.values, zone=zone, now=call.now)


def _creator(call: Call) -> Creator:
    """One creator by own id."""
    return get_object_or_404(Creator, pk=call.ids["pk"])


def _edit(call: Call, values: dict[str, Any]) -> Creator:
    """Change contact, zone and notes; the log says that they changed."""
    row = _creator(call)
    wanted = {name: values.get(name, getattr(row, name)) for name in EDITED}
    edit_creator(row, **wanted, by=call.actor, now=call.now)
    return row


def _posts(call: Call) -> QuerySet[Post]:
    """Every post, organic and paid numbers apart."""
    rows = posts_of_view(call.values.get("view", ""))
    return find_posts(rows, call.values, zone=call.client.timezone, now=call.now)


def _post(call: Call) -> Post:
    """One post by own id."""
    return get_object_or_404(posts_of_view(""), pk=call.ids["pk"])


def _days(call: Call) -> QuerySet[PostDay]:
    """Dated snapshots of posts. They stay when the post is deleted."""
    wanted = {
        "post": "post_id",
        "item_id": "post__item_id",
        "since": "day__gte",
        "until": "day__lte",
    }
    found = {path: call.values[name] for name, path in wanted.items() if name in call.values}
    return PostDay.objects.filter(**found).select_related("post")


def _samples(call: Call) -> QuerySet[Sample]:
    """Samples and what came of them."""
    return Sample.objects.filter(**call.values).select_related("creator", "product", "post")


def _collaborations(call: Call) -> QuerySet[Collaboration]:
    """Open, target and partner plans as the shop has them."""
    return Collaboration.objects.filter(**call.values).select_related("shop", "product")


CREATOR_LIST = client_endpoint(
    "creators",
    CREATORS,
    get=Listing(
        summary="List creators",
        rows=_creators,
        shape=CreatorShape,
        filters=CreatorsAsked,
        sorts=creators_table("").sorts,
    ),
)
CREATOR = client_endpoint(
    "creator",
    CREATORS,
    get=Detail(summary="Show a creator", find=_creator, shape=CreatorShape),
    patch=Action(
        summary="Change a creator",
        do=_edit,
        takes=CreatorInput,
        shape=CreatorShape,
        permission=Permission.CREATOR_EDIT,
        partial=True,
    ),
)
POST_LIST = client_endpoint(
    "posts",
    POSTS,
    get=Listing(
        summary="List posts",
        rows=_posts,
        shape=PostShape,
        filters=PostsAsked,
        sorts=posts_table("").sorts,
    ),
)
POST = client_endpoint(
    "post", POSTS, get=Detail(summary="Show a post", find=_post, shape=PostShape)
)
POST_DAYS = client_endpoint(
    "post_days",
    POSTS,
    get=Listing(
        summary="List day numbers of posts", rows=_days, shape=PostDayShape, filters=DaysAsked
    ),
)
SAMPLES = client_endpoint(
    "samples",
    CREATORS,
    get=Listing(summary="List samples", rows=_samples, shape=SampleShape, filters=SamplesAsked),
)
COLLABORATIONS = client_endpoint(
    "collaborations",
    CREATORS,
    get=Listing(
        summary="List collaborations",
        rows=_collaborations,
        shape=CollaborationShape,
        filters=CollaborationsAsked,
    ),
)
