"""Input about keys."""

from django import forms

from sparkops.api.scopes import SCOPES
from sparkops.tenants.models import Client
from sparkops.tenants.permissions import Permission

LIVES = (("30", "30 days"), ("90", "90 days"), ("365", "1 year"), ("", "No end"))
GRACES = (("24", "1 day"), ("168", "7 days"), ("1", "1 hour"), ("0", "Not at all"))


class KeyForm(forms.Form):
    """A new key: what for, which clients, what it may do, until when."""

    name = forms.CharField(
        label="Name", max_length=80, help_text="What uses it, such as “Warehouse sync”."
    )
    client = forms.ModelChoiceField(
        label="For", queryset=Client.objects.none(), required=False, empty_label="All clients"
    )
    scopes = forms.MultipleChoiceField(
        label="May also",
        required=False,
        choices=[(one.value, one.label) for one in SCOPES if one is not Permission.VIEW],
        widget=forms.CheckboxSelectMultiple,
        help_text="Every key may read. Give it nothing that its program does not do.",
    )
    days = forms.ChoiceField(label="Works for", choices=LIVES, required=False, initial="365")

    def __init__(self, *args: object, clients: list[Client], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["client"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Client.objects.filter(pk__in=[one.pk for one in clients])

    def clean_scopes(self) -> list[Permission]:
        return [Permission(word) for word in self.cleaned_data["scopes"]]


class RotateForm(forms.Form):
    """How long the old secret goes on working, in hours."""

    grace = forms.TypedChoiceField(label="The old secret works for", choices=GRACES, coerce=int)
