"""Launch templates and launch limits in the API."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from campaigns.actions import templates as actions
from campaigns.actions.plans import set_limit
from campaigns.forms import OBJECTIVES, FromTemplate, LimitForm
from campaigns.forms.templates import GOAL_WORDS, TemplateForm, entered_in
from campaigns.models import LaunchLimit, LaunchTemplate
from campaigns.queries.templates import current_templates
from sparkops.api.call import Call
from sparkops.api.fields import CurrencyCode, MoneyField
from sparkops.api.gate import client_endpoint
from sparkops.api.operations import Action, Detail, Listing, page_values
from sparkops.tenants.permissions import Permission

TAG = "Launch templates and limits"
LAUNCH = Permission.CAMPAIGN_LAUNCH
APPROVE = Permission.PLAN_APPROVE


class TemplateShape(serializers.ModelSerializer):
    """One version of a template. Budget and bid are in the currency of the ad account it is used
    in; a flight begins `starts_in_hours` from when it is planned."""

    class Meta:
        model = LaunchTemplate
        fields = (
            "id", "name", "version", "naming", "objective", "goal", "daily_budget", "bid",
            "placement", "starts_in_hours", "days", "landing_url", "created_at", "created_by",
            "retired_at",
        )  # fmt: skip


class TemplateInput(serializers.Serializer):
    """What is left out keeps its value, of a new one that of the page."""

    name = serializers.CharField(max_length=100)
    naming = serializers.CharField(
        max_length=300, default="{client} {creator} {post} {date}", help_text="Of its launches."
    )
    objective = serializers.ChoiceField(choices=OBJECTIVES)
    goal = serializers.ChoiceField(choices=list(GOAL_WORDS.items()))
    daily_budget = serializers.DecimalField(max_digits=10, decimal_places=2, min_value=1)
    bid = serializers.DecimalField(max_digits=10, decimal_places=3, required=False, allow_null=True)
    placement = serializers.ChoiceField(choices=LaunchTemplate.Placement.choices)
    starts_in_hours = serializers.IntegerField(min_value=0, max_value=720, default=1)
    days = serializers.IntegerField(min_value=1, max_value=365, default=7)
    landing_url = serializers.URLField(max_length=500, required=False, allow_blank=True)


class LimitShape(serializers.ModelSerializer):
    """The most one launch may spend in accounts of a currency; null is no limit."""

    max_daily = MoneyField("max_daily", "currency")
    max_total = MoneyField("max_total", "currency")

    class Meta:
        model = LaunchLimit
        fields = ("id", "currency", "max_daily", "max_total", "set_at", "set_by")


class LimitInput(serializers.Serializer):
    """The same currency again changes its limit; what is left out is unlimited."""

    currency = CurrencyCode()
    max_daily = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=0, required=False, allow_null=True
    )
    max_total = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=0, required=False, allow_null=True
    )


class TemplateAsked(FromTemplate):
    """A template beside what is launched with it."""

    objective = forms.CharField()
    landing_url = forms.CharField(required=False)


def template_meant(values: dict[str, Any]) -> LaunchTemplate | None:
    """The template that a body names; `template_id` is taken out of `values`. Raises
    ValidationError for one that is not in use or of another objective."""
    pk = values.pop("template_id", None)
    if pk is None:
        return None
    asked = {name: values.get(name, "") for name in ("objective", "landing_url")}
    found = page_values(TemplateAsked({"template": pk, **asked}), _told)
    template: LaunchTemplate = found["template"]
    return template


def _told(name: str) -> str:
    return "template_id" if name == "template" else name


def _templates(call: Call) -> QuerySet[LaunchTemplate]:
    """The newest version of every template that can be used."""
    return current_templates()


def _template(call: Call) -> LaunchTemplate:
    """One version of a template; an older or retired one stays readable."""
    return get_object_or_404(LaunchTemplate, pk=call.ids["pk"])


def _make(call: Call, values: dict[str, Any]) -> LaunchTemplate:
    """Write a template."""
    form = TemplateForm(entered_in(None) | values)
    page_values(form)
    return actions.make_template(form.draft(), by=call.actor, now=call.now)


def _change(call: Call, values: dict[str, Any]) -> LaunchTemplate:
    """Make the next version, which has an id of its own. Refused for a version that is not the
    newest."""
    row = _template(call)
    form = TemplateForm(entered_in(row) | values)
    page_values(form)
    return actions.change_template(row, form.draft(), by=call.actor, now=call.now)


def _retire(call: Call, values: dict[str, Any]) -> LaunchTemplate:
    """Take a template off the list; plans made from it go on."""
    row = get_object_or_404(current_templates(), pk=call.ids["pk"])
    actions.retire_template(row, by=call.actor, now=call.now)
    return row


def _limits(call: Call) -> QuerySet[LaunchLimit]:
    """Limits by currency. A client with limits and none in an account's currency may not launch
    there."""
    return LaunchLimit.objects.all()


def _set_limit(call: Call, values: dict[str, Any]) -> LaunchLimit:
    """Set the most one launch may spend in accounts of a currency."""
    return set_limit(**page_values(LimitForm(values)), by=call.actor, now=call.now)


TEMPLATE_LIST = client_endpoint(
    "launch_templates",
    TAG,
    get=Listing(summary="List launch templates", rows=_templates, shape=TemplateShape),
    post=Action(
        summary="Write a launch template",
        do=_make,
        takes=TemplateInput,
        shape=TemplateShape,
        permission=LAUNCH,
        status=201,
    ),
)
TEMPLATE = client_endpoint(
    "launch_template",
    TAG,
    get=Detail(summary="Show a launch template", find=_template, shape=TemplateShape),
    patch=Action(
        summary="Change a launch template",
        do=_change,
        takes=TemplateInput,
        shape=TemplateShape,
        permission=LAUNCH,
        partial=True,
    ),
)
RETIRE = client_endpoint(
    "retire_launch_template",
    TAG,
    post=Action(
        summary="Retire a launch template", do=_retire, shape=TemplateShape, permission=LAUNCH
    ),
)
LIMITS = client_endpoint(
    "launch_limits",
    TAG,
    get=Listing(summary="List launch limits", rows=_limits, shape=LimitShape),
    post=Action(
        summary="Set a launch limit",
        do=_set_limit,
        takes=LimitInput,
        shape=LimitShape,
        permission=APPROVE,
    ),
)
