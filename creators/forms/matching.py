"""Input about what posts show."""

import re
from typing import Any

from django import forms

from creators.models import Creator, PostMatch
from creators.rules.handles import plain_handle
from sparkops.catalog.models import Product

MOST_WORDS = 20


def _words(label: str, help_text: str) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=600, help_text=help_text)


class CluesForm(forms.Form):
    """The words of one product, parted by commas."""

    product = forms.ModelChoiceField(
        label="Product", queryset=Product.objects.none(), empty_label="Choose a product"
    )
    hashtags = _words("Hashtags", "Parted by commas, with or without #.")
    mentions = _words("Mentions", "Accounts that posts about it name, with or without @.")
    keywords = _words("Keywords", "Whole words or phrases of the caption.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"].queryset = Product.objects.order_by("title", "pk")  # type: ignore[attr-defined]

    def clean_hashtags(self) -> list[str]:
        return self._split("hashtags", "#")

    def clean_mentions(self) -> list[str]:
        return self._split("mentions", "@")

    def clean_keywords(self) -> list[str]:
        return self._split("keywords", "")

    def _split(self, name: str, sign: str) -> list[str]:
        parts = re.split(r"[,\n]", self.cleaned_data[name])
        words = (" ".join(part.split()).lstrip(sign).lower() for part in parts)
        found = list(dict.fromkeys(filter(None, words)))
        if len(found) > MOST_WORDS:
            raise forms.ValidationError(f"Write at most {MOST_WORDS} of them.")
        return found


class DecideForm(forms.Form):
    """Who posted, where nobody is known, and which product it shows; empty: none of ours."""

    creator = forms.CharField(
        label="Creator", required=False, max_length=65, help_text="The @handle of who posted it."
    )
    product = forms.ModelChoiceField(
        label="Product",
        queryset=Product.objects.none(),
        required=False,
        empty_label="None of ours",
    )

    def __init__(self, *args: Any, match: PostMatch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"].queryset = Product.objects.order_by("title", "pk")  # type: ignore[attr-defined]
        if match.post.creator_id is not None:
            del self.fields["creator"]

    def clean_creator(self) -> Creator | None:
        name = plain_handle(self.cleaned_data["creator"])
        if not name:
            return None
        found = Creator.objects.filter(handle=name).first()
        if found is None:
            raise forms.ValidationError("Nobody here has this handle: add the creator first.")
        return found
