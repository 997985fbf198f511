"""Filters and input of campaigns."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from authorizations.queries import accounts_with
from campaigns.models import LaunchTemplate, PostVerdict
from campaigns.queries.templates import current_templates
from campaigns.rules.triage_facts import Rule
from creators.models import Post
from sparkops.catalog.models import AdAccount
from sparkops.tenants.forms import ClientChoice

OBJECTIVES = (
    ("VIDEO_VIEWS", "Video views"),
    ("TRAFFIC", "Traffic to a website"),
    ("REACH", "Reach"),
)

RANGES = (("7", "Last 7 days"), ("", "Last 30 days"), ("90", "Last 90 days"))
DEFAULT_DAYS = 30
_AS_INPUT = "%Y-%m-%dT%H:%M"


class DayRange(forms.Form):
    """How many days back numbers go, today included."""

    days = forms.ChoiceField(label="Range", choices=RANGES, required=False)


class AdFilters(DayRange):
    q = forms.CharField(label="Ad, its id or @creator", required=False, max_length=100)
    account = forms.ModelChoiceField(
        label="Ad account", queryset=AdAccount.objects.none(), required=False, empty_label="Any"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["account"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = AdAccount.objects.order_by("name", "pk")


class AdsOfAllFilters(ClientChoice, DayRange):
    field_order = ("q", "client", "days")

    q = forms.CharField(label="Ad, its id or @creator", required=False, max_length=100)


class LevelFilters(AdFilters):
    q = forms.CharField(label="Name or id", required=False, max_length=100)


class AccountField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} · {obj.advertiser_id} ({obj.currency})"


def moment_input() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_AS_INPUT)


class FromTemplate(forms.Form):
    """A launch or plan that may start from a template, whose objective it then keeps."""

    template = forms.ModelChoiceField(
        queryset=LaunchTemplate.objects.none(), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["template"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = current_templates()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        template, objective = cleaned.get("template"), cleaned.get("objective")
        if "template" in self.errors:
            self.add_error(None, "The template was changed or retired meanwhile. Choose it again.")
        if template and objective and template.objective != objective:
            label = dict(OBJECTIVES)[template.objective].lower()
            self.add_error(
                "objective", f"{template.name} is for {label}. Choose that, or start without it."
            )
        if objective == "TRAFFIC" and not cleaned.get("landing_url"):
            self.add_error("landing_url", "Traffic needs the address it should go to.")
        return cleaned


def from_template(template: LaunchTemplate, now: datetime) -> dict[str, str]:
    """What a form starts with that is filled from a template, times in the open zone."""
    start = timezone.localtime(now + timedelta(hours=template.starts_in_hours))
    start = start.replace(second=0)
    return {
        "template": str(template.pk),
        "objective": template.objective,
        "daily_budget": f"{template.daily_budget:.2f}",
        "landing_url": template.landing_url,
        "starts_at": start.strftime(_AS_INPUT),
        "ends_at": (start + timedelta(days=template.days)).strftime(_AS_INPUT),
    }


class LaunchForm(FromTemplate):
    """What to launch: account, objective, budget in its currency, and times in the open zone."""

    ad_account = AccountField(
        label="Ad account",
        queryset=AdAccount.objects.none(),
        empty_label=None,
        help_text="Only accounts that have redeemed a permission on this post.",
    )
    objective = forms.ChoiceField(
        label="Objective",
        choices=OBJECTIVES,
        help_text="Sales in TikTok Shop run in GMV Max; this is for every other goal.",
    )
    landing_url = forms.URLField(
        label="Website", required=False, assume_scheme="https", help_text="Needed for traffic."
    )
    daily_budget = forms.DecimalField(
        label="Budget a day",
        min_value=1,
        max_digits=10,
        decimal_places=2,
        help_text="In the currency of the ad account.",
    )
    starts_at = forms.DateTimeField(label="Starts", widget=moment_input())
    ends_at = forms.DateTimeField(label="Ends", widget=moment_input())

    def __init__(self, *args: Any, post_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["ad_account"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = accounts_with(post_id)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        begin, end = cleaned.get("starts_at"), cleaned.get("ends_at")
        if begin and end and end <= begin:
            self.add_error("ends_at", "The flight ends before it begins. Choose a later end.")
        return cleaned


def draft_of(query: QueryDict, accounts: QuerySet[AdAccount], now: datetime) -> dict[str, str]:
    """What a launch form starts with: what the URL says, else the template it names, else a week
    from the next hour on in the first of `accounts`."""
    start = timezone.localtime(now + timedelta(hours=1)).replace(minute=0, second=0)
    account = accounts.first()
    draft = {
        "ad_account": str(account.pk) if account else "",
        "objective": OBJECTIVES[0][0],
        "daily_budget": "50.00",
        "starts_at": start.strftime(_AS_INPUT),
        "ends_at": (start + timedelta(days=7)).strftime(_AS_INPUT),
        "landing_url": "",
        "template": "",
    }
    if (template := template_of(query)) is not None:
        draft |= from_template(template, now)
    return {name: query.get(name, own) for name, own in draft.items()}


def template_of(query: QueryDict) -> LaunchTemplate | None:
    """The template that a URL names, None without one or when it is no longer in use."""
    asked = query.get("template", "")
    return current_templates().filter(pk=asked).first() if asked.isdigit() else None


def as_input(moment: datetime) -> str:
    """A moment as the time inputs take it, in the open zone, to the minute before it."""
    return timezone.localtime(moment).strftime(_AS_INPUT)


class TriageFilters(forms.Form):
    q = forms.CharField(label="Post or @creator", required=False, max_length=100)
    route = forms.ChoiceField(
        label="Recommended", choices=(("", "Any"), *PostVerdict.Route.choices), required=False
    )
    step = forms.ChoiceField(
        label="Next", choices=(("", "Any"), *PostVerdict.Step.choices), required=False
    )
    decided = forms.ChoiceField(
        label="Decided by hand", choices=(("", "Any"), ("yes", "Yes"), ("no", "No")), required=False
    )


class DecisionForm(forms.Form):
    """A person's answer instead of the rule's; the empty one takes it back."""

    decision = forms.ChoiceField(
        label="Decision",
        choices=(*PostVerdict.Decision.choices, ("", "As the rule says")),
        required=False,
    )
    note = forms.CharField(label="Why", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


def _count(label: str, help_text: str = "", *, least: int = 0) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, help_text=help_text, min_value=least, max_value=10_000_000
    )


def _ratio(label: str, help_text: str = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label, help_text=help_text, min_value=0, max_digits=9, decimal_places=2
    )


class RuleForm(forms.Form):
    """A client's thresholds. Rates are entered in percent and kept as ratios."""

    PERCENT = ("engagement_rate", "share_rate", "product_ctr")

    min_views = _count("Views, at least", "Below this nothing is scored.", least=1)
    min_age_hours = _count("Hours since posted, at least")
    max_age_days = _count("Days since posted, at most", least=1)
    min_stock_days = _count("Days of stock, at least", "At twice the rate of orders.")
    min_cover_days = _count("Days of cover left, at least")
    cpm = _ratio("Price of 1,000 paid impressions", "In the currency of the client.")
    gpm_factor = _ratio("GMV per 1,000 views, times break-even")
    min_orders = _count("Orders, at least")
    product_ctr = _ratio("Product click rate, at least %")
    min_clicks = _count("Clicks that a rate needs")
    view_ratio = _ratio("Times the creator's median views")
    min_prior_posts = _count("Earlier posts that a median needs", least=1)
    engagement_rate = _ratio("Engagement, at least %", "Or the shop's median, if that is higher.")
    share_rate = _ratio("Share rate, at least %")
    green_from = _count("Green from a score of", least=1)
    amber_from = _count("Amber from a score of", least=1)
    note = forms.CharField(
        label="Why it changes", max_length=300, required=False, help_text="Kept with the version."
    )
    seen_version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        green, amber = cleaned.get("green_from"), cleaned.get("amber_from")
        if green is not None and amber is not None and not amber < green <= 100:
            self.add_error("green_from", "Green begins above amber and at 100 at most.")
        return cleaned

    def rule(self, before: Rule) -> Rule:
        """The entered thresholds; what the form does not ask for stays as before."""
        entered = {
            name: value / 100 if name in self.PERCENT else value
            for name, value in self.cleaned_data.items()
            if name not in ("note", "seen_version")
        }
        return Rule(**{**asdict(before), **entered})


