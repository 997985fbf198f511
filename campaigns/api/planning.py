"""Plans, caps and comments under ads in the API."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from authorizations.queries import accounts_with
from campaigns.actions import approval, caps, comments, plans
from campaigns.api import CheckShape
from campaigns.api.templates import template_meant
from campaigns.forms import OBJECTIVES
from campaigns.models import AdComment, GmvMaxLaunch, Plan, PlanLine, SpendCap
from creators.models import Creator, Post
from sparkops.api.call import Call
from sparkops.api.fields import MoneyField, MoneyInput, named
from sparkops.api.gate import client_endpoint
from sparkops.api.operations import LARGEST_ID, Action, Detail, Listing, own_id
from sparkops.errors import Refusal
from sparkops.tenants.permissions import Permission

PLANS, CAPS, COMMENTS = "Plans", "Caps", "Comments under ads"
LAUNCH = Permission.CAMPAIGN_LAUNCH
APPROVE = Permission.PLAN_APPROVE


class PlanLineShape(serializers.ModelSerializer):
    """One post of a plan. Its budget is in the ad account's currency."""

    post_id = serializers.IntegerField(read_only=True)
    advertiser_id = named("ad_account.advertiser_id")
    daily_budget = MoneyField("daily_budget", "ad_account.currency")
    template_id = serializers.IntegerField(read_only=True, allow_null=True)
    launch_id = serializers.IntegerField(read_only=True, allow_null=True)

    class Meta:
        model = PlanLine
        fields = (
            "id", "post_id", "advertiser_id", "objective", "daily_budget", "starts_at", "ends_at",
            "landing_url", "template_id", "override_reason", "launch_id",
        )  # fmt: skip


class GmvMaxLaunchShape(serializers.ModelSerializer):
    """A GMV Max campaign of a plan. `posts` says what `post_ids` means: all that TikTok may use,
    all but these, only these. `target_roas` is TikTok's ROI target."""

    shop_id = named("shop.shop_id")
    advertiser_id = named("ad_account.advertiser_id")
    product_ids = serializers.ListField(child=serializers.CharField(), read_only=True)
    post_ids = serializers.SerializerMethodField()
    daily_budget = MoneyField("daily_budget", "currency")
    checks = CheckShape(many=True, read_only=True)

    class Meta:
        model = GmvMaxLaunch
        fields = (
            "id", "name", "shop_id", "advertiser_id", "product_ids", "posts", "post_ids",
            "with_affiliates", "takes_over", "daily_budget", "target_roas", "starts_at", "ends_at",
            "state", "error", "checks", "override_reason", "enabled_at",
        )  # fmt: skip

    def get_post_ids(self, row: GmvMaxLaunch) -> list[int]:
        return sorted(one.post_id for one in row.picks.all())


class PlanShape(serializers.ModelSerializer):
    """A plan with its posts and GMV Max campaigns, and how far its approval got."""

    lines = PlanLineShape(many=True, read_only=True)
    gmv_max = GmvMaxLaunchShape(many=True, read_only=True)

    class Meta:
        model = Plan
        fields = (
            "id", "name", "note", "state", "lines", "gmv_max", "created_at", "created_by",
            "confirmed_at", "confirmed_by", "decided_at", "decided_by", "remark", "launches_at",
        )  # fmt: skip


class PlanInput(serializers.Serializer):
    """The same account, budget and dates for each post; the budget is in the account's currency.
    A template gives its names, goal, bid and placement, and keeps its objective."""

    name = serializers.CharField(max_length=200)
    post_ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1), min_length=1, max_length=200
    )
    advertiser_id = serializers.CharField(max_length=32)
    objective = serializers.ChoiceField(choices=OBJECTIVES)
    daily_budget = serializers.DecimalField(max_digits=10, decimal_places=2, min_value=1)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    landing_url = serializers.URLField(max_length=500, required=False, allow_blank=True)
    note = serializers.CharField(max_length=2_000, required=False, allow_blank=True)
    template_id = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False)


class CapShape(serializers.ModelSerializer):
    """The most that ads may spend from `starts_on`, and the last day they may run."""

    post_id = serializers.IntegerField(read_only=True, allow_null=True)
    creator_id = serializers.IntegerField(read_only=True, allow_null=True)
    amount = MoneyField("amount", "currency")

    class Meta:
        model = SpendCap
        fields = (
            "id", "post_id", "creator_id", "amount", "starts_on", "ends_on", "note", "set_at",
            "set_by", "removed_at", "removed_by",
        )  # fmt: skip


