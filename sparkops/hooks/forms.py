"""Input about webhooks."""

from django import forms

from sparkops.hooks.events import GROUPS
from sparkops.hooks.models import Delivery
from sparkops.tenants.models import Client

GRACES = (("24", "1 day"), ("168", "7 days"), ("1", "1 hour"), ("0", "Not at all"))


class EndpointForm(forms.Form):
    """An endpoint: what it is, where it is, what it is told."""

    name = forms.CharField(
        label="Name", max_length=80, help_text="What receives it, such as “Warehouse”."
    )
    url = forms.CharField(
        label="Address", max_length=500, help_text="A public address that begins with https://."
    )
    groups = forms.MultipleChoiceField(
        label="Events",
        required=False,
        choices=[(one.key, one.label) for one in GROUPS],
        widget=forms.CheckboxSelectMultiple,
        help_text="Choose none to be told of everything.",
    )


class NewEndpointForm(EndpointForm):
    """A new endpoint is also for one client or for all of them, which does not change later."""

    client = forms.ModelChoiceField(
        label="For", queryset=Client.objects.none(), required=False, empty_label="All clients"
    )
    field_order = ("name", "url", "client", "groups")

    def __init__(self, *args: object, clients: list[Client], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["client"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Client.objects.filter(pk__in=[one.pk for one in clients])


class RotateForm(forms.Form):
    """How long messages are signed with the old secret too, in hours."""

    grace = forms.TypedChoiceField(label="The old secret works for", choices=GRACES, coerce=int)


class SpanForm(forms.Form):
    """Which messages to send again."""

    since = forms.DateTimeField(
        label="From (UTC)", widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    until = forms.DateTimeField(
        label="Until (UTC)", widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    only_failed = forms.BooleanField(label="Only what did not arrive", required=False, initial=True)


class LogFilters(forms.Form):
    """Which lines of the log to show."""

    state = forms.ChoiceField(
        label="State", required=False, choices=[("", "All"), *Delivery.State.choices]
    )
