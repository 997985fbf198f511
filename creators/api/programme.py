"""Answers to samples, applications and commission changes in the API."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from creators.actions import answers, applications, rates, samples
from creators.api import CREATORS, SampleShape
from creators.models import Application, Collaboration, RateChange, Sample, SampleAnswer
from sparkops.api.call import Call
from sparkops.api.fields import named
from sparkops.api.gate import client_endpoint
from sparkops.api.operations import Action, Detail, Listing, own_id
from sparkops.tenants.permissions import Permission

APPLICATIONS, COMMISSION = "Applications", "Commission"
EDIT = Permission.CREATOR_EDIT


class ApplicationShape(serializers.ModelSerializer):
    """A creator who asks to join; `email` needs the scope `contact.view`."""

    creator_id = serializers.IntegerField(read_only=True, allow_null=True)
    email = serializers.SerializerMethodField()

    class Meta:
        model = Application
        fields = (
            "id", "handle", "email", "message", "state", "creator_id", "applied_at",
            "decided_at", "decided_by",
        )  # fmt: skip

    def get_email(self, row: Application) -> str | None:
        may = self.context["call"].key.may(Permission.CONTACT_VIEW)
        return row.email if may else None


class RateChangeShape(serializers.ModelSerializer):
    """A change of commission; rates are fractions: 0.1500 is 15 %."""

    collaboration_id = named("collaboration.collaboration_id")

    class Meta:
        model = RateChange
        fields = (
            "id", "collaboration_id", "state", "standard_before", "standard_after", "ads_before",
            "ads_after", "note", "proposed_at", "proposed_by", "decided_at", "decided_by",
            "finished_at", "problem",
        )  # fmt: skip


class AnswerInput(serializers.Serializer):
    """A yes or a no to a request for a sample; a no may carry a reason of TikTok's list."""

    word = serializers.ChoiceField(choices=SampleAnswer.Word.choices)
    reason = serializers.ChoiceField(
        choices=SampleAnswer.Reason.choices, required=False, allow_blank=True
    )


class RatesInput(serializers.Serializer):
    """New rates as fractions; one that is left out stays."""

    standard = serializers.DecimalField(
        max_digits=5, decimal_places=4, min_value=0, max_value=1, required=False
    )
    ads = serializers.DecimalField(
        max_digits=5, decimal_places=4, min_value=0, max_value=1, required=False
    )
    note = serializers.CharField(max_length=300, required=False, allow_blank=True)


class ApplicationsAsked(forms.Form):
    state = forms.ChoiceField(label="State", required=False, choices=Application.State.choices)


class RateChangesAsked(forms.Form):
    state = forms.ChoiceField(label="State", required=False, choices=RateChange.State.choices)
    collaboration = own_id("Own id of a collaboration")


def sample_asked(call: Call) -> Sample:
    """One sample by own id."""
    rows = Sample.objects.select_related("creator", "product__shop", "post")
    return get_object_or_404(rows, pk=call.ids["pk"])


def _answer(call: Call, values: dict[str, Any]) -> Sample:
    """Say yes or no to a request; it can be taken back until it has left for TikTok."""
    answers.answer(sample_asked(call), **values, client=call.client, by=call.actor, now=call.now)
    return sample_asked(call)


def _undo_answer(call: Call, values: dict[str, Any]) -> Sample:
    """Take an answer back that has not left yet."""
    answers.undo_answer(sample_asked(call), by=call.actor, now=call.now)
    return sample_asked(call)


def _extend(call: Call, values: dict[str, Any]) -> Sample:
    """Give the creator another week, once."""
    samples.extend_sample(row := sample_asked(call), by=call.actor, now=call.now)
    return row


def _applications(call: Call) -> QuerySet[Application]:
    """Applications of creators, the newest first."""
    return Application.objects.filter(**call.values)


def _application(call: Call) -> Application:
    """One application by own id."""
    return get_object_or_404(Application, pk=call.ids["pk"])


def _approve(call: Call, values: dict[str, Any]) -> Application:
    """Let the creator in."""
    applications.approve_application(_application(call), by=call.actor, now=call.now)
    return _application(call)


