"""Input of saved views."""

from django import forms


class ViewForm(forms.Form):
    """A view's name, and who sees it."""

    name = forms.CharField(label="Name", max_length=60)
    is_shared = forms.BooleanField(label="Everyone of this client’s team sees it", required=False)
    is_pinned = forms.BooleanField(label="Pin it to my menu", required=False)

    def __init__(self, *args: object, may_share: bool, is_new: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if not may_share:
            del self.fields["is_shared"]
        if not is_new:
            del self.fields["is_pinned"]
