"""Input of segments and outreach."""

from dataclasses import fields
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms

from creators.forms import CreatorFilters
from profit.rules.facts import Period
from sparkops.accounts.models import User
from sparkops.catalog.models import Product, Shop
from sparkops.clock import shop_day, zone_or_utc
from sparkops.outreach.actions.outreaches import Draft, FollowUp
from sparkops.outreach.models import Outreach, Segment
from sparkops.outreach.queries.funnel import GROUPS
from sparkops.outreach.queries.leaders import MOST_GROUPS, Asked
from sparkops.outreach.rules.leaders import GROUPS_OF_CREATORS, RANKED, SHOWN_FIGURES
from sparkops.outreach.rules.offers import MOST_PRODUCTS
from sparkops.outreach.rules.replies import BLOCKED, DECLINED, OPTED_OUT
from sparkops.outreach.rules.texts import VARIABLES, why_unresolved
from sparkops.renewals.rules.messages import unknown_variables, why_unknown

MOST_WORDS = 2_000
ANSWER_VARIABLES = ("creator", "handle", "brand")
_HUNDRED = Decimal(100)


def _wait(label: str) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=1, max_value=60)


def _follow_up(label: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class SegmentForm(CreatorFilters):
    """A saved filter of creators, or a pasted list."""

    field_order = ("name", "handles", *CreatorFilters.field_order)

    name = forms.CharField(label="Name", max_length=120)
    handles = forms.CharField(
        label="Handles",
        required=False,
        max_length=700_000,
        widget=forms.Textarea(attrs={"rows": 6, "placeholder": "@anna\n@ben"}),
        help_text="Paste a list, one a line. With a list the filter does not count.",
    )

    @property
    def filters(self) -> dict[str, str]:
        """What was chosen, as text that the list of creators reads again."""
        return {name: str(self.data.get(name, "")) for name in CreatorFilters.base_fields}


class SegmentOfSearchForm(forms.Form):
    """The name of a segment of whom a marketplace search found."""

    name = forms.CharField(label="Name of the segment", max_length=120)


class OutreachForm(forms.Form):
    """An outreach: to whom, by which channel, with which words and offer."""

    name = forms.CharField(label="Name", max_length=80)
    segment = forms.ModelChoiceField(
        label="Creators", queryset=Segment.objects.none(), empty_label="Choose a segment"
    )
    channel = forms.ChoiceField(label="Channel", choices=Outreach.Channel.choices)
    subject = forms.CharField(
        label="Subject", required=False, max_length=150, help_text="An e-mail needs one."
    )
    body = forms.CharField(
        label="Message",
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Variables stand in braces and are filled in for each creator.",
    )
    products = forms.ModelMultipleChoiceField(
        label="Products",
        queryset=Product.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=f"At least one, at most {MOST_PRODUCTS}.",
    )
    rate = forms.DecimalField(
        label="Commission in percent", required=False, min_value=1, max_value=80, decimal_places=2
    )
    shop_ads_rate = forms.DecimalField(
        label="Commission of ads in percent",
        required=False,
        min_value=1,
        max_value=80,
        decimal_places=2,
        help_text="For orders won by ads on the creator's posts.",
    )
    ends_on = forms.DateField(
        label="Last day", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    has_free_sample = forms.BooleanField(label="With a free sample", required=False)
    contact_email = forms.EmailField(
        label="E-mail for questions", required=False, help_text="TikTok shows it to creators."
    )
    quiet_days = forms.IntegerField(
        label="Leave out who was contacted within days",
        min_value=0,
        max_value=90,
        initial=14,
        required=False,
        help_text="By a teammate, another outreach or another client of your agency. 0: nobody.",
    )
    second_after = _wait("Days until the first follow-up")
    second_body = _follow_up("First follow-up")
    third_after = _wait("Days until the second follow-up")
    third_body = _follow_up("Second follow-up")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["segment"].queryset = Segment.objects.order_by("name")  # type: ignore[attr-defined]
        self.fields["products"].queryset = Product.objects.order_by("title")  # type: ignore[attr-defined]

    def clean_body(self) -> str:
        return _known(self.cleaned_data["body"].replace("\r\n", "\n"))

    def clean_subject(self) -> str:
        return _known(self.cleaned_data["subject"])

    def clean_products(self) -> list[Product]:
        chosen = list(self.cleaned_data["products"])
        if len(chosen) > MOST_PRODUCTS:
            raise forms.ValidationError(f"Choose at most {MOST_PRODUCTS} products.")
        return chosen

    def clean_second_body(self) -> str:
        return _known(self.cleaned_data["second_body"].replace("\r\n", "\n"))

    def clean_third_body(self) -> str:
        return _known(self.cleaned_data["third_body"].replace("\r\n", "\n"))

    def clean(self) -> None:
        for name in ("second", "third"):
            values = self.cleaned_data
            if bool(values.get(f"{name}_after")) != bool(values.get(f"{name}_body")):
                self.add_error(f"{name}_after", "A follow-up needs both its days and its text.")
        if self.cleaned_data.get("third_body") and not self.cleaned_data.get("second_body"):
            self.add_error("third_body", "Write the first follow-up before the second.")

    @property
    def follow_ups(self) -> list[FollowUp]:
        """The further messages, once they are valid."""
        pairs = [
            (self.cleaned_data[f"{name}_after"], self.cleaned_data[f"{name}_body"])
            for name in ("second", "third")
        ]
        return [FollowUp(days, body) for days, body in pairs if body]

    @property
    def draft(self) -> Draft:
        """What was entered, once it is valid."""
        values = {one.name: self.cleaned_data[one.name] for one in fields(Draft)}
        values["quiet_days"] = values["quiet_days"] or 0
        for name in ("rate", "shop_ads_rate"):
            values[name] = values[name] / _HUNDRED if values[name] is not None else None
        return Draft(**values)


class FunnelForm(forms.Form):
    """Days of the first contact, both included, in the client's zone; and how to group."""

    since = forms.DateField(
        label="From", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label="To", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    by = forms.ChoiceField(label="By", required=False, choices=list(GROUPS.items()))
    compare = forms.BooleanField(label="Compare with as many days before", required=False)

    def clean(self) -> None:
        first, last = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if self.cleaned_data.get("compare") and not (first and last):
            self.add_error("compare", "To compare, choose both days, “From” and “To”.")
        if first and last and first > last:
            self.add_error("until", "“To” is before “From”: choose a later day.")


class Days(forms.Form):
    """A shop and days of its zone, both included; without days the last 30 (or `days`)."""

    shop = forms.ModelChoiceField(label="Shop", queryset=Shop.objects.none(), required=False)
    since = forms.DateField(
        label="From", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label="To", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shops = Shop.objects.order_by("name", "pk")
        self.fields["shop"].queryset = shops  # type: ignore[attr-defined]
        self.fields["shop"].empty_label = None  # type: ignore[attr-defined]

    def clean(self) -> None:
        first, last = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if first and last and first > last:
            self.add_error("until", "“To” is before “From”: choose a later day.")

    def asked(self, *, now: datetime, days: int = 30) -> Asked | None:
        """The shop and its days; None when there is no shop yet. A wrong value falls back."""
        values = self.cleaned_data if self.is_valid() else {}
        shop = values.get("shop") or Shop.objects.order_by("name", "pk").first()
        if shop is None:
            return None
        last = values.get("until") or shop_day(now, zone_or_utc(shop.timezone))
        first = values.get("since") or last - timedelta(days=days - 1)
        return Asked(shop, Period(first=min(first, last), last=last))


class LeadersForm(Days):
    """Whom to rank, by what, and among whose creators."""

    field_order = ("of", "figure", "among", "shop", "since", "until")

    of = forms.ChoiceField(label="Rank", required=False, choices=list(RANKED.items()))
    figure = forms.ChoiceField(
        label="By",
        required=False,
        choices=[(key, label) for key, (label, _) in SHOWN_FIGURES.items()],
    )
    among = forms.ChoiceField(label="Among", required=False)

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["among"]
        assert isinstance(field, forms.ChoiceField)
        segments = Segment.objects.order_by("name")[:MOST_GROUPS]
        outreaches = Outreach.objects.exclude(state=Outreach.State.DRAFT)
        field.choices = [
            ("", "All creators"),
            ("Owner", [(f"owner-{one.pk}", str(one)) for one in people]),
            ("Segment", [(f"segment-{one.pk}", str(one)) for one in segments]),
            ("Outreach", [
                (f"outreach-{one.pk}", str(one))
                for one in outreaches.order_by("-created_at")[:MOST_GROUPS]
            ]),
        ]  # fmt: skip

    def clean(self) -> None:
        super().clean()
        if self.cleaned_data.get("of") in GROUPS_OF_CREATORS and self.cleaned_data.get("among"):
            self.add_error("among", "Groups are ranked with all of their creators.")


class OverrideForm(forms.Form):
    """Why a creator is written to in spite of an earlier contact."""

    reason = forms.CharField(label="Reason", max_length=300, help_text="It is kept in the log.")


class ExclusivityForm(forms.Form):
    """A creator who works for this client alone; days of the client's zone, both included."""

    handle = forms.CharField(
        label="Creator", max_length=64, widget=forms.TextInput(attrs={"placeholder": "@handle"})
    )
    starts_on = forms.DateField(label="First day", widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(label="Last day", widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(
        label="What was agreed",
        required=False,
        max_length=300,
        help_text="Seen by this client's people only.",
    )


class AnswerForm(forms.Form):
    """An answer to a creator."""

    text = forms.CharField(
        label="Answer", max_length=MOST_WORDS, widget=forms.Textarea(attrs={"rows": 4})
    )


class AssignForm(forms.Form):
    """Who answers a creator; empty is nobody in particular."""

    to = forms.ChoiceField(label="Person", required=False)

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Nobody"), *((str(one.pk), str(one)) for one in people)]
        self.fields["to"].choices = choices  # type: ignore[attr-defined]


class MarkForm(forms.Form):
    """What holds for a creator from now on."""

    what = forms.ChoiceField(choices=[(one, one) for one in (DECLINED, OPTED_OUT, BLOCKED, "undo")])


class BlockForm(forms.Form):
    """Why nobody works with a creator any more."""

    reason = forms.CharField(
        label="Reason", max_length=300, help_text="In a sentence. It stands on the creator's page."
    )
    evidence = forms.CharField(
        label="Evidence",
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Links, order or sample numbers, what was seen and when.",
    )


class WordsForm(forms.Form):
    """A saved answer."""

    name = forms.CharField(label="Name", max_length=80)
    body = forms.CharField(
        label="Words", max_length=MOST_WORDS, widget=forms.Textarea(attrs={"rows": 6})
    )

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"].replace("\r\n", "\n")
        if strange := unknown_variables(body, ANSWER_VARIABLES):
            raise forms.ValidationError(why_unknown(strange, ANSWER_VARIABLES))
        return body


class ReserveForm(forms.Form):
    """New contacts of each week that outreach leaves to people."""

    reserve = forms.IntegerField(
        label="Contacts kept for people",
        min_value=0,
        max_value=100_000,
        help_text="Outreach stops this many before the quota ends.",
    )


def initial_of(outreach: Outreach) -> dict[str, Any]:
    """An outreach as the form shows it."""
    names = ("name", "segment", "channel", "subject", "body", "ends_on", "has_free_sample")
    values = {name: getattr(outreach, name) for name in (*names, "contact_email", "quiet_days")}
    for name in ("rate", "shop_ads_rate"):
        rate = getattr(outreach, name)
        values[name] = (rate * _HUNDRED).normalize() if rate is not None else None
    for name, step in zip(("second", "third"), outreach.steps.order_by("number"), strict=False):
        values |= {f"{name}_after": step.wait_days, f"{name}_body": step.body}
    return values | {"products": list(outreach.products.all())}


def _known(text: str) -> str:
    """The text, refused with a sentence when it names what is no variable."""
    if strange := unknown_variables(text, VARIABLES):
        raise forms.ValidationError(why_unresolved(strange))
    return text
