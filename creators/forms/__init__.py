"""Filters and input of creators and posts."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from creators.models import (
    Creator,
    Post,
    Sample,
    SampleAnswer,
    SamplePolicy,
)
from creators.queries import (
    NOBODY,
    creators_of_view,
    find_creators,
    find_posts,
    posts_of_view,
)
from creators.rules.tags import split_tags
from sparkops.accounts.models import User

SOURCES = (
    ("shop", "TikTok Shop"),
    ("ads", "Ad account"),
    ("import", "Sheet"),
    ("paste", "Pasted code"),
    ("application", "Application page"),
    ("market", "Marketplace search"),
)
PERIODS = (("7", "Last 7 days"), ("30", "Last 30 days"), ("90", "Last 90 days"))


class Period(forms.Form):
    """Days of the brand's zone, both included."""

    since = forms.DateField(
        label="From", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label="To", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def clean(self) -> None:
        first, last = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if first and last and first > last:
            self.add_error("until", "“To” is before “From”: choose a later day.")


class CreatorFilters(Period):
    """Without `people`, as in a stored filter, `owner` may be anybody's own id."""

    field_order: tuple[str, ...] = (
        "q", "posted", "since", "until", "sample", "source", "tier", "tag", "owner",
    )  # fmt: skip

    q = forms.CharField(label="Find a creator", required=False, max_length=64)
    posted = forms.ChoiceField(
        label="Posted",
        required=False,
        choices=[("", "Any time"), *PERIODS, ("no", "Never")],
    )
    sample = forms.ChoiceField(
        label="Sample", required=False, choices=[("", "Any"), *Sample.State.choices]
    )
    source = forms.ChoiceField(label="Known from", required=False, choices=[("", "Any"), *SOURCES])
    tier = forms.ChoiceField(
        label="Tier", required=False, choices=[("", "Any"), *Creator.Tier.choices]
    )
    tag = forms.CharField(
        label="Tag",
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"placeholder": "any", "size": 10}),
    )
    owner = forms.RegexField(rf"^({NOBODY}|\d{{1,18}})$", label="Owner", required=False)

    def __init__(self, *args: Any, people: Sequence[User] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if people is not None:
            self.fields["owner"] = forms.ChoiceField(
                label="Owner",
                required=False,
                choices=[("", "Anybody"), (NOBODY, "Nobody"), *_named(people)],
            )
            self.order_fields(self.field_order)


class PostFilters(Period):
    field_order = ("q", "creator", "posted", "since", "until", "availability", "tag", "owner")

    q = forms.CharField(label="Find a post", required=False, max_length=200)
    creator = forms.CharField(
        label="Creator",
        required=False,
        max_length=64,
        widget=forms.TextInput(attrs={"placeholder": "@handle", "size": 14}),
    )
    posted = forms.ChoiceField(
        label="Published", required=False, choices=[("", "Any time"), *PERIODS]
    )
    availability = forms.ChoiceField(
        label="Status",
        required=False,
        choices=[("", "Any"), *Post.Availability.choices],
    )
    tag = forms.CharField(
        label="Tag",
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"placeholder": "any", "size": 10}),
    )
    owner = forms.ChoiceField(label="Owner", required=False)

    def __init__(self, *args: Any, people: Sequence[User] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["owner"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Anybody"), (NOBODY, "Nobody"), *_named(people)]


def _named(people: Sequence[User]) -> list[tuple[str, str]]:
    return [(str(one.pk), str(one)) for one in people]


def chosen_posts(
    data: QueryDict, people: Sequence[User], *, zone: str, now: datetime
) -> QuerySet[Post]:
    """The ticked posts (`id`), or with `all` every post that the list's view and filters match."""
    if data.get("all"):
        form = PostFilters(data, people=people)
        form.is_valid()
        rows = posts_of_view(data.get("view", ""))
        return find_posts(rows, form.cleaned_data, zone=zone, now=now)
    ids = [int(one) for one in data.getlist("id") if one.isdigit()]
    return posts_of_view("").filter(pk__in=ids)


def chosen_creators(
    data: QueryDict, people: Sequence[User], *, zone: str, now: datetime
) -> QuerySet[Creator]:
    """The ticked creators (`id`), or with `all` everyone whom the list's view and filters match."""
    if data.get("all"):
        form = CreatorFilters(data, people=people)
        form.is_valid()
        rows = creators_of_view(data.get("view", ""), zone=zone, now=now)
        return find_creators(rows, form.cleaned_data, zone=zone, now=now)
    ids = [int(one) for one in data.getlist("id") if one.isdigit()]
    return Creator.objects.filter(pk__in=ids)


def kept_choice(data: QueryDict, filters: type[forms.Form] = PostFilters) -> list[tuple[str, str]]:
    """What a form sends again so that it means the same rows of the list that `filters` filter."""
    if not data.get("all"):
        return [("id", one) for one in data.getlist("id") if one.isdigit()]
    names = ("all", "view", *filters.base_fields)
    return [(name, str(data[name])) for name in names if data.get(name)]


class PostBatchForm(forms.Form):
    """A tag, an owner, or both for chosen posts."""

    set_tag = forms.CharField(label="Add the tag", required=False, max_length=40)
    set_owner = forms.ChoiceField(label="Give them to", required=False)

    def __init__(self, *args: Any, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["set_owner"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Leave as it is"), (NOBODY, "Nobody"), *_named(people)]

    def clean(self) -> None:
        if not any(self.cleaned_data.get(name) for name in ("set_tag", "set_owner")):
            raise forms.ValidationError("Write a tag or choose a person.")


class CreatorBatchForm(PostBatchForm):
    """A tag, an owner, a tier, or several of these for chosen creators."""

    set_tier = forms.ChoiceField(
        label="Put them into the tier",
        required=False,
        choices=[("", "Leave as it is"), *Creator.Tier.choices],
    )

    def clean(self) -> None:
        if not any(self.cleaned_data.get(name) for name in ("set_tag", "set_owner", "set_tier")):
            raise forms.ValidationError("Write a tag, or choose a person or a tier.")


class CreatorForm(forms.Form):
    """Who looks after a creator, contact, notes and zone."""

    owner = forms.ChoiceField(label="Owner", required=False)
    tier = forms.ChoiceField(
        label="Tier",
        required=False,
        choices=[("", "None yet"), *Creator.Tier.choices],
        help_text="By own sales and reliability, not by followers.",
    )
    tags = forms.CharField(
        label="Tags", required=False, max_length=400, help_text="Parted by commas."
    )
    email = forms.EmailField(label="E-mail", required=False, max_length=254)
    timezone = forms.CharField(
        label="Time zone",
        required=False,
        max_length=64,
        help_text="IANA name, such as Europe/Rome. Reminders to the creator follow it.",
    )
    notes = forms.CharField(
        label="Notes", required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 6})
    )

    def __init__(self, *args: Any, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["owner"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Nobody"), *_named(people)]

    def clean_tags(self) -> list[str]:
        return split_tags(self.cleaned_data["tags"])


class SampleFilters(forms.Form):
    q = forms.CharField(label="Find a sample", required=False, max_length=64)
    verdict = forms.ChoiceField(
        label="The rules say", required=False, choices=[("", "Any"), *Sample.Verdict.choices]
    )
    product = forms.CharField(
        label="Product",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"placeholder": "Words of its title", "size": 16}),
    )


def _least(label: str, help_text: str = "", *, most: int = 1_000_000_000) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, help_text=help_text, required=False, min_value=0, max_value=most
    )


def _amount(label: str, help_text: str) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, help_text=help_text, required=False, min_value=0, max_digits=14,
        decimal_places=2,
    )  # fmt: skip


