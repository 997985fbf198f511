"""What a plan waits for: its gates, links for the client's approval, and changes to its parts."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from rest_framework import serializers

from campaigns.actions import approval, bulk, plans
from campaigns.actions.gmv_max_launch import GmvMaxCheck, least_target_of, set_target
from campaigns.api import CheckShape
from campaigns.api.planning import APPROVE, LAUNCH, PLANS, PlanShape, plan_asked
from campaigns.models import ApprovalLink, GmvMaxLaunch, Plan, PlanLine
from sparkops.api.call import Call
from sparkops.api.gate import client_endpoint
from sparkops.api.operations import Action, Detail, Listing, own_id
from sparkops.errors import Refusal


class PlanCheckShape(serializers.Serializer):
    """A post or a GMV Max campaign of a plan with its gate as it stands now. A person may override
    what `may_override` names, on the page."""

    line_id = serializers.SerializerMethodField()
    gmv_max_id = serializers.SerializerMethodField()
    refused = serializers.ListField(child=serializers.CharField())
    may_override = serializers.BooleanField()
    checks = CheckShape(source="told", many=True)

    def get_line_id(self, found: plans.LineCheck | GmvMaxCheck) -> int | None:
        return found.line.pk if isinstance(found, plans.LineCheck) else None

    def get_gmv_max_id(self, found: plans.LineCheck | GmvMaxCheck) -> int | None:
        return found.row.pk if isinstance(found, GmvMaxCheck) else None


class ApprovalLinkShape(serializers.ModelSerializer):
    """A link by which one person approves a plan. Its address is told once, when it is made."""

    plan_id = serializers.IntegerField(read_only=True)

    class Meta:
        model = ApprovalLink
        fields = (
            "id", "plan_id", "recipient", "created_at", "created_by", "expires_at", "revoked_at",
            "opened_at",
        )  # fmt: skip


@dataclass(frozen=True)
class MadeApprovalLink:
    """A link and its whole address."""

    link: ApprovalLink
    url: str


class MadeApprovalLinkShape(serializers.Serializer):
    """The new link, and its address, which is told only now: whoever has it can approve."""

    link = ApprovalLinkShape()
    url = serializers.URLField()


class RecipientInput(serializers.Serializer):
    """For whom the link is: a name or an address."""

    recipient = serializers.CharField(max_length=200)


class ApprovalLinksAsked(forms.Form):
    plan = own_id("Own id of a plan")


def _checks(call: Call) -> list[plans.LineCheck | GmvMaxCheck]:
    """Every gate of a plan as it stands now; nothing is written."""
    row = plan_asked(call)
    return [
        *plans.check_lines(row, now=call.now),
        *plans.check_campaigns(row, now=call.now),
    ]


def _retry(call: Call, values: dict[str, Any]) -> Plan:
    """Send again the launches of an approved plan that stopped or were refused."""
    bulk.retry_failed(_locked(call), by=call.actor, now=call.now)
    return plan_asked(call)


def _drop(call: Call, values: dict[str, Any]) -> Plan:
    """Take a post out of a draft."""
    plan = _locked(call)
    rows = PlanLine.objects.select_related("plan", "post")
    line = get_object_or_404(rows, pk=call.ids["line"], plan=plan)
    plans.drop_line(line, by=call.actor, now=call.now)
    return plan_asked(call)


def _raise_target(call: Call, values: dict[str, Any]) -> Plan:
    """Set the target ROAS of a GMV Max campaign to the lowest one that loses nothing."""
    plan = _locked(call)
    rows = GmvMaxLaunch.objects.select_related("plan", "ad_account", "shop")
    row = get_object_or_404(rows, pk=call.ids["campaign"], plan=plan)
    offer = least_target_of(row)
    if offer is None:
        raise Refusal("no_offer", "The target is at or above break-even already.")
    set_target(row, offer, by=call.actor, now=call.now)
    return plan_asked(call)


def _locked(call: Call) -> Plan:
    return get_object_or_404(Plan.objects.select_for_update(), pk=call.ids["pk"])


def _links(call: Call) -> QuerySet[ApprovalLink]:
    """Links for approval, without their addresses."""
    return ApprovalLink.objects.filter(**call.values)


def _send(call: Call, values: dict[str, Any]) -> MadeApprovalLink:
    """Make a link for one person. The plan has to be approved inside."""
    link, token = approval.make_link(_locked(call), **values, by=call.actor, now=call.now)
    return MadeApprovalLink(link, settings.SITE_URL + reverse("approve", kwargs={"token": token}))


def _revoke(call: Call, values: dict[str, Any]) -> ApprovalLink:
    """Make a link worthless at once."""
    row = get_object_or_404(ApprovalLink.objects.select_related("plan"), pk=call.ids["pk"])
    approval.revoke_link(row, by=call.actor, now=call.now)
    return row


CHECKS = client_endpoint(
    "plan_checks",
    PLANS,
    get=Detail(summary="Show the gates of a plan", find=_checks, shape=PlanCheckShape, many=True),
)
RETRY = client_endpoint(
    "retry_plan",
    PLANS,
    post=Action(
        summary="Launch again what failed",
        do=_retry,
        shape=PlanShape,
        permission=LAUNCH,
        status=202,
    ),
)
DROP = client_endpoint(
    "drop_plan_line",
    PLANS,
    post=Action(summary="Take a post out of a plan", do=_drop, shape=PlanShape, permission=LAUNCH),
)
RAISE_TARGET = client_endpoint(
    "raise_plan_target",
    PLANS,
    post=Action(
        summary="Raise a target to break-even",
        do=_raise_target,
        shape=PlanShape,
        permission=LAUNCH,
    ),
)
SEND = client_endpoint(
    "send_plan",
    PLANS,
    post=Action(
        summary="Make a link for approval",
        do=_send,
        takes=RecipientInput,
        shape=MadeApprovalLinkShape,
        permission=APPROVE,
        status=201,
    ),
)
LINKS = client_endpoint(
    "approval_links",
    PLANS,
    get=Listing(
        summary="List links for approval",
        rows=_links,
        shape=ApprovalLinkShape,
        filters=ApprovalLinksAsked,
    ),
)
REVOKE = client_endpoint(
    "revoke_approval_link",
    PLANS,
    post=Action(
        summary="Revoke a link for approval",
        do=_revoke,
        shape=ApprovalLinkShape,
        permission=APPROVE,
    ),
)
