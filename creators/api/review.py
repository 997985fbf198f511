"""Posts that somebody has to decide on, and the words of products, in the API."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from creators.actions.matching import decide, set_clues
from creators.api import POSTS
from creators.forms.matching import CluesForm, DecideForm
from creators.models import MatchClues, PostMatch
from creators.queries.matching import to_decide
from creators.tables import matches_table
from sparkops.api.call import Call
from sparkops.api.fields import named
from sparkops.api.gate import client_endpoint
from sparkops.api.operations import Action, Detail, Listing, page_values
from sparkops.catalog.models import Product
from sparkops.errors import Refusal
from sparkops.tenants.permissions import Permission

EDIT = Permission.CREATOR_EDIT


class MatchShape(serializers.ModelSerializer):
    """What a post is about. `reasons` are what is to be decided; `product_id` is TikTok's, null
    while nothing is certain or when it shows none of ours; `evidence` is what speaks for whom."""

    post_id = serializers.IntegerField(read_only=True)
    item_id = named("post.item_id")
    creator = named("post.creator.shown_handle")
    product_id = named("product.product_id")
    reasons = serializers.ListField(child=serializers.CharField(), read_only=True)
    evidence = serializers.SerializerMethodField()

    class Meta:
        model = PostMatch
        fields = (
            "id", "post_id", "item_id", "creator", "product_id", "state", "reasons", "evidence",
            "seen_at", "decided_at", "decided_by",
        )  # fmt: skip

    def get_evidence(self, row: PostMatch) -> list[str]:
        return [one["sentence"] for one in row.evidence]


class DecideMatchInput(serializers.Serializer):
    """Who posted it, where nobody is known, and what it shows; without a product: none of ours."""

    creator = serializers.CharField(
        max_length=65, required=False, allow_blank=True, help_text="The handle of a known creator."
    )
    product_id = serializers.CharField(
        max_length=32, required=False, allow_blank=True, help_text="TikTok's id."
    )


class WordsShape(serializers.ModelSerializer):
    """The words by which posts show a product, in lower case, without # and @."""

    product_id = named("product.product_id")
    product = named("product.title")
    hashtags = serializers.ListField(child=serializers.CharField(), read_only=True)
    mentions = serializers.ListField(child=serializers.CharField(), read_only=True)
    keywords = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = MatchClues
        fields = ("id", "product_id", "product", "hashtags", "mentions", "keywords")


def _words() -> serializers.ListField:
    word = serializers.CharField(max_length=100)
    return serializers.ListField(child=word, max_length=20, required=False)


class WordsInput(serializers.Serializer):
    """All words of one product: they take the place of those before."""

    product_id = serializers.CharField(max_length=32, help_text="TikTok's id.")
    hashtags = _words()
    mentions = _words()
    keywords = _words()


def _matches(call: Call) -> QuerySet[PostMatch]:
    """Posts whose author or product is in doubt."""
    return to_decide().select_related("product")


def _match(call: Call) -> PostMatch:
    """One post with what was found about it, decided or not."""
    rows = PostMatch.objects.select_related("post__creator", "product")
    return get_object_or_404(rows, pk=call.ids["pk"])


def _decide(call: Call, values: dict[str, Any]) -> PostMatch:
    """Say who posted it and which product it shows; it is off the list then."""
    row, product = _match(call), _product(values)
    data = {"creator": values.get("creator", ""), "product": product.pk if product else ""}
    chosen = page_values(DecideForm(data, match=row), _told)
    decide(
        row,
        creator=chosen.get("creator"),
        product=chosen["product"],
        by=call.actor,
        now=call.now,
    )
    return _match(call)


def _clues(call: Call) -> QuerySet[MatchClues]:
    """Products with words, and the words."""
    return MatchClues.objects.select_related("product")


def _set_clues(call: Call, values: dict[str, Any]) -> MatchClues:
    """Say by which words posts show a product; undecided posts are looked at again within ten
    minutes."""
    product = _product(values)
    data = {name: ", ".join(values.get(name, ())) for name in ("hashtags", "mentions", "keywords")}
    form = CluesForm({"product": product.pk if product else "", **data})
    set_clues(**page_values(form, _told), by=call.actor, now=call.now)
    return get_object_or_404(_clues(call), product=product)


def _product(values: dict[str, Any]) -> Product | None:
    asked = values.get("product_id", "")
    found = Product.objects.filter(product_id=asked).first() if asked else None
    if asked and found is None:
        raise Refusal("unknown_product", "There is no such product here.", field="product_id")
    return found


def _told(name: str) -> str:
    return "product_id" if name == "product" else name


MATCHES = client_endpoint(
    "post_matches",
    POSTS,
    get=Listing(
        summary="List posts to decide on",
        rows=_matches,
        shape=MatchShape,
        sorts=matches_table("").sorts,
    ),
)
MATCH = client_endpoint(
    "post_match", POSTS, get=Detail(summary="Show a post in doubt", find=_match, shape=MatchShape)
)
DECIDE = client_endpoint(
    "decide_post_match",
    POSTS,
    post=Action(
        summary="Decide on a post",
        do=_decide,
        takes=DecideMatchInput,
        shape=MatchShape,
        permission=EDIT,
    ),
)
WORDS = client_endpoint(
    "product_words",
    POSTS,
    get=Listing(
        summary="List the words of products", rows=_clues, shape=WordsShape, permission=EDIT
    ),
    post=Action(
        summary="Set the words of a product",
        do=_set_clues,
        takes=WordsInput,
        shape=WordsShape,
        permission=EDIT,
    ),
)
