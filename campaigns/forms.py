"""Filters and input of campaigns."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from authorizations.queries import accounts_with
from sparkops.catalog.models import AdAccount

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


class _Accounts(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} · {obj.advertiser_id} ({obj.currency})"


def _moment() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_AS_INPUT)


class LaunchForm(forms.Form):
    """What to launch: account, objective, budget in its currency, and times in the open zone."""

    ad_account = _Accounts(
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
    starts_at = forms.DateTimeField(label="Starts", widget=_moment())
    ends_at = forms.DateTimeField(label="Ends", widget=_moment())

    def __init__(self, *args: Any, post_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["ad_account"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = accounts_with(post_id)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("objective") == "TRAFFIC" and not cleaned.get("landing_url"):
            self.add_error("landing_url", "Traffic needs the address it should go to.")
        begin, end = cleaned.get("starts_at"), cleaned.get("ends_at")
        if begin and end and end <= begin:
            self.add_error("ends_at", "The flight ends before it begins. Choose a later end.")
        return cleaned


def draft_of(query: QueryDict, accounts: QuerySet[AdAccount], now: datetime) -> dict[str, str]:
    """What a launch form starts with: what the URL says, else a week from the next hour on in the
    first of `accounts`."""
    start = timezone.localtime(now + timedelta(hours=1)).replace(minute=0, second=0)
    account = accounts.first()
    draft = {
        "ad_account": str(account.pk) if account else "",
        "objective": OBJECTIVES[0][0],
        "daily_budget": "50.00",
        "starts_at": start.strftime(_AS_INPUT),
        "ends_at": (start + timedelta(days=7)).strftime(_AS_INPUT),
        "landing_url": "",
    }
    return {name: query.get(name, own) for name, own in draft.items()}


def as_input(moment: datetime) -> str:
    """A moment as the time inputs take it, in the open zone, to the minute before it."""
    return timezone.localtime(moment).strftime(_AS_INPUT)