def _percent(label: str, help_text: str, *, required: bool = False) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, help_text=help_text, required=required, min_value=0, max_value=100,
        max_digits=5, decimal_places=2,
    )  # fmt: skip


class SampleRulesForm(forms.Form):
    """Thresholds and caps of approval. Rates are entered in percent and kept as fractions; an
    empty field asks for nothing."""

    PERCENT = ("min_fulfilment", "margin")

    approves = forms.BooleanField(
        label="Approve requests by these rules",
        required=False,
        help_text="Switched off, nothing is approved by itself and no verdict is given.",
    )
    min_followers = _least("Followers, at least")
    min_gmv = _amount(
        "GMV of 30 days, at least",
        "TikTok's figure over all shops, in the currency of the client.",
    )
    min_fulfilment = _percent("Fulfilment, at least %", "TikTok's figure over all shops.")
    min_posts = _least("Posts in 30 days, at least", "Posts that SparkOps knows of.", most=10_000)
    max_price = _amount("Price of the unit, at most", "The variant's price in the shop.")
    margin = _percent(
        "Borderline within %",
        "Who misses a threshold by less goes to a person instead of falling short.",
        required=True,
    )
    day_cap = _least("Approvals a day, at most")
    week_cap = _least("Approvals a week, at most", "Weeks begin on Monday.")
    month_quota = _least("Approvals a month, at most", "The owner is told at 80 % and 100 %.")

    def values(self) -> dict[str, Any]:
        """The entered rules with rates as fractions."""
        return {
            name: value / 100 if name in self.PERCENT and value is not None else value
            for name, value in self.cleaned_data.items()
        }


