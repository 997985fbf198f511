"""Input about people and clients."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from sparkops.tenants.models import Client
from sparkops.tenants.permissions import Role


class InviteForm(forms.Form):
    """Whom to invite, as what, and for which client."""

    email = forms.EmailField(label="E-mail")
    role = forms.ChoiceField(label="Role", choices=Role.choices, initial=Role.MANAGER.value)
    client = forms.ModelChoiceField(
        label="For", queryset=Client.objects.none(), required=False, empty_label="All clients"
    )

    def __init__(self, *args: object, clients: list[Client], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["client"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Client.objects.filter(pk__in=[one.pk for one in clients])


class ClientChoice(forms.Form):
    """The filter of a list over several clients: one of them, by its slug."""

    client = forms.ChoiceField(label="Client", required=False)

    def __init__(self, *args: object, clients: Sequence[Client], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["client"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "All clients"), *((one.slug, one.name) for one in clients)]


def chosen(clients: Sequence[Client], values: Mapping[str, Any]) -> list[int]:
    """The ids of the clients that the cleaned values of a `ClientChoice` let through."""
    return [one.pk for one in clients if values.get("client", one.slug) == one.slug]


class NewClientForm(forms.Form):
    """A new client."""

    name = forms.CharField(label="Name", max_length=80)
    timezone = forms.CharField(
        label="Time zone",
        max_length=64,
        initial="America/Los_Angeles",
        help_text="IANA name, such as America/Los_Angeles: that of its TikTok Shop.",
    )
    currency = forms.RegexField(
        r"^[A-Z]{3}$",
        label="Currency",
        initial="USD",
        error_messages={"invalid": "Write a currency as three capitals, such as USD."},
    )


class SupportForm(forms.Form):
    """Who of the support may read everything, and for how long."""

    email = forms.EmailField(label="E-mail of the support person")
    hours = forms.ChoiceField(
        label="For", choices=[("1", "1 hour"), ("8", "8 hours"), ("24", "1 day"), ("72", "3 days")]
    )


class RoleForm(forms.Form):
    """A member's new role."""

    role = forms.ChoiceField(label="Role", choices=Role.choices)
