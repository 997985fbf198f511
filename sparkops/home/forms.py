"""Settings of a client, and what is asked of a timeline."""

from collections.abc import Iterable
from typing import Any

from django import forms

from creators.forms import Period
from sparkops import clock
from sparkops.accounts.models import User
from sparkops.alerts.kinds import EVENTS
from sparkops.alerts.models import Chat
from sparkops.alerts.queries import chats_of
from sparkops.alerts.wishes import BOTH, CHANNELS, EMAIL, Wishes, read_wishes
from sparkops.clock import QuietHours
from sparkops.home.story import KINDS
from sparkops.tenants.models import Client
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
        return _zone(self.cleaned_data["timezone"])


class BrandForm(forms.Form):
    """Name, colour and logo of a client's pages for others."""

    name = forms.CharField(
        label="Name that is shown",
        max_length=80,
        required=False,
        help_text="Left empty, it is the client's name. Terms and their copies keep that one.",
    )
    accent = forms.CharField(
        label="Colour",
        max_length=7,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "#2f5b45"}),
        help_text="As # and six digits. It is made darker or lighter where text could not be read.",
    )
    logo = forms.FileField(
        label="Logo",
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        help_text="PNG, JPEG or WebP up to 1 MB, shown on a light and on a dark page.",
    )
    drop_logo = forms.BooleanField(
        label="Take the logo away",
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "cb"}),
    )


class StoryFilters(Period):
    """Which part of a creator's history; days are of the client's zone, both included."""

    field_order = ("kind", "days", "since", "until")

    kind = forms.ChoiceField(
        label="Kind", required=False, choices=[("", "Everything"), *KINDS.items()]
    )
    days = forms.ChoiceField(label="Period", required=False, choices=PERIODS)


class RevisedForm(forms.Form):
    """An export that somebody edited."""

    file = forms.FileField(
        label="The edited file",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        help_text="CSV or Excel. E-mail, notes and time zone are compared; every other column and"
        " every row that is not in the file stay as they are. An empty cell clears the value.",
    )


class NoticeFilters(forms.Form):
    """Of which client."""

    client = forms.ChoiceField(label="Client", required=False)

    def __init__(self, *args: Any, clients: Iterable[Client], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["client"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "All"), *((one.slug, one.name) for one in clients)]


class NoticeForm(forms.Form):
    """What a person is told where, their quiet hours and their digest."""

    digest = forms.BooleanField(
        label="Send me one summary a day",
        required=False,
        help_text="What expires, failed, waits for you or loses money, each with its list. Nothing"
        " on a day without any.",
    )
    digest_by = forms.ChoiceField(label="Where", required=False)
    digest_at = forms.TimeField(label="At", widget=forms.TimeInput(attrs={"type": "time"}))
    quiet_starts = forms.TimeField(
        label="No mail from", required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )
    quiet_ends = forms.TimeField(
        label="Until",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}),
        help_text="Mail of these hours leaves when they end. Leave both empty for none.",
    )
    timezone = forms.CharField(
        label="Your time zone", max_length=64, help_text="IANA name, such as Europe/Berlin."
    )

    def __init__(self, *args: Any, user: User, has_digest: bool, **kwargs: Any) -> None:
        wishes = read_wishes(user.notices)
        first: dict[str, Any] = {
            "digest": has_digest,
            "digest_at": wishes.digest_at.strftime("%H:%M"),
            "timezone": user.timezone,
        }
        if wishes.quiet:
            first["quiet_starts"] = wishes.quiet.starts.strftime("%H:%M")
            first["quiet_ends"] = wishes.quiet.ends.strftime("%H:%M")
        super().__init__(*args, **{**kwargs, "initial": first})
        chats = [(one.channel, f"{one.get_kind_display()}: {one}") for one in chats_of(user)]
        where = self.fields["digest_by"]
        assert isinstance(where, forms.ChoiceField)
        where.choices = [(EMAIL, "By e-mail"), *chats]
        where.initial = wishes.digest_by
        for event, label, _ in EVENTS:
            self.fields[f"event_{event}"] = forms.MultipleChoiceField(
                label=label,
                choices=[*CHANNELS, *chats],
                required=False,
                initial=sorted(wishes.channels.get(event, BOTH)),
                widget=forms.CheckboxSelectMultiple,
            )

    def clean_timezone(self) -> str:
        return _zone(self.cleaned_data["timezone"])

    def clean(self) -> None:
        starts, ends = (self.cleaned_data.get(f"quiet_{one}") for one in ("starts", "ends"))
        if (starts is None) != (ends is None):
            self.add_error("quiet_ends", "Give both ends of the quiet hours, or neither.")
        elif starts is not None and starts == ends:
            self.add_error("quiet_ends", "Quiet hours that never end would hold all mail back.")

    def wishes(self) -> Wishes:
        """What was chosen, of a valid form."""
        chosen = self.cleaned_data
        starts, ends = chosen["quiet_starts"], chosen["quiet_ends"]
        return Wishes(
            {event: frozenset(chosen[f"event_{event}"]) for event, _, _ in EVENTS},
            QuietHours(starts, ends) if starts is not None else None,
            chosen["digest"],
            chosen["digest_at"],
            chosen["digest_by"] or EMAIL,
        )


class ChatForm(forms.Form):
    """A chat in which a person wants to be told."""

    kind = forms.ChoiceField(label="Kind", choices=Chat.Kind.choices)
    label = forms.CharField(label="Name", max_length=60, help_text="Such as #spark-ads.")
    address = forms.CharField(
        label="Address of the webhook",
        max_length=600,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "url"}),
        help_text="In Slack and Discord: an incoming webhook of the channel. In Teams: a workflow"
        " that posts to a channel when a webhook is called. It is kept encrypted.",
    )


def _zone(text: str) -> str:
    """The IANA name that was written. Raises ValidationError when there is no such zone."""
    name = text.strip()
    try:
        clock.shop_zone(name)
    except ValueError as error:
        raise forms.ValidationError(str(error)) from error
    return name