class CapInput(serializers.Serializer):
    """A cap of a post, of a creator, or with neither of the whole client."""

    post_id = serializers.IntegerField(min_value=1, required=False)
    creator_id = serializers.IntegerField(min_value=1, required=False)
    amount = MoneyInput(required=False)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(required=False)
    note = serializers.CharField(max_length=200, required=False, allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("amount") and attrs["amount"]["amount"] <= 0:
            raise serializers.ValidationError({"amount": "Say an amount above zero."})
        if not attrs.get("amount") and not attrs.get("ends_on"):
            raise serializers.ValidationError({"amount": "Say an amount, a last day, or both."})
        if attrs.get("ends_on") and attrs["ends_on"] < attrs["starts_on"]:
            raise serializers.ValidationError({"ends_on": "It ends before it begins."})
        return attrs


class AdCommentShape(serializers.ModelSerializer):
    """A comment under an ad; `risk` says why it is a task, `due_at` until when."""

    ad_id = named("ad.ad_id")

    class Meta:
        model = AdComment
        fields = (
            "id", "comment_id", "ad_id", "text", "user_name", "likes", "status", "written_at",
            "risk", "due_at", "doing", "handled_at", "handled_by", "answer",
        )  # fmt: skip


class ReplyInput(serializers.Serializer):
    """What is written under the comment."""

    text = serializers.CharField(max_length=1_000)


class SettleInput(serializers.Serializer):
    """How it was settled without TikTok."""

    note = serializers.CharField(max_length=1_000)


class PlansAsked(forms.Form):
    state = forms.ChoiceField(label="State", required=False, choices=Plan.State.choices)


class CapsAsked(forms.Form):
    post = own_id("Own id of a post")
    creator = own_id("Own id of a creator")


class AdCommentsAsked(forms.Form):
    open = forms.ChoiceField(
        label="Only tasks that wait, or only settled ones",
        required=False,
        choices=[("true", "Waits"), ("false", "Settled")],
    )


def plans_asked(call: Call) -> QuerySet[Plan]:
    """Plans, the newest first."""
    rows = Plan.objects.filter(**call.values).prefetch_related("lines__ad_account")
    return rows.prefetch_related("gmv_max__ad_account", "gmv_max__shop", "gmv_max__picks")


def plan_asked(call: Call) -> Plan:
    """One plan by own id."""
    return get_object_or_404(plans_asked(call), pk=call.ids["pk"])


def _make_plan(call: Call, values: dict[str, Any]) -> Plan:
    """A draft with one line per post. Each post needs a permission that the account redeemed."""
    wanted = list(dict.fromkeys(values.pop("post_ids")))
    posts = list(Post.objects.filter(pk__in=wanted).select_related("creator").order_by("pk"))
    if len(posts) != len(wanted):
        raise Refusal("unknown_post", "One of the posts does not exist here.", field="post_ids")
    advertiser = values.pop("advertiser_id")
    account = accounts_with(posts[0].pk).filter(advertiser_id=advertiser).first()
    if account is None:
        raise Refusal(
            "not_redeemed",
            "This ad account has not redeemed a permission on the first post.",
            field="advertiser_id",
        )
    template = template_meant(values)
    draft = plans.Draft(posts=posts, ad_account=account, template=template, **values)
    return plans.make_plan(draft, by=call.actor, now=call.now)


def _propose(call: Call, values: dict[str, Any]) -> Plan:
    """Ask for internal approval. Refused while a gate refuses one of its posts."""
    plans.propose(plan_asked(call), by=call.actor, now=call.now)
    return plan_asked(call)


def _confirm(call: Call, values: dict[str, Any]) -> Plan:
    """Approve inside; the gates are asked again."""
    plans.confirm(plan_asked(call), by=call.actor, now=call.now)
    return plan_asked(call)


def _redraft(call: Call, values: dict[str, Any]) -> Plan:
    """Change it again: links stop working and every approval is asked for anew."""
    plans.take_to_draft(plan_asked(call), by=call.actor, now=call.now)
    return plan_asked(call)


def _withdraw(call: Call, values: dict[str, Any]) -> Plan:
    """Give a plan up."""
    plans.withdraw(plan_asked(call), by=call.actor, now=call.now)
    return plan_asked(call)


def _undo_approval(call: Call, values: dict[str, Any]) -> Plan:
    """Take the client's approval back before anything left."""
    approval.undo(plan_asked(call), by=call.actor, now=call.now)
    return plan_asked(call)


def _caps(call: Call) -> QuerySet[SpendCap]:
    """Caps, removed ones too."""
    return SpendCap.objects.filter(**call.values)


def _set_cap(call: Call, values: dict[str, Any]) -> SpendCap:
    """Set a cap. It is never edited: set another and remove this one."""
    post, creator = values.pop("post_id", None), values.pop("creator_id", None)
    if post and creator:
        raise Refusal("two_things", "A cap is of a post or of a creator.", field="creator_id")
    if post and not Post.objects.filter(pk=post).exists():
        raise Refusal("unknown_post", "There is no such post here.", field="post_id")
    if creator and not Creator.objects.filter(pk=creator).exists():
        raise Refusal("unknown_creator", "There is no such creator here.", field="creator_id")
    amount = values.pop("amount", None) or {}
    draft = caps.CapDraft(
        post=Post.objects.get(pk=post) if post else None,
        creator=Creator.objects.get(pk=creator) if creator else None,
        amount=amount.get("amount"),
        currency=amount.get("currency", ""),
        **values,
    )
    return caps.set_cap(draft, by=call.actor, now=call.now)


def _remove_cap(call: Call, values: dict[str, Any]) -> SpendCap:
    """It stops nothing any more; what it paused stays off."""
    row = get_object_or_404(SpendCap, pk=call.ids["pk"])
    if row.removed_at is None:
        caps.remove_cap(row, by=call.actor, now=call.now)
    return row


def _ad_comments(call: Call) -> QuerySet[AdComment]:
    """Comments under ads that deliver."""
    rows = AdComment.objects.select_related("ad")
    if word := call.values.get("open", ""):
        rows = rows.filter(due_at__isnull=False, handled_at__isnull=word == "true")
    return rows


def _ad_comment(call: Call) -> AdComment:
    """One comment by own id."""
    return get_object_or_404(AdComment.objects.select_related("ad"), pk=call.ids["pk"])


def _hide(call: Call, values: dict[str, Any]) -> AdComment:
    """Ask TikTok to hide a comment."""
    comments.ask_comment(_ad_comment(call), AdComment.Doing.HIDE, by=call.actor, now=call.now)
    return _ad_comment(call)


def _reply(call: Call, values: dict[str, Any]) -> AdComment:
    """Ask TikTok to write an answer under a comment."""
    text = values["text"]
    comments.ask_comment(
        _ad_comment(call), AdComment.Doing.REPLY, text=text, by=call.actor, now=call.now
    )
    return _ad_comment(call)


def _settle(call: Call, values: dict[str, Any]) -> AdComment:
    """End the task without TikTok."""
    comments.settle_comment(_ad_comment(call), note=values["note"], by=call.actor, now=call.now)
    return _ad_comment(call)


PLAN_LIST = client_endpoint(
    "plans",
    PLANS,
    get=Listing(summary="List plans", rows=plans_asked, shape=PlanShape, filters=PlansAsked),
    post=Action(
        summary="Draw up a plan",
        do=_make_plan,
        takes=PlanInput,
        shape=PlanShape,
        permission=LAUNCH,
        status=201,
    ),
)
PLAN = client_endpoint(
    "plan", PLANS, get=Detail(summary="Show a plan", find=plan_asked, shape=PlanShape)
)
PLAN_DEEDS = {
    word: client_endpoint(
        f"{word.replace('-', '_')}_plan",
        PLANS,
        post=Action(summary=summary, do=do, shape=PlanShape, permission=permission),
    )
    for word, summary, do, permission in (
        ("propose", "Ask for approval of a plan", _propose, LAUNCH),
        ("confirm", "Approve a plan inside", _confirm, APPROVE),
        ("redraft", "Change a plan again", _redraft, LAUNCH),
        ("withdraw", "Give a plan up", _withdraw, LAUNCH),
        ("undo-approval", "Take the approval of a plan back", _undo_approval, LAUNCH),
    )
}
CAP_LIST = client_endpoint(
    "caps",
    CAPS,
    get=Listing(summary="List caps", rows=_caps, shape=CapShape, filters=CapsAsked),
    post=Action(
        summary="Set a cap",
        do=_set_cap,
        takes=CapInput,
        shape=CapShape,
        permission=APPROVE,
        status=201,
    ),
)
REMOVE_CAP = client_endpoint(
    "remove_cap",
    CAPS,
    post=Action(summary="Remove a cap", do=_remove_cap, shape=CapShape, permission=APPROVE),
)
COMMENT_LIST = client_endpoint(
    "ad_comments",
    COMMENTS,
    get=Listing(
        summary="List comments under ads",
        rows=_ad_comments,
        shape=AdCommentShape,
        filters=AdCommentsAsked,
    ),
)
COMMENT_DEEDS = {
    word: client_endpoint(
        f"{word}_ad_comment",
        COMMENTS,
        post=Action(
            summary=summary,
            do=do,
            takes=takes,
            shape=AdCommentShape,
            permission=LAUNCH,
            status=status,
        ),
    )
    for word, summary, do, takes, status in (
        ("hide", "Hide a comment", _hide, None, 202),
        ("reply", "Answer a comment", _reply, ReplyInput, 202),
        ("settle", "Settle a comment", _settle, SettleInput, 200),
    )
}
