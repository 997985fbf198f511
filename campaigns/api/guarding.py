"""Guards in the API: the rules, what they did, and answers to it. A rule written here meets the
same checks as one of the page."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from campaigns.actions import guards
from campaigns.forms.guards import MOST_CONDITIONS, GuardForm, empty_rule, entered_rule
from campaigns.models import GuardCheck, GuardRule, Level
from campaigns.rules.guard_words import WINDOWS
from campaigns.rules.guards import Metric, Op, Times
from sparkops.api.call import Call
from sparkops.api.fields import named
from sparkops.api.gate import client_endpoint
from sparkops.api.operations import Action, Detail, Listing, own_id, page_values
from sparkops.catalog.models import AdAccount
from sparkops.errors import Refusal
from sparkops.tenants.permissions import Permission

GUARDS = "Guards"
LAUNCH = Permission.CAMPAIGN_LAUNCH


class GuardShape(serializers.ModelSerializer):
    """A rule on ads; `percent` changes a budget or bid, never above `most`."""

    advertiser_id = named("ad_account.advertiser_id")
    conditions = serializers.ListField(child=serializers.DictField(), read_only=True)

    class Meta:
        model = GuardRule
        fields = (
            "id", "name", "preset", "level", "advertiser_id", "conditions", "window_days",
            "action", "percent", "most", "every_hours", "mode", "version", "changed_at",
            "changed_by",
        )  # fmt: skip


class GuardCheckShape(serializers.ModelSerializer):
    """One evaluation of a rule on one target, with what it looked at."""

    rule_id = serializers.IntegerField(read_only=True)
    ad_id = named("ad.ad_id")
    adgroup_id = named("ad_group.adgroup_id")
    campaign_id = named("campaign.campaign_id")
    inputs = serializers.ListField(child=serializers.DictField(), read_only=True)

    class Meta:
        model = GuardCheck
        fields = (
            "id", "rule_id", "version", "level", "ad_id", "adgroup_id", "campaign_id", "outcome",
            "inputs", "sentence", "at", "last_at", "times", "decided_at", "decided_by",
        )  # fmt: skip


class ConditionInput(serializers.Serializer):
    """One of the conditions that must all hold: the metric against `value`, or `value` times a
    bound that profit publishes for the product."""

    metric = serializers.ChoiceField(choices=[one.value for one in Metric])
    op = serializers.ChoiceField(choices=[one.value for one in Op])
    value = serializers.DecimalField(max_digits=12, decimal_places=2)
    times = serializers.ChoiceField(
        choices=[one.value for one in Times if one], required=False, allow_blank=True
    )


class GuardInput(serializers.Serializer):
    """A rule; what is left out keeps its value, of a new one that of the page. `most` is in the
    ad account's currency, `window_days` are complete days of the ad account, 0 is everything."""

    name = serializers.CharField(max_length=120)
    level = serializers.ChoiceField(choices=Level.choices, required=False)
    advertiser_id = serializers.CharField(max_length=32, required=False, allow_null=True)
    conditions = serializers.ListField(
        child=ConditionInput(), min_length=1, max_length=MOST_CONDITIONS
    )
    window_days = serializers.ChoiceField(choices=[days for days, _ in WINDOWS], required=False)
    action = serializers.ChoiceField(choices=GuardRule.Action.choices, required=False)
    percent = serializers.DecimalField(
        max_digits=5, decimal_places=1, required=False, allow_null=True
    )
    most = serializers.DecimalField(
        max_digits=12, decimal_places=2, required=False, allow_null=True
    )
    every_hours = serializers.IntegerField(min_value=1, max_value=720, required=False)
    mode = serializers.ChoiceField(choices=GuardRule.Mode.choices, required=False)


class GuardsAsked(forms.Form):
    mode = forms.ChoiceField(label="Mode", required=False, choices=GuardRule.Mode.choices)


class GuardChecksAsked(forms.Form):
    rule = own_id("Own id of a guard")
    outcome = forms.ChoiceField(label="Outcome", required=False, choices=GuardCheck.Outcome.choices)


def _guards(call: Call) -> QuerySet[GuardRule]:
    """Rules on ads. They are written on the page, with a look at what they would do."""
    return GuardRule.objects.filter(**call.values).select_related("ad_account")


