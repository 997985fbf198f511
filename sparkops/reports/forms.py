"""What is asked about reports."""

from django import forms
from django.core.validators import validate_email

from sparkops.reports.models import Every, Part

MOST_RECIPIENTS = 20


class WantedForm(forms.Form):
    """How often, what and to whom."""

    every = forms.ChoiceField(
        label="When",
        required=False,
        choices=[("", "By hand only"), *Every.choices],
        help_text="From 6 AM in the client's zone, once the week (Monday to Sunday) or the month is"
        " over.",
    )
    parts = forms.MultipleChoiceField(
        label="Besides the five answers",
        required=False,
        choices=Part.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    recipients = forms.CharField(
        label="Who gets it",
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="E-mail addresses, one a line. Each gets a link of its own, which works for 90"
        " days and can be withdrawn.",
    )

    def clean_recipients(self) -> list[str]:
        words = self.cleaned_data["recipients"].replace(",", " ").replace(";", " ").split()
        addresses = list(dict.fromkeys(word.lower() for word in words))
        if len(addresses) > MOST_RECIPIENTS:
            raise forms.ValidationError(f"Write at most {MOST_RECIPIENTS} addresses.")
        for one in addresses:
            try:
                validate_email(one)
            except forms.ValidationError:
                raise forms.ValidationError(f"{one} is no e-mail address.") from None
        return addresses


class MakeForm(forms.Form):
    """Which period."""

    every = forms.ChoiceField(choices=Every.choices)


class NoFilters(forms.Form):
    """The list of reports has none."""
