"""Filters and input of campaigns."""

from typing import Any

from django import forms

from authorizations.queries import accounts_with
from sparkops.catalog.models import AdAccount

OBJECTIVES = (
    ("VIDEO_VIEWS", "Video views"),
    ("TRAFFIC", "Traffic to a website"),
    ("REACH", "Reach"),
)


class AdFilters(forms.Form):
    q = forms.CharField(label="Name begins with", required=False, max_length=100)
    days = forms.ChoiceField(
        label="Range",
        required=False,
        choices=[("", "Last 30 days"), ("7", "Last 7 days"), ("90", "Last 90 days")],
    )
    account = forms.ModelChoiceField(
        label="Ad account", queryset=AdAccount.objects.none(), required=False, empty_label="Any"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["account"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = AdAccount.objects.order_by("name", "pk")


class LaunchForm(forms.Form):
    """What to launch: account, objective, budget in its currency, and days in the client's zone."""

    ad_account = forms.ModelChoiceField(
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
    daily_budget = forms.DecimalField(
        label="Budget a day", min_value=1, max_digits=10, decimal_places=2
    )
    starts_at = forms.DateTimeField(
        label="From", widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    ends_at = forms.DateTimeField(
        label="Until", widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    landing_url = forms.URLField(
        label="Website", required=False, assume_scheme="https", help_text="Needed for traffic."
    )

    def __init__(self, *args: Any, post_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["ad_account"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = accounts_with(post_id)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("objective") == "TRAFFIC" and not cleaned.get("landing_url"):
            self.add_error("landing_url", "Traffic needs the address it should go to.")
        return cleaned
