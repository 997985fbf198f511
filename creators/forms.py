"""Filters and input of creators and posts."""

from django import forms

from creators.models import Post


class CreatorFilters(forms.Form):
    q = forms.CharField(label="Find a creator", required=False, max_length=64)
    posted = forms.ChoiceField(
        label="Posted",
        required=False,
        choices=[("", "Any time"), ("7", "Last 7 days"), ("30", "Last 30 days"), ("no", "Never")],
    )


class PostFilters(forms.Form):
    q = forms.CharField(label="Find by creator", required=False, max_length=64)
    posted = forms.ChoiceField(
        label="Published",
        required=False,
        choices=[("", "Any time"), ("7", "Last 7 days"), ("30", "Last 30 days")],
    )
    availability = forms.ChoiceField(
        label="Availability",
        required=False,
        choices=[("", "Any"), *Post.Availability.choices],
    )


class CreatorForm(forms.Form):
    """Contact, notes and zone of a creator."""

    email = forms.EmailField(label="E-mail", required=False)
    timezone = forms.CharField(
        label="Time zone",
        required=False,
        max_length=64,
        help_text="IANA name, such as Europe/Rome. Reminders to the creator follow it.",
    )
    notes = forms.CharField(label="Notes", required=False, widget=forms.Textarea)
