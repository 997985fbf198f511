"""Input of a planned GMV Max campaign."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef
from django.utils import timezone

from campaigns.forms import AccountField, as_input, moment_input
from campaigns.models import GmvMaxLaunch
from creators.models import Post, PostProduct
from sparkops.catalog.models import AdAccount, Product, Shop

MOST_LISTED = 200


class _Products(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.title} ({obj.shop})"


class _Posts(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj}, {obj.creator}" if obj.creator else str(obj)


class GmvMaxForm(forms.Form):
    """A campaign of one shop; times in the open zone, budget in the account's currency."""

    plan_name = forms.CharField(label="Name of the plan", max_length=200)
    shop = forms.ModelChoiceField(label="Shop", queryset=Shop.objects.none(), empty_label=None)
    ad_account = AccountField(
        label="Ad account",
        queryset=AdAccount.objects.none(),
        empty_label=None,
        help_text="The one that holds the shop's GMV Max right.",
    )
    products = _Products(
        label="Products",
        queryset=Product.objects.none(),
        widget=forms.SelectMultiple(attrs={"size": 5}),
        help_text="A product runs in one GMV Max campaign at a time.",
    )
    daily_budget = forms.DecimalField(
        label="Budget a day",
        min_value=1,
        max_digits=10,
        decimal_places=2,
        help_text="In the currency of the ad account.",
    )
    target_roas = forms.DecimalField(
        label="Target ROAS",
        min_value=0.1,
        max_digits=5,
        decimal_places=1,
        help_text="TikTok's ROI target, one decimal. It counts organic orders too.",
    )
    starts_at = forms.DateTimeField(label="Starts", widget=moment_input())
    ends_at = forms.DateTimeField(label="Ends", widget=moment_input())
    posts = forms.ChoiceField(label="Posts", choices=GmvMaxLaunch.Posts.choices)
    picks = _Posts(
        label="Chosen posts",
        queryset=Post.objects.none(),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text="Those with a product of the shop, newest first.",
    )
    with_affiliates = forms.BooleanField(label="Use posts of affiliates too", required=False)
    takes_over = forms.BooleanField(
        label="Other ads with these products may pause",
        required=False,
        help_text="GMV Max pauses them when it starts.",
    )
    note = forms.CharField(
        label="Note", required=False, max_length=500, help_text="Shown to the client."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        newest = Post.objects.filter(
            Exists(PostProduct.objects.filter(post=OuterRef("pk"), lost_at=None))
        )
        rows = {
            "shop": Shop.objects.order_by("name"),
            "ad_account": AdAccount.objects.order_by("name", "pk"),
            "products": Product.objects.select_related("shop").order_by("title", "pk"),
            "picks": Post.objects.filter(
                pk__in=newest.order_by("-published_at").values("pk")[:MOST_LISTED]
            ).select_related("creator").order_by("-published_at"),
        }  # fmt: skip
        for name, found in rows.items():
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        begin, end = cleaned.get("starts_at"), cleaned.get("ends_at")
        if begin and end and end <= begin:
            self.add_error("ends_at", "The flight ends before it begins. Choose a later end.")
        choice = cleaned.get("posts")
        if choice and choice != GmvMaxLaunch.Posts.ALL and not cleaned.get("picks"):
            self.add_error("picks", "Choose the posts, or let TikTok use all that it may.")
        return cleaned


def campaign_draft(now: datetime) -> dict[str, Any]:
    """What a new campaign starts with: thirty days from the next hour on."""
    start = timezone.localtime(now + timedelta(hours=1)).replace(minute=0, second=0)
    return {
        "plan_name": f"GMV Max from {start:%d %b %Y}",
        "daily_budget": "100.00",
        "starts_at": as_input(start),
        "ends_at": as_input(start + timedelta(days=30)),
        "posts": GmvMaxLaunch.Posts.ALL,
        "with_affiliates": True,
    }
