"""The rule of triage in the API: its thresholds, changed with a note and tried on past posts."""

from typing import Any

from django.db.models import QuerySet
from django.forms import DecimalField
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from campaigns.actions.backtest import start_back_test
from campaigns.actions.triage import change_rule, first_rule
from campaigns.api.judging import LAUNCH, TRIAGE
from campaigns.forms import RuleForm, entered
from campaigns.models import BackTest, TriageRule
from campaigns.queries.triage import settings_of
from campaigns.rules.backtest import Line, line_from, summed
from campaigns.rules.triage_facts import Rule, rule_from
from sparkops.api.call import Call
from sparkops.api.fields import MoneyField, in_percent
from sparkops.api.gate import client_endpoint
from sparkops.api.operations import Action, Detail, Listing, page_values

THRESHOLDS = tuple(name for name in RuleForm.base_fields if name not in ("note", "seen_version"))


def _fields(**options: Any) -> dict[str, serializers.Field]:
    """The thresholds of the page; rates as fractions."""
    found: dict[str, serializers.Field] = {}
    for name in THRESHOLDS:
        told = {"help_text": str(RuleForm.base_fields[name].label), **options}
        if isinstance(RuleForm.base_fields[name], DecimalField):
            found[name] = serializers.DecimalField(
                max_digits=11, decimal_places=4, min_value=0, **told
            )
        else:
            found[name] = serializers.IntegerField(min_value=0, max_value=10_000_000, **told)
    return found


class ThresholdsShape(serializers.Serializer):
    """What a post has to reach; rates are fractions, the price of 1,000 impressions is in the
    client's currency."""

    def get_fields(self) -> dict[str, Any]:
        return _fields()


class RuleShape(serializers.ModelSerializer):
    """The version that counts. While `finished_at` is null posts are being scored under it."""

    thresholds = serializers.SerializerMethodField()

    class Meta:
        model = TriageRule
        fields = (
            "version", "thresholds", "note", "created_at", "created_by", "scored", "total",
            "finished_at",
        )  # fmt: skip

    @extend_schema_field(ThresholdsShape)
    def get_thresholds(self, row: TriageRule) -> Any:
        return ThresholdsShape(settings_of(row)).data


class BackTestShape(serializers.ModelSerializer):
    """A rule tried on past posts; `done` of `total` are looked at."""

    thresholds = serializers.SerializerMethodField()

    class Meta:
        model = BackTest
        fields: tuple[str, ...] = (
            "id", "thresholds", "created_at", "created_by", "total", "done", "finished_at",
        )  # fmt: skip

    @extend_schema_field(ThresholdsShape)
    def get_thresholds(self, row: BackTest) -> Any:
        return ThresholdsShape(rule_from(row.settings)).data


class TriedPostShape(serializers.Serializer):
    """A post that the rule would have launched on `day`; `profit` is null while the ledger holds
    nothing of it."""

    post_id = serializers.IntegerField()
    day = serializers.DateField()
    score = serializers.IntegerField()
    profit = MoneyField("profit", "currency")


class TriedRuleShape(BackTestShape):
    """A back-test with the posts that it would have launched; of `unknown` ones the ledger holds
    nothing."""

    launched = serializers.SerializerMethodField()
    profitable = serializers.SerializerMethodField()
    lost = serializers.SerializerMethodField()
    unknown = serializers.SerializerMethodField()
    posts = serializers.SerializerMethodField()

    class Meta(BackTestShape.Meta):
        fields = (
            *BackTestShape.Meta.fields, "launched", "profitable", "lost", "unknown", "posts",
        )  # fmt: skip

    def get_launched(self, row: BackTest) -> int:
        return len(row.lines)

    def get_profitable(self, row: BackTest) -> int:
        return summed(_lines(row)).profitable

    def get_lost(self, row: BackTest) -> int:
        return summed(_lines(row)).lost

    def get_unknown(self, row: BackTest) -> int:
        return summed(_lines(row)).unknown

    @extend_schema_field(TriedPostShape(many=True))
    def get_posts(self, row: BackTest) -> Any:
        return TriedPostShape(_lines(row), many=True).data


def _lines(row: BackTest) -> list[Line]:
    return [line_from(one) for one in row.lines]


class TryInput(serializers.Serializer):
    """Thresholds that differ from the rule that counts."""

    def get_fields(self) -> dict[str, Any]:
        return _fields(required=False)


class RuleInput(serializers.Serializer):
    """What is left out stays. `seen_version` is the version that was read: a rule that somebody
    changed since is not changed."""

    note = serializers.CharField(max_length=300, help_text="Why: it is kept with the version.")
    seen_version = serializers.IntegerField(min_value=1, max_value=10_000_000)

    def get_fields(self) -> dict[str, Any]:
        return super().get_fields() | _fields(required=False)


def _rule(call: Call) -> TriageRule:
    """The thresholds that count now; the defaults are version 1."""
    return first_rule(now=call.now)


def _form(before: Rule, values: dict[str, Any]) -> RuleForm:
    """The form of the page with what was given; what was not stays as `before`."""
    given = {
        name: in_percent(value) if name in RuleForm.PERCENT else value
        for name, value in values.items()
    }
    return RuleForm(entered(before, 0) | {"seen_version": None} | given)


def _change(call: Call, values: dict[str, Any]) -> TriageRule:
    """Make the next version; every candidate is scored again."""
    before = settings_of(first_rule(now=call.now))
    form = _form(before, values)
    chosen = page_values(form)
    return change_rule(
        form.rule(before),
        note=chosen["note"],
        seen_version=chosen["seen_version"],
        by=call.actor,
        now=call.now,
    )


def _back_tests(call: Call) -> QuerySet[BackTest]:
    """Rules that were tried on past posts, without the posts."""
    return BackTest.objects.defer("lines")


def _back_test(call: Call) -> BackTest:
    """What a rule would have launched, and what the ledger says that it made."""
    return get_object_or_404(BackTest, pk=call.ids["pk"])


def _try(call: Call, values: dict[str, Any]) -> BackTest:
    """Try a rule on past posts, with their numbers as they stood on each day; a worker does it
    within minutes, and nothing else changes."""
    before = settings_of(first_rule(now=call.now))
    form = _form(before, values | {"seen_version": 1})
    page_values(form)
    return start_back_test(form.rule(before), by=call.actor, now=call.now)


RULE = client_endpoint(
    "triage_rule",
    TRIAGE,
    get=Detail(summary="Show the rule of triage", find=_rule, shape=RuleShape),
    patch=Action(
        summary="Change the rule of triage",
        do=_change,
        takes=RuleInput,
        shape=RuleShape,
        permission=LAUNCH,
        partial=True,
    ),
)
BACK_TESTS = client_endpoint(
    "back_tests",
    TRIAGE,
    get=Listing(summary="List rules that were tried", rows=_back_tests, shape=BackTestShape),
    post=Action(
        summary="Try a rule on past posts",
        do=_try,
        takes=TryInput,
        shape=BackTestShape,
        permission=LAUNCH,
        status=202,
    ),
)
BACK_TEST = client_endpoint(
    "back_test",
    TRIAGE,
    get=Detail(summary="Show a rule that was tried", find=_back_test, shape=TriedRuleShape),
)
