"""Alerts in the API."""

from django import forms
from django.db.models import QuerySet
from rest_framework import serializers

from sparkops.alerts.models import Alert
from sparkops.api.call import Call
from sparkops.api.fields import MoneyField
from sparkops.api.gate import client_endpoint
from sparkops.api.operations import Listing


class AlertShape(serializers.ModelSerializer):
    """What a person must know or do. `at_risk` is money per day; `path` opens the page that
    answers it."""

    at_risk = MoneyField("at_risk", "currency")

    class Meta:
        model = Alert
        fields = (
            "id",
            "kind",
            "severity",
            "title",
            "body",
            "path",
            "action_label",
            "subject_type",
            "subject_id",
            "at_risk",
            "raised_at",
            "resolved_at",
            "snoozed_until",
        )


class AlertsAsked(forms.Form):
    open = forms.ChoiceField(
        label="Only open ones, or only ended ones",
        required=False,
        choices=[("true", "Open"), ("false", "Ended")],
    )
    severity = forms.ChoiceField(label="Severity", required=False, choices=Alert.Severity.choices)
    kind = forms.CharField(label="Kind", required=False, max_length=60)


def _alerts(call: Call) -> QuerySet[Alert]:
    """Alerts, the newest first."""
    asked = dict(call.values)
    if word := asked.pop("open", ""):
        asked["resolved_at__isnull"] = word == "true"
    return Alert.objects.filter(**asked)


ALERTS = client_endpoint(
    "alerts",
    "Alerts",
    get=Listing(summary="List alerts", rows=_alerts, shape=AlertShape, filters=AlertsAsked),
)
