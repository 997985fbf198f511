"""Filters and input of authorizations."""

from decimal import Decimal
from typing import Any

from django import forms

from authorizations.models import Authorization, Fee, Finding, TermsTemplate, TermsVersion
from sparkops.catalog.models import AdAccount
from sparkops.tenants.forms import ClientChoice

CENT = Decimal("0.01")


class AuthorizationFilters(forms.Form):
    q = forms.CharField(label="Find by creator", required=False, max_length=64)
    state = forms.ChoiceField(
        label="State", required=False, choices=[("", "Any"), *Authorization.State.choices]
    )
    kind = forms.ChoiceField(
        label="Kind", required=False, choices=[("", "Any"), *Authorization.Kind.choices]
    )
    method = forms.ChoiceField(
        label="Content Suite method",
        required=False,
        choices=[("", "Any"), *Authorization.Method.choices],
    )
    fee = forms.ChoiceField(
        label="Fee",
        required=False,
        choices=[("", "Any"), ("none", "Not recorded"), ("held", "Code held"), *Fee.State.choices],
    )
    ends = forms.ChoiceField(
        label="Ends within",
        required=False,
        choices=[("", "Any time"), ("7", "7 days"), ("14", "14 days"), ("30", "30 days")],
    )


class AuthorizationsOfAllFilters(ClientChoice, AuthorizationFilters):
    field_order = ("q", "client", "state", "kind", "method", "fee", "ends")


class HandInForm(forms.Form):
    """Codes from anywhere, and where to use them."""

    text = forms.CharField(
        label="Codes",
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off", "spellcheck": "false"}),
        help_text="Paste a chat, a column or a single code. Everything that is a code is found.",
    )
    accounts = forms.ModelMultipleChoiceField(
        label="Use in",
        queryset=AdAccount.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one ad account to use the codes in."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["accounts"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = AdAccount.objects.order_by("name", "pk")


class SuiteForm(forms.Form):
    """Permissions that were granted in Content Suite."""

    method = forms.ChoiceField(
        label="Method",
        choices=Authorization.Method.choices,
        help_text="As Content Suite lists it.",
    )
    text = forms.CharField(
        label="Posts or creators",
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off", "spellcheck": "false"}),
        help_text="One a line: links of posts, or for an account authorization the @names.",
        error_messages={"required": "Paste the link of a post, or a creator's @name."},
    )
    starts_on = forms.DateField(
        label="From", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    ends_on = forms.DateField(
        label="Until",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="The last day. Leave it empty when Content Suite shows none.",
    )
    evidence = forms.CharField(
        label="Where it can be seen",
        max_length=500,
        help_text="A link to the request, the name of an export or of a screenshot.",
        error_messages={"required": "Say where the permission can be seen, to prove it later."},
    )


class TermsForm(forms.Form):
    """What the creator agreed to for this post."""

    starts_on = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(label="Until", widget=forms.DateInput(attrs={"type": "date"}))
    hold_until = forms.DateField(
        label="Post stays up until",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="The creator promised not to delete or hide the post until then.",
    )
    note = forms.CharField(label="Note", required=False, max_length=500)


class FindingFilters(forms.Form):
    q = forms.CharField(label="Find by creator", required=False, max_length=64)
    kind = forms.ChoiceField(
        label="Kind", required=False, choices=[("", "Any"), *Finding.Kind.choices]
    )


class NoteForm(forms.Form):
    """What was done about it, in a person's words."""

    note = forms.CharField(
        label="What was done",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say what was done, so that others need not ask."},
    )


class TermsVersionForm(forms.Form):
    """What a version of usage terms asks; `name` only where the terms are new."""

    name = forms.CharField(
        label="Name", max_length=80, help_text="For your team. Creators do not see it."
    )
    days = forms.IntegerField(
        label="Days of use",
        min_value=1,
        max_value=365,
        initial=60,
        help_text="Counted from the day on which the creator accepts.",
    )
    hold_days = forms.IntegerField(
        label="Days the post stays up after that",
        min_value=0,
        max_value=365,
        initial=7,
        help_text="The creator promises not to delete or hide the post until then.",
    )
    covers_all_posts = forms.BooleanField(
        label="All posts with your products, not only the one of the link", required=False
    )
    channels = forms.MultipleChoiceField(
        label="Where ads may run",
        choices=TermsVersion.Channel.choices,
        initial=["spark", "shop"],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one place where ads may run."},
    )
    regions = forms.CharField(
        label="Countries",
        required=False,
        max_length=200,
        help_text="Leave it empty when no country is left out.",
    )
    edits = forms.BooleanField(label="We may shorten the video and add text", required=False)
    currency = forms.RegexField(
        r"^[A-Z]{3}$",
        label="Currency",
        max_length=3,
        error_messages={"invalid": "Write a currency as three capitals, such as USD."},
    )
    fee = forms.DecimalField(
        label="Fee for the use",
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
        help_text="Leave it empty when commission is all.",
    )
    pay_when = forms.ChoiceField(label="Paid", choices=TermsVersion.PayWhen.choices, initial="code")
    pay_days = forms.IntegerField(label="Days to pay within", min_value=0, max_value=180, initial=7)
    spend_cap = forms.DecimalField(
        label="Most that is spent on ads with the post",
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
        help_text="Leave it empty for no limit.",
    )
    renewal_days = forms.IntegerField(
        label="Ask to renew this many days before the end",
        min_value=0,
        max_value=90,
        initial=14,
        help_text="0 when you do not expect to renew. Nothing ever renews by itself.",
    )
    disclosure = forms.BooleanField(
        label="The post must be marked as advertising", required=False, initial=True
    )
    free_text = forms.CharField(
        label="Anything else, in your words",
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Stands at the end as you write it. It is not translated.",
    )

    def __init__(self, *args: Any, named: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not named:
            del self.fields["name"]

    @staticmethod
    def values_of(version: TermsVersion) -> dict[str, Any]:
        """The fields as a published version has them."""
        names = [name for name in TermsVersionForm.base_fields if name != "name"]
        values = {name: getattr(version, name) for name in names}
        for name in ("fee", "spend_cap"):
            if values[name] is not None:
                values[name] = values[name].quantize(CENT)
        return values


class FeeForm(forms.Form):
    """What the creator gets for this permission."""

    amount = forms.DecimalField(
        label="Fee",
        min_value=0,
        max_digits=14,
        decimal_places=2,
        help_text="0 says that no fee is due.",
    )
    currency = forms.RegexField(
        r"^[A-Z]{3}$",
        label="Currency",
        error_messages={"invalid": "Write the currency as three capital letters, such as USD."},
    )
    due_on = forms.DateField(
        label="Due on",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Without a day it is due now.",
    )


class PaidForm(forms.Form):
    """When and how the fee was paid."""

    paid_on = forms.DateField(label="Paid on", widget=forms.DateInput(attrs={"type": "date"}))
    reference = forms.CharField(
        label="Reference", required=False, max_length=200, help_text="Bank reference or invoice."
    )


class NoFilters(forms.Form):
    """A list that its tabs narrow enough."""


class LinkForm(forms.Form):
    """A link for a creator."""

    template = forms.ModelChoiceField(
        label="Usage terms", queryset=TermsTemplate.objects.none(), empty_label=None
    )
    days = forms.IntegerField(
        label="Days the link works",
        min_value=1,
        max_value=365,
        initial=90,
        help_text="Long enough for the creator to see later what runs.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["template"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = TermsTemplate.objects.order_by("-created_at", "-pk")
