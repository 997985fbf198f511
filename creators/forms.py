"""Filters and input of creators and posts."""

from django import forms

from creators.models import Post, Sample

SOURCES = (
    ("shop", "TikTok Shop"),
    ("ads", "Ad account"),
    ("import", "Sheet"),
    ("paste", "Pasted code"),
)
PERIODS = (("7", "Last 7 days"), ("30", "Last 30 days"), ("90", "Last 90 days"))


class _Period(forms.Form):
    """Days of the brand's zone, both included."""

    since = forms.DateField(
        label="From", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label="To", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def clean(self) -> None:
        first, last = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if first and last and first > last:
            self.add_error("until", "“To” is before “From”: choose a later day.")


class CreatorFilters(_Period):
    field_order = ("q", "posted", "since", "until", "sample", "source")

    q = forms.CharField(label="Find a creator", required=False, max_length=64)
    posted = forms.ChoiceField(
        label="Posted",
        required=False,
        choices=[("", "Any time"), *PERIODS, ("no", "Never")],
    )
    sample = forms.ChoiceField(
        label="Sample", required=False, choices=[("", "Any"), *Sample.State.choices]
    )
    source = forms.ChoiceField(label="Known from", required=False, choices=[("", "Any"), *SOURCES])


class PostFilters(_Period):
    field_order = ("q", "creator", "posted", "since", "until", "availability")

    q = forms.CharField(label="Find a post", required=False, max_length=200)
    creator = forms.CharField(
        label="Creator",
        required=False,
        max_length=64,
        widget=forms.TextInput(attrs={"placeholder": "@handle", "size": 14}),
    )
    posted = forms.ChoiceField(
        label="Published", required=False, choices=[("", "Any time"), *PERIODS]
    )
    availability = forms.ChoiceField(
        label="Status",
        required=False,
        choices=[("", "Any"), *Post.Availability.choices],
    )


class CreatorForm(forms.Form):
    """Contact, notes and zone of a creator."""

    email = forms.EmailField(label="E-mail", required=False, max_length=254)
    timezone = forms.CharField(
        label="Time zone",
        required=False,
        max_length=64,
        help_text="IANA name, such as Europe/Rome. Reminders to the creator follow it.",
    )
    notes = forms.CharField(
        label="Notes", required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 6})
    )


class SampleFilters(forms.Form):
    q = forms.CharField(label="Find a sample", required=False, max_length=64)
    product = forms.CharField(
        label="Product",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"placeholder": "Words of its title", "size": 16}),
    )


class ReminderForm(forms.Form):
    """When a creator is reminded of a sample, and with which words."""

    remind_on_day = forms.IntegerField(
        label="Remind on day",
        required=False,
        min_value=5,
        max_value=14,
        help_text="Days after delivery, 5 to 14. Empty: SparkOps reminds nobody by itself.",
        error_messages={
            "min_value": "TikTok allows a reminder from day 5 on: enter 5 or more.",
            "max_value": "The post is due on day 14: enter 14 or less.",
        },
    )
    reminder_text = forms.CharField(
        label="Message",
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="You may use {handle}, {product}, {delivered}, {due} and {brand}. Empty: the"
        " shipped words.",
    )
