"""Input of messages and of the cadence."""

from typing import Any

from django import forms

from authorizations.models import Authorization
from authorizations.rules.expiry import DEFAULT_STEPS
from sparkops.accounts.models import User
from sparkops.renewals.models import Ahead, Cadence
from sparkops.renewals.models.messages import KINDS, LANGUAGES
from sparkops.renewals.rules.messages import unknown_variables, why_refused
from sparkops.renewals.rules.texts import Kind, Words
from sparkops.tenants.models import Client
from sparkops.tenants.permissions import Permission
from sparkops.tenants.queries import people_who_may
from sparkops.web.fields import DayStepsField

MOST_WORDS = 2_000


class WhichMessage(forms.Form):
    """One of the messages, as it stands in the address."""

    kind = forms.ChoiceField(choices=KINDS)
    language = forms.ChoiceField(choices=LANGUAGES)


class MessageForm(forms.Form):
    """A message in the client's own words; only known variables are taken (U7)."""

    subject = forms.CharField(
        label="Subject", max_length=150, help_text="Used by e-mail; TikTok messages have none."
    )
    body = forms.CharField(
        label="Message",
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text="Variables stand in braces and are filled in for each creator.",
    )

    def clean_subject(self) -> str:
        subject: str = self.cleaned_data["subject"]
        if unknown_variables(subject):
            raise forms.ValidationError(why_refused(subject))
        return subject

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"].replace("\r\n", "\n")
        if why := why_refused(body):
            raise forms.ValidationError(why)
        return body

    @property
    def words(self) -> Words:
        """What was written, once it is valid."""
        return Words(self.cleaned_data["subject"], self.cleaned_data["body"])


class CadenceForm(forms.Form):
    """When and how creators are asked, and who is told when they do not answer (N5)."""

    sends = forms.BooleanField(
        label="Ask creators for renewals without waiting for a person",
        required=False,
        help_text="Only for posts that ads spend on. Without it you are reminded, creators are not"
        " written to.",
    )
    reminder_days = DayStepsField(
        label="Ask this many days before the end",
        help_text="Days, separated by commas. Each step counts once per end.",
    )
    quiet_starts = forms.TimeField(
        label="Quiet from",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="In the creator's own time zone. Messages wait until quiet hours are over.",
    )
    quiet_ends = forms.TimeField(
        label="Quiet until", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    escalate_after = forms.IntegerField(
        label="Tell a person after this many unanswered messages",
        min_value=1,
        max_value=5,
        help_text="TikTok allows five messages until a creator replies.",
    )
    escalate_to = forms.ModelChoiceField(
        label="Who is told",
        queryset=User.objects.none(),
        required=False,
        empty_label="Everyone who may ask for renewals",
    )
    language = forms.ChoiceField(label="Language where a creator's is not known", choices=LANGUAGES)
    days = forms.IntegerField(
        label="Days to ask for",
        min_value=1,
        max_value=365,
        help_text="Ask only for the time you pay for, and a week more.",
    )
    price = forms.DecimalField(
        label="What you pay for them",
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
        help_text="Left empty, messages say “as agreed”.",
    )
    reply_to = forms.EmailField(
        label="Answers to e-mails go to",
        required=False,
        help_text="Left empty, answers go to the address that SparkOps sends from.",
    )

    def __init__(self, *args: Any, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = people_who_may(client, Permission.AUTHORIZATION_EDIT)
        field = self.fields["escalate_to"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = User.objects.filter(pk__in=[one.pk for one in people]).order_by("email")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("quiet_starts"), cleaned.get("quiet_ends")
        if start is not None and start == end:
            self.add_error(
                "quiet_ends",
                "Quiet hours that end when they begin leave no time to write. Choose another hour.",
            )
        return cleaned


class ChosenForm(forms.Form):
    """Which rows of the ledger's list are meant: the ticked ones, or with `all` every one that its
    filters match."""

    all = forms.BooleanField(required=False)
    q = forms.CharField(required=False, max_length=64)
    state = forms.ChoiceField(required=False, choices=[("", ""), *Authorization.State.choices])
    kind = forms.ChoiceField(required=False, choices=[("", ""), *Authorization.Kind.choices])
    ends = forms.ChoiceField(
        required=False, choices=[("", ""), *((d, d) for d in ["7", "14", "30"])]
    )
    tab = forms.CharField(required=False, max_length=20)


class AskForm(forms.Form):
    """What the creators are asked for."""

    days = forms.IntegerField(
        label="Days",
        min_value=1,
        max_value=365,
        help_text="Ask only for the time you pay for, and a week more.",
    )
    price = forms.DecimalField(
        label="What you pay for them",
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
        help_text="Left empty, messages say “as agreed”.",
    )
    language = forms.ChoiceField(
        label="Language", required=False, choices=[("", "Each creator's own"), *LANGUAGES]
    )


class StakeFilters(forms.Form):
    """How far ahead, or one day of the calendar."""

    ends = forms.ChoiceField(
        label="Ends within",
        required=False,
        choices=[("", "30 days"), ("7", "7 days"), ("14", "14 days"), ("60", "60 days")],
    )
    day = forms.DateField(
        label="Ends on", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )


class AheadFilters(forms.Form):
    """What pauses, loses or is owed, and one day of it."""

    kind = forms.ChoiceField(
        label="What happens", required=False, choices=[("", "Everything"), *Ahead.Kind.choices]
    )
    day = forms.DateField(
        label="On", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )


def initial_of(cadence: Cadence, client: Client) -> dict[str, Any]:
    """What the settings page shows before anything is typed."""
    return {
        "sends": cadence.sends,
        "reminder_days": client.reminder_days or DEFAULT_STEPS,
        "quiet_starts": cadence.quiet_starts,
        "quiet_ends": cadence.quiet_ends,
        "escalate_after": cadence.escalate_after,
        "escalate_to": cadence.escalate_to_id,
        "language": cadence.language,
        "days": cadence.days,
        "price": None if cadence.price is None else f"{cadence.price:.2f}",
        "reply_to": cadence.reply_to,
    }


def kind_of(form: WhichMessage) -> tuple[Kind, str]:
    """The kind and language that a valid form names."""
    return Kind(form.cleaned_data["kind"]), form.cleaned_data["language"]