def _checks(call: Call) -> QuerySet[GuardCheck]:
    """What rules found and did, the newest first."""
    rows = GuardCheck.objects.filter(**call.values)
    return rows.select_related("ad", "ad_group", "campaign")


def _check(call: Call) -> GuardCheck:
    """One evaluation by own id."""
    return get_object_or_404(_checks(call), pk=call.ids["pk"])


def _accept(call: Call, values: dict[str, Any]) -> GuardCheck:
    """Do what was suggested."""
    guards.accept(_check(call), by=call.actor, now=call.now)
    return _check(call)


def _dismiss(call: Call, values: dict[str, Any]) -> GuardCheck:
    """Turn a suggestion down; the rule rests on this target."""
    guards.dismiss(_check(call), by=call.actor, now=call.now)
    return _check(call)


def _undo_check(call: Call, values: dict[str, Any]) -> GuardCheck:
    """Change back what the guard changed."""
    guards.undo(_check(call), by=call.actor, now=call.now)
    return _check(call)


def _guard(call: Call) -> GuardRule:
    """One rule by own id."""
    return get_object_or_404(GuardRule.objects.select_related("ad_account"), pk=call.ids["pk"])


def _make_guard(call: Call, values: dict[str, Any]) -> GuardRule:
    """Write a rule. It looks within five minutes; one that suggests waits for an answer."""
    return _saved(call, None, empty_rule(), values)


def _change_guard(call: Call, values: dict[str, Any]) -> GuardRule:
    """Make the next version of a rule, or switch it off with the mode `off`."""
    row = _guard(call)
    return _saved(call, row, entered_rule(row), values)


def _saved(
    call: Call, row: GuardRule | None, standing: dict[str, Any], values: dict[str, Any]
) -> GuardRule:
    """The rule as the form of its page takes it: the same checks, and the same words for them."""
    form = GuardForm(_entered(standing, values))
    page_values(form, _told)
    return guards.save_rule(form.draft(), of=row, by=call.actor, now=call.now)


def _entered(standing: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    given = dict(values)
    entered = dict(standing)
    if "conditions" in given:
        entered = {name: one for name, one in entered.items() if not name[-1].isdigit()}
        for number, one in enumerate(given.pop("conditions"), 1):
            entered |= {f"{name}_{number}": value for name, value in one.items()}
    if "advertiser_id" in given:
        entered["ad_account"] = _account(given.pop("advertiser_id"))
    return {name: value for name, value in (entered | given).items() if value is not None}


def _account(advertiser_id: str | None) -> int | None:
    if advertiser_id is None:
        return None
    found = AdAccount.objects.filter(advertiser_id=advertiser_id).first()
    if found is None:
        raise Refusal(
            "unknown_ad_account", "There is no such ad account here.", field="advertiser_id"
        )
    return found.pk


def _told(name: str) -> str:
    """The field of the body that a field of the form belongs to."""
    return "conditions" if name[-1].isdigit() else name.replace("ad_account", "advertiser_id")


GUARD_LIST = client_endpoint(
    "guards",
    GUARDS,
    get=Listing(summary="List guards", rows=_guards, shape=GuardShape, filters=GuardsAsked),
    post=Action(
        summary="Write a guard",
        do=_make_guard,
        takes=GuardInput,
        shape=GuardShape,
        permission=LAUNCH,
        status=201,
    ),
)
GUARD = client_endpoint(
    "guard",
    GUARDS,
    get=Detail(summary="Show a guard", find=_guard, shape=GuardShape),
    patch=Action(
        summary="Change a guard",
        do=_change_guard,
        takes=GuardInput,
        shape=GuardShape,
        permission=LAUNCH,
        partial=True,
    ),
)
CHECK_LIST = client_endpoint(
    "guard_checks",
    GUARDS,
    get=Listing(
        summary="List what guards did",
        rows=_checks,
        shape=GuardCheckShape,
        filters=GuardChecksAsked,
    ),
)
CHECK_DEEDS = {
    word: client_endpoint(
        f"{word}_guard_check",
        GUARDS,
        post=Action(summary=summary, do=do, shape=GuardCheckShape, permission=LAUNCH, status=202),
    )
    for word, summary, do in (
        ("accept", "Do what a guard suggests", _accept),
        ("dismiss", "Turn a suggestion down", _dismiss),
        ("undo", "Undo what a guard did", _undo_check),
    )
}
