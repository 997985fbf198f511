"""Filters and input of authorizations."""

from typing import Any

from django import forms

from authorizations.models import Authorization, Finding
from sparkops.catalog.models import AdAccount


class AuthorizationFilters(forms.Form):
    q = forms.CharField(label="Find by creator", required=False, max_length=64)
    state = forms.ChoiceField(
        label="State", required=False, choices=[("", "Any"), *Authorization.State.choices]
    )
    kind = forms.ChoiceField(
        label="Kind", required=False, choices=[("", "Any"), *Authorization.Kind.choices]
    )
    ends = forms.ChoiceField(
        label="Ends within",
        required=False,
        choices=[("", "Any time"), ("7", "7 days"), ("14", "14 days"), ("30", "30 days")],
    )


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
        widget=forms.CheckboxSelectMultiple(attrs={"class": "cb"}),
        error_messages={"required": "Choose at least one ad account to use the codes in."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["accounts"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = AdAccount.objects.order_by("name", "pk")


class RenewalForm(forms.Form):
    """How long the next window should be (marketing contract 5.1: 1 to 365 days)."""

    days = forms.IntegerField(
        label="Days",
        min_value=1,
        max_value=365,
        initial=30,
        help_text="Ask only for the time you pay for, and a week more.",
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
