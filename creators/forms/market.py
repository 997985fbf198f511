"""Input of marketplace searches and of what they found."""

from dataclasses import fields
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from creators.models import MarketHit, MarketSearch
from creators.queries.market import KNOWN, categories, find_hits
from creators.rules.market import (
    AGE_RANGES,
    AGENCIES,
    GENDERS,
    GMV_RANGES,
    MOST_ENGAGEMENT,
    POST_RATES,
    UNITS_RANGES,
    Wish,
)
from sparkops.catalog.models import Shop

CATEGORIES_KNOWN = "TikTok's categories that your products are in."
CATEGORIES_UNKNOWN = "TikTok's categories appear here once your products are read."


def _several(label: str, words: dict[str, str]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        required=False,
        choices=list(words.items()),
        widget=forms.CheckboxSelectMultiple,
    )


def _one(label: str, words: dict[str, str]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", "Any"), *words.items()])


def _number(label: str, most: int, help_text: str = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=most, help_text=help_text
    )


class MarketForm(forms.Form):
    """What to ask of the marketplace: TikTok's filters, over the last 30 days."""

    shop = forms.ModelChoiceField(label="Market of the shop", queryset=Shop.objects.none())
    keyword = forms.CharField(label="Words in the name", required=False, max_length=64)
    followers_least = _number("Followers, at least", 10**9)
    followers_most = _number("Followers, at most", 10**9)
    gmv = _several("Sales, in the shop's currency", GMV_RANGES)
    units = _several("Units sold", UNITS_RANGES)
    views_least = _number("Views of a video, at least", 10**9)
    engagement_least = _number("Engagement in percent, at least", MOST_ENGAGEMENT)
    category = _one("Category", {})
    gender = _one("Followers are mostly", GENDERS)
    gender_share = _number("In percent, at least", 100)
    ages = _several("Age of the followers", AGE_RANGES)
    post_rate = _one("Posts after samples", POST_RATES)
    agency = _one("Agency", AGENCIES)
    is_growing = forms.BooleanField(label="Growing fast", required=False)
    not_invited = forms.BooleanField(label="Not invited in 90 days", required=False)
    name = forms.CharField(
        label="Save it as", required=False, max_length=80, help_text="Empty: it is not saved."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shops = Shop.objects.order_by("name", "pk")
        self.fields["shop"].queryset = shops  # type: ignore[attr-defined]
        self.fields["shop"].initial = shops.first()
        known = categories()
        field = self.fields["category"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Any"), *known.items()]
        field.help_text = CATEGORIES_KNOWN if known else CATEGORIES_UNKNOWN

    def clean(self) -> None:
        values = self.cleaned_data
        least, most = values.get("followers_least"), values.get("followers_most")
        if least is not None and most is not None and least > most:
            self.add_error("followers_most", "“At most” is below “at least”.")
        if bool(values.get("gender")) != bool(values.get("gender_share")):
            self.add_error("gender_share", "Choose both: who the followers are, and the percent.")

    @property
    def wish(self) -> Wish:
        """What was asked, once it is valid."""
        names = {one.name for one in fields(Wish)}
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in self.cleaned_data.items()
            if name in names
        }
        return Wish(**values)


class MarketFilters(forms.Form):
    q = forms.CharField(label="Find a creator", required=False, max_length=64)
    here = forms.ChoiceField(
        label="With you",
        required=False,
        choices=[("", "Any"), ("new", "New"), (KNOWN, "Known")],
    )


def chosen_hits(search: MarketSearch, data: QueryDict) -> QuerySet[MarketHit]:
    """The ticked creators of a search (`id`), or with `all` everyone whom the filters match."""
    if data.get("all"):
        form = MarketFilters(data)
        form.is_valid()
        return find_hits(search, form.cleaned_data)
    return search.found.filter(pk__in=[int(one) for one in data.getlist("id") if one.isdigit()])