def entered(rule: Rule, version: int) -> dict[str, Any]:
    """A rule as the form shows it."""
    shown = {
        name: (value * 100).normalize() if name in RuleForm.PERCENT else value
        for name, value in asdict(rule).items()
    }
    return {
        **{
            name: f"{value:f}" if isinstance(value, Decimal) else value
            for name, value in shown.items()
        },
        "seen_version": version,
    }


BY_CREATOR = "creator"
SPLITS = (("", "One plan for all posts"), (BY_CREATOR, "A plan for each creator"))


class PlanForm(FromTemplate):
    """A plan: the same account, budget and dates for every chosen post; times in the open zone."""

    class Filters(forms.Form):
        """The list of plans has no filters."""

    name = forms.CharField(label="Name of the plan", max_length=200)
    ad_account = AccountField(
        label="Ad account",
        queryset=AdAccount.objects.none(),
        empty_label=None,
        help_text="It needs to have redeemed the codes of the posts.",
    )
    objective = forms.ChoiceField(label="Objective", choices=OBJECTIVES)
    landing_url = forms.URLField(
        label="Website", required=False, assume_scheme="https", help_text="Needed for traffic."
    )
    daily_budget = forms.DecimalField(
        label="Budget a day and post",
        min_value=1,
        max_digits=10,
        decimal_places=2,
        help_text="In the currency of the ad account.",
    )
    starts_at = forms.DateTimeField(label="Starts", widget=moment_input())
    ends_at = forms.DateTimeField(label="Ends", widget=moment_input())
    note = forms.CharField(
        label="Note", required=False, max_length=500, help_text="Shown to the client."
    )
    split = forms.ChoiceField(label="Approved as", choices=SPLITS, required=False)

    def __init__(self, *args: Any, posts: Collection[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["ad_account"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = AdAccount.objects.order_by("name", "pk")
        redeemed = accounts_with(next(iter(posts)).pk).first() if posts else None
        if redeemed is not None:
            self.initial.setdefault("ad_account", redeemed.pk)
        if len({post.creator_id for post in posts}) < 2:
            del self.fields["split"]


def plan_draft(now: datetime, template: LaunchTemplate | None = None) -> dict[str, str]:
    """What a new plan starts with: a template, else a week from the next hour on."""
    if template is not None:
        day = timezone.localtime(now + timedelta(hours=template.starts_in_hours))
        name = f"{template.name} of {day:%d %b %Y}"
        return {"name": name, **from_template(template, now)}
    start = timezone.localtime(now + timedelta(hours=1)).replace(minute=0, second=0)
    return {
        "name": f"Launch of {start:%d %b %Y}",
        "daily_budget": "50.00",
        "starts_at": start.strftime(_AS_INPUT),
        "ends_at": (start + timedelta(days=7)).strftime(_AS_INPUT),
    }


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Why against the checks", max_length=500)


class LinkForm(forms.Form):
    recipient = forms.CharField(
        label="For whom", max_length=200, help_text="A name or address; the link is for one person."
    )


class LimitForm(forms.Form):
    """The most one launch may spend in accounts of a currency; empty is no limit."""

    currency = forms.RegexField("^[A-Z]{3}$", label="Currency", max_length=3)
    max_daily = forms.DecimalField(
        label="A day at most", required=False, min_value=0, max_digits=12, decimal_places=2
    )
    max_total = forms.DecimalField(
        label="In all at most", required=False, min_value=0, max_digits=12, decimal_places=2
    )


class ApprovalForm(forms.Form):
    """A decision by link."""

    word = forms.ChoiceField(choices=[(one, one) for one in ("approve", "decline", "undo")])
    name = forms.CharField(label="Your name", max_length=120)
    remark = forms.CharField(
        label="Remark", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
