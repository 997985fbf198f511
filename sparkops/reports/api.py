"""Reports, who gets them, and the links that open them, in the API."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from sparkops.api.call import Call
from sparkops.api.gate import client_endpoint
from sparkops.api.operations import Action, Detail, Listing, own_id, page_values
from sparkops.clock import shop_day
from sparkops.errors import Refusal
from sparkops.reports import actions
from sparkops.reports.forms import WantedForm
from sparkops.reports.models import Every, Link, Part, Report, Wanted
from sparkops.reports.periods import last_period
from sparkops.reports.tables import reports_table
from sparkops.tenants.permissions import Permission

TAG = "Reports"
APPROVE = Permission.PLAN_APPROVE


class ReportShape(serializers.ModelSerializer):
    """A week or a month as it was when the report was made; days are of the client's zone."""

    parts = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Report
        fields: tuple[str, ...] = ("id", "every", "first", "last", "parts", "made_at", "made_by")


class WholeReportShape(ReportShape):
    """A report with what it says: the five answers as pairs, and a table for each part."""

    content = serializers.DictField(read_only=True)

    class Meta(ReportShape.Meta):
        fields = (*ReportShape.Meta.fields, "content")


class ReportLinkShape(serializers.ModelSerializer):
    """A report for one person. Whoever has the address can read it until the link ends."""

    report_id = serializers.IntegerField(read_only=True)
    url = serializers.SerializerMethodField()

    class Meta:
        model = Link
        fields = (
            "id", "report_id", "recipient", "url", "created_at", "created_by", "expires_at",
            "revoked_at", "opened_at",
        )  # fmt: skip

    def get_url(self, row: Link) -> str:
        return actions.address_of_link(row)


class ReportInput(serializers.Serializer):
    """Whether the last whole week or the last whole month is reported."""

    every = serializers.ChoiceField(choices=Every.choices)


class WantedShape(serializers.ModelSerializer):
    """How often reports are made and sent by themselves (empty: never), with which parts, and to
    whom."""

    parts = serializers.ListField(child=serializers.CharField(), read_only=True)
    recipients = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Wanted
        fields = ("every", "parts", "recipients")


class WantedInput(serializers.Serializer):
    """What is left out stays. Margins (`money`) are internal unless chosen."""

    every = serializers.ChoiceField(choices=Every.choices, required=False, allow_blank=True)
    parts = serializers.ListField(
        child=serializers.ChoiceField(choices=Part.choices), required=False
    )
    recipients = serializers.ListField(
        child=serializers.EmailField(max_length=254), max_length=20, required=False
    )


class LinksAsked(forms.Form):
    report = own_id("Own id of a report")


def _reports(call: Call) -> QuerySet[Report]:
    """Reports of the client."""
    return Report.objects.defer("content")


def _report(call: Call) -> Report:
    """One report with everything it says."""
    return get_object_or_404(Report, pk=call.ids["pk"])


def _make(call: Call, values: dict[str, Any]) -> Report:
    """Make the report of the last whole week or month; an earlier one of the same days is
    replaced."""
    today = shop_day(call.now, call.client.timezone)
    first, last = last_period(values["every"], today)
    return actions.make_report(
        call.client, values["every"], first, last, by=call.actor, now=call.now
    )


def _send(call: Call, values: dict[str, Any]) -> list[Link]:
    """Mail a link of its own to each chosen address; who has one gets no second mail. The answer
    has the links of the report."""
    row, recipients = _report(call), actions.wanted_of_client().recipients
    if not recipients:
        raise Refusal("nobody", "Choose who gets it first.")
    actions.send_report(row, recipients, by=call.actor, now=call.now)
    return list(row.links.order_by("recipient"))


def _links(call: Call) -> QuerySet[Link]:
    """Links to reports with their addresses, ended ones too."""
    return Link.objects.filter(**call.values)


def _withdraw(call: Call, values: dict[str, Any]) -> Link:
    """Make a link worthless at once."""
    row = get_object_or_404(Link.objects.select_related("report"), pk=call.ids["pk"])
    actions.revoke_link(row, by=call.actor, now=call.now)
    return row


def _wanted(call: Call) -> Wanted:
    """When reports are made by themselves, what they tell, and who gets them."""
    return actions.wanted_of_client()


def _choose(call: Call, values: dict[str, Any]) -> Wanted:
    """Change when reports are made, what they tell, and who gets them."""
    wanted = actions.wanted_of_client()
    standing = {name: getattr(wanted, name) for name in ("every", "parts", "recipients")}
    chosen = standing | values
    chosen["recipients"] = "\n".join(chosen["recipients"])
    return actions.choose(**page_values(WantedForm(chosen)), by=call.actor, now=call.now)


REPORTS = client_endpoint(
    "reports",
    TAG,
    get=Listing(
        summary="List reports",
        rows=_reports,
        shape=ReportShape,
        sorts=reports_table("").sorts,
    ),
    post=Action(
        summary="Make a report",
        do=_make,
        takes=ReportInput,
        shape=WholeReportShape,
        permission=APPROVE,
        status=201,
    ),
)
REPORT = client_endpoint(
    "report", TAG, get=Detail(summary="Show a report", find=_report, shape=WholeReportShape)
)
SEND = client_endpoint(
    "send_report",
    TAG,
    post=Action(
        summary="Send a report",
        do=_send,
        shape=ReportLinkShape,
        permission=APPROVE,
        many=True,
        status=202,
    ),
)
LINKS = client_endpoint(
    "report_links",
    TAG,
    get=Listing(
        summary="List links to reports",
        rows=_links,
        shape=ReportLinkShape,
        filters=LinksAsked,
        permission=APPROVE,
    ),
)
WITHDRAW = client_endpoint(
    "withdraw_report_link",
    TAG,
    post=Action(
        summary="End a link to a report",
        do=_withdraw,
        shape=ReportLinkShape,
        permission=APPROVE,
    ),
)
WANTED = client_endpoint(
    "report_settings",
    TAG,
    get=Detail(
        summary="Show who gets reports", find=_wanted, shape=WantedShape, permission=APPROVE
    ),
    patch=Action(
        summary="Change who gets reports",
        do=_choose,
        takes=WantedInput,
        shape=WantedShape,
        permission=APPROVE,
        partial=True,
    ),
)
