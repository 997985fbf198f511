"""Tagging, assigning and placing many creators or posts at once, in the API."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from creators.actions import creator_batches, post_batches
from creators.api import CREATORS, POSTS, CreatorsAsked, PostsAsked
from creators.api.programme import EDIT
from creators.models import Creator, CreatorBatch, Post, PostBatch
from creators.queries import creators_of_view, find_creators, find_posts, posts_of_view
from sparkops.accounts.models import User
from sparkops.api.call import Call
from sparkops.api.fields import named
from sparkops.api.gate import client_endpoint
from sparkops.api.operations import LARGEST_ID, Action, Detail, Listing, page_values
from sparkops.errors import Refusal
from sparkops.tenants.permissions import Permission
from sparkops.tenants.queries import people_who_may


class PostBatchShape(serializers.ModelSerializer):
    """What was done with many at once: of `chosen` ones `changed` were not so before. `owner` is
    null where they were given to nobody."""

    owner = named("owner.name")

    class Meta:
        model = PostBatch
        fields: tuple[str, ...] = (
            "id", "kind", "tag", "owner", "chosen", "changed", "done_at", "done_by", "undone_at",
        )  # fmt: skip


class CreatorBatchShape(serializers.ModelSerializer):
    """What was done with many creators at once, as for posts."""

    owner = named("owner.name")

    class Meta:
        model = CreatorBatch
        fields = (*PostBatchShape.Meta.fields, "tier")


class PostBatchInput(serializers.Serializer):
    """Which ones (`ids`, or all that `filters` of the list match; {} is all there are), and a tag,
    an owner, or both."""

    ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST_ID),
        max_length=50_000,
        required=False,
        help_text="Own ids.",
    )
    filters = serializers.DictField(
        child=serializers.CharField(allow_blank=True, max_length=200),
        required=False,
        help_text="As parameters of the list, `view` too.",
    )
    tag = serializers.CharField(max_length=40, required=False)
    owner = serializers.EmailField(
        required=False,
        allow_null=True,
        help_text="The address of somebody who may see the client; null is nobody.",
    )


class CreatorBatchInput(PostBatchInput):
    """As for posts, and a tier."""

    tier = serializers.ChoiceField(choices=Creator.Tier.choices, required=False)


def _posts(call: Call, values: dict[str, Any]) -> list[PostBatch]:
    """Tag posts, give them to a person, or both; each can be undone. The answer has a change for
    each of them."""
    _need(values, "tag", "owner")
    rows = _chosen(values, Post.objects.all(), _posts_of(call), PostsAsked, _people(call))
    found = []
    if "tag" in values:
        found.append(post_batches.tag_posts(rows, values["tag"], by=call.actor, now=call.now))
    if "owner" in values:
        owner = _owner(call, values["owner"])
        found.append(post_batches.assign_posts(rows, owner, by=call.actor, now=call.now))
    return found


def _creators(call: Call, values: dict[str, Any]) -> list[CreatorBatch]:
    """Tag creators, put them into a tier, give them to a person, or several of these; each can be
    undone. The answer has a change for each of them."""
    rows = _chosen(values, Creator.objects.all(), _creators_of(call), CreatorsAsked, _people(call))
    found, by, now = [], call.actor, call.now
    if "tag" in values:
        found.append(creator_batches.tag_creators(rows, values["tag"], by=by, now=now))
    if "tier" in values:
        found.append(creator_batches.tier_creators(rows, values["tier"], by=by, now=now))
    if "owner" in values:
        owner = _owner(call, values["owner"])
        found.append(creator_batches.assign_creators(rows, owner, by=by, now=now))
    return found


def _need(values: dict[str, Any], *names: str) -> None:
    if not any(name in values for name in names):
        raise Refusal("nothing", f"Say one of {', '.join(names)}.", field=names[0])


def _chosen(
    values: dict[str, Any],
    every: QuerySet[Any],
    matching: Callable[[dict[str, Any]], QuerySet[Any]],
    asked: type[PostsAsked] | type[CreatorsAsked],
    people: Sequence[User],
) -> list[int]:
    """Own ids of what is meant: the named ones, or all that the list's filters match."""
    ids, filters = values.get("ids"), values.get("filters")
    if (ids is None) == (filters is None):
        raise Refusal("one_kind", "Name ids or filters, one of the two.", field="ids")
    if filters is None:
        found = list(every.filter(pk__in=ids).values_list("pk", flat=True))
        if len(found) != len(set(ids or ())):
            raise Refusal("unknown_id", "One of these does not exist here.", field="ids")
        return found
    form = asked(filters, people=people)
    if unknown := sorted(set(filters) - set(form.fields)):
        raise Refusal("unknown_filter", f"There is no filter “{unknown[0]}”.", field="filters")
    rows = matching(page_values(form, lambda name: f"filters.{name}"))
    most = post_batches.MOST + 1
    return list(rows.order_by().values_list("pk", flat=True)[:most])


