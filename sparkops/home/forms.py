"""Settings of a client, and what is asked of a timeline."""

from django import forms

from sparkops import clock
from sparkops.home.story import KINDS
from sparkops.web.fields import DayStepsField

PERIODS = (
    ("", "All that is known"),
    ("30", "Last 30 days"),
    ("90", "Last 90 days"),
    ("180", "Last 180 days"),
    ("365", "Last 365 days"),
)


class GapFilters(forms.Form):
    """The search of a gap's list: a creator, and what the list itself finds."""

    q = forms.CharField(label="Find", required=False, max_length=200)


class ClientSettingsForm(forms.Form):
    """Zone, reminder steps, the safety buffer, and whether codes wait for their fee."""

    timezone = forms.CharField(
        label="Time zone",
        max_length=64,
        help_text="IANA name, such as America/Los_Angeles. Reminders and days follow it.",
    )
    reminder_days = DayStepsField(
        label="Remind before an authorization ends",
        help_text="Days, separated by commas. Each step reminds once per end time.",
    )
    safety_buffer_hours = forms.IntegerField(
        label="Stop ads before cover ends",
        min_value=1,
        max_value=168,
        help_text="Hours before the effective end at which ads on the post are paused.",
    )

    hold_codes_until_paid = forms.BooleanField(
        label="Hold codes until their fee is paid",
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "cb"}),
        help_text="A code that is handed in is kept sealed and is used in no ad account before"
        " finance marks its fee as paid.",
    )

    def clean_timezone(self) -> str:
        name = self.cleaned_data["timezone"].strip()
        try:
            clock.shop_zone(name)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        return name


class StoryFilters(forms.Form):
    """Which part of a creator's history; days are of the client's zone, both included."""

    kind = forms.ChoiceField(
        label="Kind", required=False, choices=[("", "Everything"), *KINDS.items()]
    )
    days = forms.ChoiceField(label="Period", required=False, choices=PERIODS)
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
