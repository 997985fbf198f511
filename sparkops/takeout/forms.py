"""Input about the deletion of a client."""

from django import forms


class DeletionForm(forms.Form):
    """The client's name typed out, and whether the law asks for the log to be kept."""

    typed = forms.CharField(label="Type the name of the client", max_length=120)
    keeps_log = forms.BooleanField(
        label="Keep the log under legal hold",
        required=False,
        help_text="Who did what, when and why stays (table audit_event); all other rows go.",
    )
    why_kept = forms.CharField(
        label="Reason of the hold",
        max_length=300,
        required=False,
        help_text="What obliges you to keep it. It stands on the receipt.",
    )
