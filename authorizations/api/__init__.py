"""The rights ledger in the API. Codes are masked; a code can be handed in and never read."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from authorizations.actions.hand_in import HandInLine, hand_in_codes, retry
from authorizations.actions.removal import ask_to_unbind
from authorizations.actions.renewal import request_renewal
from authorizations.actions.terms import record_terms
from authorizations.forms import AuthorizationFilters
from authorizations.models import Authorization, Redemption, UsageTerms
from authorizations.queries import add_standings, find_authorizations, ledger, tab_filter
from authorizations.tables import ledger_table
from creators.models import Creator, Post
from sparkops.api.call import Call
from sparkops.api.fields import MoneyField, MoneyInput, named
from sparkops.api.gate import client_endpoint
from sparkops.api.operations import Action, Detail, Listing, own_id
from sparkops.catalog.models import AdAccount
from sparkops.clock import shop_day
from sparkops.errors import Refusal
from sparkops.tenants.permissions import Permission

TAG = "Authorizations"
TABS = ("usable", "expiring", "waiting", "problems", "ended")


class RedemptionShape(serializers.ModelSerializer):
    """What one ad account got out of an authorization."""

    authorization_id = serializers.IntegerField(read_only=True)
    advertiser_id = named("ad_account.advertiser_id")
    ad_account = named("ad_account.name")

    class Meta:
        model = Redemption
        fields = (
            "id",
            "authorization_id",
            "advertiser_id",
            "ad_account",
            "state",
            "identity_type",
            "identity_id",
            "status_word",
            "problem_code",
            "problem",
            "attempts",
            "requested_at",
            "answered_at",
            "listed_at",
        )


class AuthorizationShape(serializers.ModelSerializer):
    """A platform permission. `covered_until` is when the first of all clocks of its post ends, and
    `limited_by` names that clock; `spend_per_day` is what a day of ads behind the post costs."""

    code = serializers.CharField(source="code_mask", read_only=True)
    creator = named("creator.shown_handle")
    creator_id = serializers.IntegerField(read_only=True, allow_null=True)
    post_id = serializers.IntegerField(read_only=True, allow_null=True)
    item_id = named("post.item_id")
    previous_id = serializers.IntegerField(read_only=True, allow_null=True)
    covered_until = serializers.DateTimeField(
        source="standing.covered_until", read_only=True, allow_null=True
    )
    limited_by = named("standing.clock.kind")
    spend_per_day = MoneyField("standing.spend.amount", "standing.spend.currency")
    redemptions = RedemptionShape(many=True, read_only=True)

    class Meta:
        model = Authorization
        fields = (
            "id",
            "kind",
            "method",
            "evidence",
            "state",
            "code",
            "creator",
            "creator_id",
            "post_id",
            "item_id",
            "generation",
            "previous_id",
            "starts_at",
            "ends_at",
            "end_source",
            "stated_ends_at",
            "requested_days",
            "covered_until",
            "limited_by",
            "spend_per_day",
            "problem_code",
            "problem",
            "next_action",
            "source",
            "created_at",
            "verified_at",
            "checked_at",
            "ended_at",
            "redemptions",
        )


class TermsShape(serializers.ModelSerializer):
    """What a creator agreed to for one post, or with `post_id` null for all. Days are inclusive."""

    creator = named("creator.shown_handle")
    creator_id = serializers.IntegerField(read_only=True)
    post_id = serializers.IntegerField(read_only=True, allow_null=True)
    price = MoneyField("price", "currency")

    class Meta:
        model = UsageTerms
        fields = (
            "id",
            "creator",
            "creator_id",
            "post_id",
            "starts_on",
            "ends_on",
            "hold_until",
            "price",
            "note",
            "source",
            "created_at",
        )


class HandInShape(serializers.Serializer):
    """What became of one piece of the text."""

    line = serializers.IntegerField()
    code = serializers.CharField(source="mask")
    result = serializers.ChoiceField(choices=["new", "known", "repeat", "refused"])
    sentence = serializers.CharField()
    authorization_id = serializers.IntegerField(allow_null=True)


class HandInInput(serializers.Serializer):
    """Everything in `text` that is a code is found: a single code, a column or a chat."""

    text = serializers.CharField(max_length=200_000, trim_whitespace=False)
    advertiser_ids = serializers.ListField(
        child=serializers.CharField(max_length=32),
        min_length=1,
        max_length=200,
        help_text="The ad accounts to use the codes in, by TikTok's ids.",
    )


class RenewalInput(serializers.Serializer):
    days = serializers.IntegerField(min_value=1, max_value=365, default=30)


class TermsInput(serializers.Serializer):
    """For one post, or without `post_id` for all posts of the creator."""

    creator_id = serializers.IntegerField(min_value=1)
    post_id = serializers.IntegerField(min_value=1, required=False, allow_null=True)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(required=False, allow_null=True)
    hold_until = serializers.DateField(
        required=False, allow_null=True, help_text="The post stays up until this day."
    )
    price = MoneyInput(required=False)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True)


class AuthorizationsAsked(AuthorizationFilters):
    tab = forms.ChoiceField(
        label="A tab of the page", required=False, choices=[(word, word) for word in TABS]
    )
    post = own_id("Own id of a post")


class RedemptionsAsked(forms.Form):
    state = forms.ChoiceField(label="State", required=False, choices=Redemption.State.choices)
    authorization = own_id("Own id of an authorization")


class TermsAsked(forms.Form):
    creator = own_id("Own id of a creator")
    post = own_id("Own id of a post")


def _authorizations(call: Call) -> QuerySet[Authorization]:
    """Every permission with its ad accounts."""
    rows = ledger().filter(tab_filter(call.values.get("tab", ""), call.now))
    if post := call.values.get("post"):
        rows = rows.filter(post=post)
    return find_authorizations(rows, call.values, call.now)


def _stand(call: Call, rows: Any) -> None:
    add_standings(rows, today=shop_day(call.now, call.client.timezone), now=call.now)


def _authorization(call: Call) -> Authorization:
    """One permission by own id."""
    row = get_object_or_404(ledger(), pk=call.ids["pk"])
    _stand(call, [row])
    return row


def _hand_in(call: Call, values: dict[str, Any]) -> list[HandInLine]:
    """Hand in codes; each gets its own result, and TikTok is asked within a minute.

    What became of a code is then read from its authorization.
    """
    accounts = list(AdAccount.objects.filter(advertiser_id__in=values["advertiser_ids"]))
    unknown = set(values["advertiser_ids"]) - {one.advertiser_id for one in accounts}
    if unknown:
        raise Refusal(
            "unknown_ad_account",
            f"There is no ad account {min(unknown)} here. Take ids from the list of ad accounts.",
            field="advertiser_ids",
        )
    return hand_in_codes(values["text"], ad_accounts=accounts, by=call.actor, now=call.now)


def _renew(call: Call, values: dict[str, Any]) -> Authorization:
    """Ask for the next window: opens the next generation, or gives the one that is open."""
    row = _authorization(call)
    request = request_renewal(row, by=call.actor, now=call.now, days=values["days"])
    _stand(call, [request])
    return request


def _redemptions(call: Call) -> QuerySet[Redemption]:
    """Authorizations in ad accounts; a refusal in one says nothing of the others."""
    return Redemption.objects.filter(**call.values).select_related("ad_account")


def _redemption(call: Call) -> Redemption:
    rows = Redemption.objects.select_related("authorization", "ad_account")
    return get_object_or_404(rows, pk=call.ids["pk"])


def _retry(call: Call, values: dict[str, Any]) -> Redemption:
    """Ask TikTok once more; the answer arrives within a minute."""
    row = _redemption(call)
    retry(row, by=call.actor, now=call.now)
    return row


def _remove(call: Call, values: dict[str, Any]) -> Redemption:
    """Ask TikTok to remove the post from the ad account. The creator's code stays valid."""
    row = _redemption(call)
    ask_to_unbind(row, by=call.actor, now=call.now)
    return row


