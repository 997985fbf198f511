"""Rules that approve samples, and reminders of them, in the API."""

from typing import Any

from rest_framework import serializers

from creators.actions.answers import decide_requests, save_rules
from creators.actions.reminders import remind, save_reminders
from creators.actions.samples import shorten_sample
from creators.api import CREATORS, SampleShape
from creators.api.programme import EDIT, sample_asked
from creators.forms import ReminderForm, SampleRulesForm, entered_rules
from creators.models import Sample, SamplePolicy, SampleReminder
from creators.queries.samples import policy_of_client
from sparkops.api.call import Call
from sparkops.api.fields import MoneyField, in_percent
from sparkops.api.gate import client_endpoint
from sparkops.api.operations import Action, Detail, page_values


class SampleRulesShape(serializers.ModelSerializer):
    """The rules of approval; null asks for nothing. Rates are fractions: 0.1000 is 10 %."""

    min_gmv = MoneyField("min_gmv", "currency")
    max_price = MoneyField("max_price", "currency")

    class Meta:
        model = SamplePolicy
        fields = (
            "approves", "min_followers", "min_gmv", "min_fulfilment", "min_posts", "max_price",
            "margin", "day_cap", "week_cap", "month_quota", "version",
        )  # fmt: skip


def _count(most: int = 1_000_000_000) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=0, max_value=most, required=False, allow_null=True)


def _amount() -> serializers.DecimalField:
    return serializers.DecimalField(
        max_digits=14, decimal_places=2, min_value=0, required=False, allow_null=True
    )


def _rate(**options: Any) -> serializers.DecimalField:
    return serializers.DecimalField(
        max_digits=5, decimal_places=4, min_value=0, max_value=1, required=False, **options
    )


class SampleRulesInput(serializers.Serializer):
    """What is left out stays; null asks for nothing. Amounts are in the client's currency."""

    approves = serializers.BooleanField(
        required=False, help_text="Switched off, nothing is approved by itself."
    )
    min_followers = _count()
    min_gmv = _amount()
    min_fulfilment = _rate(allow_null=True)
    min_posts = _count(10_000)
    max_price = _amount()
    margin = _rate(help_text="Who misses a threshold by less goes to a person.")
    day_cap = _count()
    week_cap = _count()
    month_quota = _count()


class SampleRemindersShape(serializers.ModelSerializer):
    """When creators are reminded, in days after delivery; null: nobody by itself. Without a text
    the shipped words are sent."""

    class Meta:
        model = SamplePolicy
        fields = ("remind_on_day", "reminder_text")


class SampleRemindersInput(serializers.Serializer):
    """What is left out stays."""

    remind_on_day = serializers.IntegerField(
        min_value=5, max_value=14, required=False, allow_null=True
    )
    reminder_text = serializers.CharField(
        max_length=1_000,
        required=False,
        allow_blank=True,
        help_text="It may name {handle}, {product}, {delivered}, {due} and {brand}.",
    )


class SampleReminderShape(serializers.ModelSerializer):
    """The one reminder of a sample, and whether TikTok took it."""

    sample_id = serializers.IntegerField(read_only=True)

    class Meta:
        model = SampleReminder
        fields = ("id", "sample_id", "state", "text", "asked_at", "asked_by", "sent_at", "problem")


def _policy(call: Call) -> SamplePolicy:
    """The client's rules, or the defaults while nobody has decided."""
    return policy_of_client()


def _save_rules(call: Call, values: dict[str, Any]) -> SamplePolicy:
    """Change the rules. Open requests that they let through are approved at once."""
    given = {
        name: in_percent(value) if name in SampleRulesForm.PERCENT and value is not None else value
        for name, value in values.items()
    }
    form = SampleRulesForm(entered_rules(policy_of_client()) | given)
    page_values(form)
    save_rules(call.client, by=call.actor, now=call.now, **form.values())
    decide_requests(call.client, now=call.now)
    return policy_of_client()


def _reminders(call: Call) -> SamplePolicy:
    """When creators are reminded of a sample, and with which words."""
    return policy_of_client()


def _save_reminders(call: Call, values: dict[str, Any]) -> SamplePolicy:
    """Change when creators are reminded, or the words."""
    policy = policy_of_client()
    standing = {"remind_on_day": policy.remind_on_day, "reminder_text": policy.reminder_text}
    save_reminders(**page_values(ReminderForm(standing | values)), by=call.actor, now=call.now)
    return policy_of_client()


def _remind(call: Call, values: dict[str, Any]) -> SampleReminder:
    """Send the one reminder that TikTok allows for a sample."""
    return remind(sample_asked(call), call.client, by=call.actor, now=call.now)


def _shorten(call: Call, values: dict[str, Any]) -> Sample:
    """Take the extra week back."""
    shorten_sample(sample_asked(call), by=call.actor, now=call.now)
    return sample_asked(call)


RULES = client_endpoint(
    "sample_rules",
    CREATORS,
    get=Detail(
        summary="Show the rules for samples",
        find=_policy,
        shape=SampleRulesShape,
        permission=EDIT,
    ),
    patch=Action(
        summary="Change the rules for samples",
        do=_save_rules,
        takes=SampleRulesInput,
        shape=SampleRulesShape,
        permission=EDIT,
        partial=True,
    ),
)
REMINDERS = client_endpoint(
    "sample_reminders",
    CREATORS,
    get=Detail(
        summary="Show the reminders of samples",
        find=_reminders,
        shape=SampleRemindersShape,
        permission=EDIT,
    ),
    patch=Action(
        summary="Change the reminders of samples",
        do=_save_reminders,
        takes=SampleRemindersInput,
        shape=SampleRemindersShape,
        permission=EDIT,
        partial=True,
    ),
)
REMIND = client_endpoint(
    "remind_of_sample",
    CREATORS,
    post=Action(
        summary="Remind a creator of a sample",
        do=_remind,
        shape=SampleReminderShape,
        permission=EDIT,
        status=202,
    ),
)
SHORTEN = client_endpoint(
    "shorten_sample",
    CREATORS,
    post=Action(
        summary="Take the extra week back", do=_shorten, shape=SampleShape, permission=EDIT
    ),
)
