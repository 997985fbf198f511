"""The rule of triage in the API: its thresholds by version, changed with a note."""

from typing import Any

from django.forms import DecimalField
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from campaigns.actions.triage import change_rule, first_rule
from campaigns.api.judging import LAUNCH, TRIAGE
from campaigns.forms import RuleForm, entered
from campaigns.models import TriageRule
from campaigns.queries.triage import settings_of
from sparkops.api.call import Call
from sparkops.api.fields import in_percent
from sparkops.api.gate import client_endpoint
from sparkops.api.operations import Action, Detail, page_values

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


def _change(call: Call, values: dict[str, Any]) -> TriageRule:
    """Make the next version; every candidate is scored again."""
    before = settings_of(first_rule(now=call.now))
    given = {
        name: in_percent(value) if name in RuleForm.PERCENT else value
        for name, value in values.items()
    }
    form = RuleForm(entered(before, 0) | {"seen_version": None} | given)
    chosen = page_values(form)
    return change_rule(
        form.rule(before),
        note=chosen["note"],
        seen_version=chosen["seen_version"],
        by=call.actor,
        now=call.now,
    )


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