def _decline(call: Call, values: dict[str, Any]) -> Application:
    """Say no."""
    applications.decline_application(_application(call), by=call.actor, now=call.now)
    return _application(call)


def _reopen(call: Call, values: dict[str, Any]) -> Application:
    """Take a decision back."""
    applications.reopen_application(_application(call), by=call.actor, now=call.now)
    return _application(call)


def _rate_changes(call: Call) -> QuerySet[RateChange]:
    """Changes of commission and what became of them."""
    return RateChange.objects.filter(**call.values).select_related("collaboration")


def _rate_change(call: Call) -> RateChange:
    """One change by own id."""
    return get_object_or_404(_rate_changes(call), pk=call.ids["pk"])


def _propose(call: Call, values: dict[str, Any]) -> RateChange:
    """Ask for other rates. One over the client's limit waits for approval."""
    rows = Collaboration.objects.select_related("shop", "product")
    plan = get_object_or_404(rows, pk=call.ids["pk"])
    return rates.propose_rates(
        plan,
        values.get("standard"),
        values.get("ads"),
        note=values.get("note", ""),
        client=call.client,
        by=call.actor,
        now=call.now,
    )


def _approve_rates(call: Call, values: dict[str, Any]) -> RateChange:
    """Let a change go on that waits for approval."""
    rates.approve_rates(_rate_change(call), by=call.actor, now=call.now)
    return _rate_change(call)


def _decline_rates(call: Call, values: dict[str, Any]) -> RateChange:
    """Say no to a change, or withdraw it."""
    rates.decline_rates(_rate_change(call), by=call.actor, now=call.now)
    return _rate_change(call)


SAMPLE = client_endpoint(
    "sample", CREATORS, get=Detail(summary="Show a sample", find=sample_asked, shape=SampleShape)
)
ANSWER = client_endpoint(
    "answer_sample",
    CREATORS,
    post=Action(
        summary="Answer a request for a sample",
        do=_answer,
        takes=AnswerInput,
        shape=SampleShape,
        permission=EDIT,
        status=202,
    ),
)
UNDO_ANSWER = client_endpoint(
    "undo_sample_answer",
    CREATORS,
    post=Action(summary="Take an answer back", do=_undo_answer, shape=SampleShape, permission=EDIT),
)
EXTEND = client_endpoint(
    "extend_sample",
    CREATORS,
    post=Action(summary="Give another week", do=_extend, shape=SampleShape, permission=EDIT),
)
APPLICATION_LIST = client_endpoint(
    "applications",
    APPLICATIONS,
    get=Listing(
        summary="List applications",
        rows=_applications,
        shape=ApplicationShape,
        filters=ApplicationsAsked,
    ),
)
APPLICATION_DEEDS = {
    word: client_endpoint(
        f"{word}_application",
        APPLICATIONS,
        post=Action(summary=summary, do=do, shape=ApplicationShape, permission=EDIT),
    )
    for word, summary, do in (
        ("approve", "Let a creator in", _approve),
        ("decline", "Decline an application", _decline),
        ("reopen", "Take a decision back", _reopen),
    )
}
RATE_CHANGES = client_endpoint(
    "rate_changes",
    COMMISSION,
    get=Listing(
        summary="List changes of commission",
        rows=_rate_changes,
        shape=RateChangeShape,
        filters=RateChangesAsked,
    ),
)
PROPOSE_RATES = client_endpoint(
    "propose_rates",
    COMMISSION,
    post=Action(
        summary="Propose other rates",
        do=_propose,
        takes=RatesInput,
        shape=RateChangeShape,
        permission=EDIT,
        status=201,
    ),
)
RATE_DEEDS = {
    "approve": client_endpoint(
        "approve_rates",
        COMMISSION,
        post=Action(
            summary="Approve a change of commission",
            do=_approve_rates,
            shape=RateChangeShape,
            permission=Permission.PLAN_APPROVE,
        ),
    ),
    "decline": client_endpoint(
        "decline_rates",
        COMMISSION,
        post=Action(
            summary="Decline a change of commission",
            do=_decline_rates,
            shape=RateChangeShape,
            permission=EDIT,
        ),
    ),
}
