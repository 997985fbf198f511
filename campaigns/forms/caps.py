"""Input of spend caps."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from campaigns.actions.caps import CapDraft
from creators.models import Creator, Post
from creators.rules.handles import plain_handle


class CapForm(forms.Form):
    """A cap or the end of a term for a post, a creator or the whole client."""

    handle = forms.CharField(
        label="@creator", required=False, max_length=64, help_text="All posts of the creator."
    )
    item_id = forms.CharField(
        label="Post id",
        required=False,
        max_length=32,
        help_text="One post. Leave both empty for the whole client.",
    )
    amount = forms.DecimalField(
        label="Spend at most", required=False, min_value=0, max_digits=12, decimal_places=2
    )
    currency = forms.RegexField("^[A-Z]{3}$", label="Currency", max_length=3)
    starts_on = forms.DateField(
        label="Counted from", widget=forms.DateInput(attrs={"type": "date"})
    )
    ends_on = forms.DateField(
        label="Last day",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="The end of the agreed term; ads are off from the next day on.",
    )
    note = forms.CharField(label="Note", required=False, max_length=200)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("amount") is None and cleaned.get("ends_on") is None:
            self.add_error("amount", "Say how much at most, or the last day.")
        if cleaned.get("handle") and cleaned.get("item_id"):
            self.add_error("item_id", "Choose a creator or one post, not both.")
        cleaned["creator"] = self._found(
            "handle",
            Creator.objects.filter(handle=plain_handle(cleaned.get("handle") or "")),
            "There is no creator of that name here.",
        )
        cleaned["post"] = self._found(
            "item_id",
            Post.objects.filter(item_id=cleaned.get("item_id") or ""),
            "There is no post with that id here.",
        )
        begin, end = cleaned.get("starts_on"), cleaned.get("ends_on")
        if begin and end and end < begin:
            self.add_error("ends_on", "It ends before it begins to count.")
        return cleaned

    def _found(self, name: str, rows: "QuerySet[Any]", sentence: str) -> Any:
        if not self.cleaned_data.get(name):
            return None
        found = rows.first()
        if found is None:
            self.add_error(name, sentence)
        return found

    def draft(self) -> CapDraft:
        """The entered cap."""
        names = ("creator", "post", "amount", "currency", "starts_on", "ends_on", "note")
        return CapDraft(**{name: self.cleaned_data[name] for name in names})
