"""GMV Max in the API: planned campaigns, and which posts run campaigns use."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from campaigns.actions.gmv_max import choose_post
from campaigns.actions.gmv_max_launch import GmvMaxDraft, plan_gmv_max
from campaigns.api.planning import LAUNCH, PLANS, PlanShape, plans_asked
from campaigns.forms.gmv_max import GmvMaxForm
from campaigns.models import Campaign, GmvMaxChoice, GmvMaxLaunch, Plan
from creators.models import Post
from sparkops.api.call import Call
from sparkops.api.fields import named
from sparkops.api.gate import client_endpoint
from sparkops.api.operations import LARGEST_ID, Action, Listing, own_id, page_values
from sparkops.catalog.models import AdAccount, Product, Shop
from sparkops.errors import Refusal

TAG = "Campaigns"
NAMES = {
    "plan_name": "name",
    "shop": "shop_id",
    "ad_account": "advertiser_id",
    "products": "product_ids",
    "picks": "post_ids",
}


class GmvMaxInput(serializers.Serializer):
    """A campaign of one shop. The budget is in the account's currency, `target_roas` is TikTok's
    ROI target. `post_ids` are own ids of posts that link a product, of the 200 newest."""

    name = serializers.CharField(max_length=200)
    shop_id = serializers.CharField(max_length=32)
    advertiser_id = serializers.CharField(max_length=32)
    product_ids = serializers.ListField(
        child=serializers.CharField(max_length=32), min_length=1, max_length=400
    )
    daily_budget = serializers.DecimalField(max_digits=10, decimal_places=2, min_value=1)
    target_roas = serializers.DecimalField(max_digits=5, decimal_places=1)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    posts = serializers.ChoiceField(choices=GmvMaxLaunch.Posts.choices, default="all")
    post_ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST_ID),
        max_length=200,
        required=False,
    )
    with_affiliates = serializers.BooleanField(default=True)
    takes_over = serializers.BooleanField(
        default=False, help_text="Other ads with these products may pause."
    )
    note = serializers.CharField(max_length=500, required=False, allow_blank=True)


class ChoiceShape(serializers.ModelSerializer):
    """Whether a campaign shall use a post; TikTok shows it about 20 minutes after it is done."""

    campaign_id = named("campaign.campaign_id")
    post_id = serializers.IntegerField(read_only=True)

    class Meta:
        model = GmvMaxChoice
        fields = (
            "id", "campaign_id", "post_id", "included", "state", "why_not", "asked_at", "asked_by",
        )  # fmt: skip


class ChoiceInput(serializers.Serializer):
    """TikTok's id of a GMV Max campaign, and whether it shall use the post."""

    campaign_id = serializers.CharField(max_length=64)
    included = serializers.BooleanField()


class ChoicesAsked(forms.Form):
    post = own_id("Own id of a post")


def _plan(call: Call, values: dict[str, Any]) -> Plan:
    """A draft of a plan with one GMV Max campaign; it takes the gates and approvals of others."""
    given = {own: values[name] for own, name in NAMES.items() if name in values}
    rest = {name: value for name, value in values.items() if name not in NAMES.values()}
    data = rest | {
        "plan_name": given["plan_name"],
        "shop": _own(Shop, "shop_id", [given["shop"]])[0],
        "ad_account": _own(AdAccount, "advertiser_id", [given["ad_account"]])[0],
        "products": _own(Product, "product_id", given["products"]),
        "picks": given.get("picks", []),
    }
    draft = GmvMaxDraft(**page_values(GmvMaxForm(data), _told))
    plan = plan_gmv_max(draft, by=call.actor, now=call.now)
    return get_object_or_404(plans_asked(call), pk=plan.pk)


def _own(
    model: type[Shop] | type[AdAccount] | type[Product], name: str, ids: Sequence[str]
) -> list[int]:
    """Own keys of things by TikTok's ids. Raises Refusal for one that is not here."""
    rows = model._default_manager.filter(**{f"{name}__in": ids}).order_by("pk")
    found = dict(rows.values_list(name, "pk"))
    if set(found) != set(ids):
        field = "product_ids" if model is Product else name
        what = model._meta.verbose_name
        raise Refusal(f"unknown_{name[:-3]}", f"There is no such {what} here.", field=field)
    return list(found.values())


def _told(name: str) -> str:
    return NAMES.get(name, name)


def _choices(call: Call) -> QuerySet[GmvMaxChoice]:
    """Posts that were put into campaigns or taken out, and whether TikTok did it."""
    return GmvMaxChoice.objects.filter(**call.values).select_related("campaign")


def _choose(call: Call, values: dict[str, Any]) -> GmvMaxChoice:
    """Put a post into a GMV Max campaign, or take it out. Refused for one that nothing covers."""
    post = get_object_or_404(Post, pk=call.ids["pk"])
    rows = Campaign.objects.select_related("ad_account")
    campaign = rows.filter(
        campaign_id=values["campaign_id"], kind=Campaign.Kind.GMV_MAX_PRODUCT
    ).first()
    if campaign is None:
        said = "There is no such GMV Max campaign here."
        raise Refusal("unknown_campaign", said, field="campaign_id")
    return choose_post(campaign, post, included=values["included"], by=call.actor, now=call.now)


PLAN = client_endpoint(
    "plan_gmv_max",
    PLANS,
    post=Action(
        summary="Draw up a plan for GMV Max",
        do=_plan,
        takes=GmvMaxInput,
        shape=PlanShape,
        permission=LAUNCH,
        status=201,
    ),
)
CHOICES = client_endpoint(
    "gmv_max_choices",
    TAG,
    get=Listing(
        summary="List posts chosen for GMV Max",
        rows=_choices,
        shape=ChoiceShape,
        filters=ChoicesAsked,
    ),
)
CHOOSE = client_endpoint(
    "choose_for_gmv_max",
    TAG,
    post=Action(
        summary="Put a post into GMV Max, or take it out",
        do=_choose,
        takes=ChoiceInput,
        shape=ChoiceShape,
        permission=LAUNCH,
        status=202,
    ),
)