def _posts_of(call: Call) -> Callable[[dict[str, Any]], QuerySet[Post]]:
    zone = call.client.timezone
    return lambda values: find_posts(posts_of_view(values["view"]), values, zone=zone, now=call.now)


def _creators_of(call: Call) -> Callable[[dict[str, Any]], QuerySet[Creator]]:
    zone = call.client.timezone
    return lambda values: find_creators(
        creators_of_view(values["view"], zone=zone, now=call.now), values, zone=zone, now=call.now
    )


def _people(call: Call) -> Sequence[User]:
    return people_who_may(call.client, Permission.VIEW)


def _owner(call: Call, address: str | None) -> User | None:
    if address is None:
        return None
    found = {one.email: one for one in _people(call)}.get(address.lower())
    if found is None:
        raise Refusal(
            "unknown_person", "Nobody with this address may see this client.", field="owner"
        )
    return found


def _post_batches(call: Call) -> QuerySet[PostBatch]:
    """What was done with many posts at once."""
    return PostBatch.objects.select_related("owner").defer("before")


def _creator_batches(call: Call) -> QuerySet[CreatorBatch]:
    """What was done with many creators at once."""
    return CreatorBatch.objects.select_related("owner").defer("before")


def _post_batch(call: Call) -> PostBatch:
    """One change of many posts."""
    return get_object_or_404(_post_batches(call), pk=call.ids["pk"])


def _creator_batch(call: Call) -> CreatorBatch:
    """One change of many creators."""
    return get_object_or_404(_creator_batches(call), pk=call.ids["pk"])


def _undo_posts(call: Call, values: dict[str, Any]) -> PostBatch:
    """Take a change back where nobody changed it since."""
    post_batches.undo_batch(_post_batch(call), by=call.actor, now=call.now)
    return _post_batch(call)


def _undo_creators(call: Call, values: dict[str, Any]) -> CreatorBatch:
    """Take a change back where nobody changed it since."""
    creator_batches.undo_batch(_creator_batch(call), by=call.actor, now=call.now)
    return _creator_batch(call)


POST_BATCHES = client_endpoint(
    "post_batches",
    POSTS,
    get=Listing(summary="List changes of many posts", rows=_post_batches, shape=PostBatchShape),
    post=Action(
        summary="Change many posts",
        do=_posts,
        takes=PostBatchInput,
        shape=PostBatchShape,
        permission=EDIT,
        many=True,
    ),
)
POST_BATCH = client_endpoint(
    "post_batch",
    POSTS,
    get=Detail(summary="Show a change of many posts", find=_post_batch, shape=PostBatchShape),
)
UNDO_POSTS = client_endpoint(
    "undo_post_batch",
    POSTS,
    post=Action(
        summary="Undo a change of many posts",
        do=_undo_posts,
        shape=PostBatchShape,
        permission=EDIT,
    ),
)
CREATOR_BATCHES = client_endpoint(
    "creator_batches",
    CREATORS,
    get=Listing(
        summary="List changes of many creators", rows=_creator_batches, shape=CreatorBatchShape
    ),
    post=Action(
        summary="Change many creators",
        do=_creators,
        takes=CreatorBatchInput,
        shape=CreatorBatchShape,
        permission=EDIT,
        many=True,
    ),
)
CREATOR_BATCH = client_endpoint(
    "creator_batch",
    CREATORS,
    get=Detail(
        summary="Show a change of many creators", find=_creator_batch, shape=CreatorBatchShape
    ),
)
UNDO_CREATORS = client_endpoint(
    "undo_creator_batch",
    CREATORS,
    post=Action(
        summary="Undo a change of many creators",
        do=_undo_creators,
        shape=CreatorBatchShape,
        permission=EDIT,
    ),
)