def _terms(call: Call) -> QuerySet[UsageTerms]:
    """Usage terms, the contract beside the platform's permission."""
    return UsageTerms.objects.filter(**call.values).select_related("creator")


def _record_terms(call: Call, values: dict[str, Any]) -> UsageTerms:
    """Record what a creator agreed to."""
    creator = Creator.objects.filter(pk=values["creator_id"]).first()
    if creator is None:
        raise Refusal("unknown_creator", "There is no such creator here.", field="creator_id")
    post_id = values.get("post_id")
    if post_id and not Post.objects.filter(pk=post_id, creator=creator).exists():
        raise Refusal("unknown_post", "This creator has no such post.", field="post_id")
    price = values.get("price") or {}
    return record_terms(
        creator_id=creator.pk,
        post_id=post_id,
        starts_on=values["starts_on"],
        ends_on=values.get("ends_on"),
        hold_until=values.get("hold_until"),
        price=price.get("amount"),
        currency=price.get("currency", ""),
        note=values.get("note", ""),
        source="api",
        by=call.actor,
        now=call.now,
    )


AUTHORIZATIONS = client_endpoint(
    "authorizations",
    TAG,
    get=Listing(
        summary="List authorizations",
        rows=_authorizations,
        shape=AuthorizationShape,
        filters=AuthorizationsAsked,
        sorts=ledger_table("").sorts,
        prepare=_stand,
    ),
)
AUTHORIZATION = client_endpoint(
    "authorization",
    TAG,
    get=Detail(summary="Show an authorization", find=_authorization, shape=AuthorizationShape),
)
HAND_IN = client_endpoint(
    "hand_in_codes",
    TAG,
    post=Action(
        summary="Hand in codes",
        do=_hand_in,
        takes=HandInInput,
        shape=HandInShape,
        permission=Permission.AUTHORIZATION_EDIT,
        many=True,
        status=202,
    ),
)
RENEW = client_endpoint(
    "request_renewal",
    TAG,
    post=Action(
        summary="Request a renewal",
        do=_renew,
        takes=RenewalInput,
        shape=AuthorizationShape,
        permission=Permission.AUTHORIZATION_EDIT,
    ),
)
REDEMPTIONS = client_endpoint(
    "redemptions",
    TAG,
    get=Listing(
        summary="List redemptions",
        rows=_redemptions,
        shape=RedemptionShape,
        filters=RedemptionsAsked,
    ),
)
RETRY = client_endpoint(
    "retry_redemption",
    TAG,
    post=Action(
        summary="Retry a redemption",
        do=_retry,
        shape=RedemptionShape,
        permission=Permission.AUTHORIZATION_EDIT,
        status=202,
    ),
)
REMOVE = client_endpoint(
    "remove_redemption",
    TAG,
    post=Action(
        summary="Remove a post from an ad account",
        do=_remove,
        shape=RedemptionShape,
        permission=Permission.AUTHORIZATION_EDIT,
        status=202,
    ),
)
TERMS = client_endpoint(
    "usage_terms",
    TAG,
    get=Listing(summary="List usage terms", rows=_terms, shape=TermsShape, filters=TermsAsked),
    post=Action(
        summary="Record usage terms",
        do=_record_terms,
        takes=TermsInput,
        shape=TermsShape,
        permission=Permission.AUTHORIZATION_EDIT,
        status=201,
    ),
)