def entered_rules(policy: SamplePolicy) -> dict[str, Any]:
    """A policy as the form shows it: rates in percent, no idle zeros."""
    found: dict[str, Any] = {}
    for name in SampleRulesForm.base_fields:
        value = getattr(policy, name)
        if isinstance(value, Decimal):
            value = f"{(value * 100 if name in SampleRulesForm.PERCENT else value).normalize():f}"
        found[name] = value
    return found


class AnswerForm(forms.Form):
    """A yes or no to chosen requests."""

    word = forms.ChoiceField(choices=SampleAnswer.Word.choices, widget=forms.HiddenInput)
    reason = forms.ChoiceField(
        label="Why not",
        required=False,
        choices=SampleAnswer.Reason.choices,
        help_text="TikTok tells the creator.",
    )


class ReminderForm(forms.Form):
    """When a creator is reminded of a sample, and with which words."""

    remind_on_day = forms.IntegerField(
        label="Remind on day",
        required=False,
        min_value=5,
        max_value=14,
        help_text="Days after delivery, 5 to 14. Empty: SparkOps reminds nobody by itself.",
        error_messages={
            "min_value": "TikTok allows a reminder from day 5 on: enter 5 or more.",
            "max_value": "The post is due on day 14: enter 14 or less.",
        },
    )
    reminder_text = forms.CharField(
        label="Message",
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="You may use {handle}, {product}, {delivered}, {due} and {brand}. Empty: the"
        " shipped words.",
    )


class CollaborationFilters(forms.Form):
    q = forms.CharField(label="Find a plan", required=False, max_length=100)


class RatesForm(forms.Form):
    """New rates of a plan, entered in percent; an empty one stays as it is."""

    standard_rate = _percent("Standard commission, %", "Of every sale of a creator's content.")
    shop_ads_rate = _percent("Shop Ads commission, %", "Of sales that ads on it won.")
    note = forms.CharField(label="Why", required=False, max_length=300)

    def clean(self) -> None:
        if not self.errors and self.rates() == (None, None):
            self.add_error("standard_rate", "Enter the rate that changes.")

    def rates(self) -> tuple[Decimal | None, Decimal | None]:
        """Standard and Shop Ads rate as fractions."""
        found = (self.cleaned_data.get(name) for name in ("standard_rate", "shop_ads_rate"))
        standard, ads = (None if rate is None else rate / 100 for rate in found)
        return standard, ads


class RateLimitForm(forms.Form):
    """From which change on a rate needs approval, in percentage points."""

    limit = forms.DecimalField(
        label="Approval above, in points",
        min_value=0,
        max_value=80,
        max_digits=4,
        decimal_places=2,
        help_text="2 means: from 10 % to 12 % goes at once, to 12.5 % waits for approval.",
    )


class ApplicationPageForm(forms.Form):
    """The client's public page."""

    class Filters(forms.Form):
        """The list of applications has no filters but its tabs."""

    is_open = forms.BooleanField(
        label="Take applications",
        required=False,
        help_text="Switched off, the address answers as if there were no such page.",
    )
    intro = forms.CharField(
        label="What you offer",
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Products, commission and samples. Everybody can read it.",
    )


class ApplyForm(forms.Form):
    """What a creator writes. `website` is hidden from people: who fills it in is none."""

    handle = forms.CharField(
        label="Your TikTok name",
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "@name"}),
    )
    email = forms.EmailField(label="Your e-mail", required=False, max_length=254)
    message = forms.CharField(
        label="Why you would like to work together",
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    website = forms.CharField(label="Leave this empty", required=False, widget=forms.HiddenInput)
