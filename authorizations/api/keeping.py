"""Fees of permissions, what the watchdog found, broken holds, terms and links, in the API."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from authorizations.actions.cases import settle_case
from authorizations.actions.fees import agree_fee, pay_fee
from authorizations.actions.links import LONGEST_DAYS, NewLink, make_link, revoke_link
from authorizations.actions.terms_versions import create_template, publish
from authorizations.actions.watching import settle_finding
from authorizations.forms import TermsVersionForm
from authorizations.models import (
    Authorization,
    Case,
    CreatorLink,
    Fee,
    Finding,
    TermsTemplate,
    TermsVersion,
)
from creators.models import Post
from sparkops.api.call import Call
from sparkops.api.fields import CurrencyCode, MoneyField, MoneyInput, named
from sparkops.api.gate import client_endpoint
from sparkops.api.operations import Action, Listing, own_id
from sparkops.errors import Refusal
from sparkops.tenants.permissions import Permission

FEES, WATCH, TERMS = "Fees", "Watchdog and cases", "Terms and links"


def _amount() -> serializers.DecimalField:
    return serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=0, required=False, allow_null=True
    )


class FeeShape(serializers.ModelSerializer):
    """What a creator gets for one permission; a code may wait until it is paid."""

    authorization_id = serializers.IntegerField(read_only=True)
    fee = MoneyField("amount", "currency")

    class Meta:
        model = Fee
        fields = (
            "id", "authorization_id", "fee", "state", "due_on", "paid_on", "reference",
            "noted_at", "changed_at",
        )  # fmt: skip


class AgreedFeeInput(serializers.Serializer):
    """An amount of 0 says that no fee is due; without a day it is due now."""

    fee = MoneyInput()
    due_on = serializers.DateField(required=False, allow_null=True)

    def validate_fee(self, value: dict[str, Any]) -> dict[str, Any]:
        if value["amount"] < 0:
            raise serializers.ValidationError("A fee is 0 or more.")
        return value


class PaidFeeInput(serializers.Serializer):
    paid_on = serializers.DateField()
    reference = serializers.CharField(max_length=200, required=False, allow_blank=True)


class FindingShape(serializers.ModelSerializer):
    """Something that happened to a post or its permission without us; open until `over_at`."""

    post_id = serializers.IntegerField(read_only=True, allow_null=True)
    authorization_id = serializers.IntegerField(read_only=True, allow_null=True)
    advertiser_id = named("ad_account.advertiser_id")

    class Meta:
        model = Finding
        fields = (
            "id", "kind", "post_id", "authorization_id", "advertiser_id", "sentence",
            "tiktok_says", "before", "after", "noticed_at", "over_at", "over_by", "note",
        )  # fmt: skip


class CaseShape(serializers.ModelSerializer):
    """A post that went away although its creator had promised to keep it up."""

    post_id = serializers.IntegerField(read_only=True)
    finding_id = serializers.IntegerField(read_only=True)

    class Meta:
        model = Case
        fields = (
            "id", "post_id", "finding_id", "hold_until", "state", "frozen_fees", "opened_at",
            "settled_at", "settled_by", "note",
        )  # fmt: skip


class NoteInput(serializers.Serializer):
    """What was done about it, so that others need not ask."""

    note = serializers.CharField(max_length=500)


class TermsVersionShape(serializers.ModelSerializer):
    """One published version. Days count from the day of acceptance in the client's zone."""

    template_id = serializers.IntegerField(read_only=True)
    template = named("template.name")
    fee = MoneyField("fee", "currency")
    spend_cap = MoneyField("spend_cap", "currency")
    channels = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = TermsVersion
        fields = (
            "id", "template_id", "template", "number", "days", "hold_days", "covers_all_posts",
            "edits", "channels", "regions", "fee", "pay_when", "pay_days", "spend_cap",
            "renewal_days", "disclosure", "free_text", "published_at", "published_by",
        )  # fmt: skip


class TermsVersionInput(serializers.Serializer):
    """The next version of a set of terms, or with a `name` the first of new ones. What is left out
    has the value of the version before, else that of the page's form. `fee` and `spend_cap` are in
    `currency`; null is no fee and no limit."""

    template_id = serializers.IntegerField(min_value=1, required=False)
    name = serializers.CharField(max_length=80, required=False, allow_null=True)
    days = serializers.IntegerField(min_value=1, max_value=365, required=False)
    hold_days = serializers.IntegerField(min_value=0, max_value=365, required=False)
    covers_all_posts = serializers.BooleanField(required=False)
    edits = serializers.BooleanField(required=False)
    channels = serializers.MultipleChoiceField(
        choices=TermsVersion.Channel.choices, required=False, allow_empty=False
    )
    regions = serializers.CharField(max_length=200, required=False, allow_blank=True)
    currency = CurrencyCode(required=False)
    fee = _amount()
    pay_when = serializers.ChoiceField(choices=TermsVersion.PayWhen.choices, required=False)
    pay_days = serializers.IntegerField(min_value=0, max_value=180, required=False)
    spend_cap = _amount()
    renewal_days = serializers.IntegerField(min_value=0, max_value=90, required=False)
    disclosure = serializers.BooleanField(required=False)
    free_text = serializers.CharField(max_length=8_000, required=False, allow_blank=True)


class LinkShape(serializers.ModelSerializer):
    """A creator's way in without an account. Its address is told once, when it is made."""

    template_id = serializers.IntegerField(read_only=True)
    creator_id = serializers.IntegerField(read_only=True)
    creator = named("creator.shown_handle")
    post_id = serializers.IntegerField(read_only=True)

    class Meta:
        model = CreatorLink
        fields = (
            "id", "creator_id", "creator", "post_id", "template_id", "language", "created_at",
            "created_by", "expires_at", "revoked_at", "opened_at", "stop_asked_at",
        )  # fmt: skip


class MadeLinkShape(serializers.Serializer):
    """The new link, and its address, which is told only now: it opens the page to whoever has
    it."""

    link = LinkShape()
    url = serializers.URLField()


class LinkInput(serializers.Serializer):
    post_id = serializers.IntegerField(min_value=1)
    template_id = serializers.IntegerField(min_value=1)
    days = serializers.IntegerField(min_value=1, max_value=LONGEST_DAYS, default=90)


class FeesAsked(forms.Form):
    state = forms.ChoiceField(label="State", required=False, choices=Fee.State.choices)
    authorization = own_id("Own id of an authorization")


class FindingsAsked(forms.Form):
    kind = forms.ChoiceField(label="Kind", required=False, choices=Finding.Kind.choices)
    post = own_id("Own id of a post")
    open = forms.ChoiceField(
        label="Only open ones, or only ended ones",
        required=False,
        choices=[("true", "Open"), ("false", "Ended")],
    )


class CasesAsked(forms.Form):
    state = forms.ChoiceField(label="State", required=False, choices=Case.State.choices)
    post = own_id("Own id of a post")


class VersionsAsked(forms.Form):
    template = own_id("Own id of a set of terms")


class LinksAsked(forms.Form):
    post = own_id("Own id of a post")
    creator = own_id("Own id of a creator")


def _fees(call: Call) -> QuerySet[Fee]:
    """What creators get for their permissions."""
    return Fee.objects.filter(**call.values)


def _agree(call: Call, values: dict[str, Any]) -> Fee:
    """Record or correct what the creator gets for a permission."""
    row = get_object_or_404(Authorization, pk=call.ids["pk"])
    money = values["fee"]
    return agree_fee(
        row,
        amount=money["amount"],
        currency=money["currency"],
        due_on=values.get("due_on"),
        by=call.actor,
        now=call.now,
    )


def _paid(call: Call, values: dict[str, Any]) -> Fee:
    """Mark the fee of a permission paid; a code that waited for it goes to TikTok."""
    fee = get_object_or_404(Fee, authorization=call.ids["pk"])
    pay_fee(
        fee,
        paid_on=values["paid_on"],
        reference=values.get("reference", ""),
        by=call.actor,
        now=call.now,
    )
    fee.refresh_from_db()
    return fee


def _findings(call: Call) -> QuerySet[Finding]:
    """What happened to posts and permissions outside SparkOps, the newest first."""
    asked = dict(call.values)
    if word := asked.pop("open", ""):
        asked["over_at__isnull"] = word == "true"
    return Finding.objects.filter(**asked).select_related("ad_account")


def _settle_finding(call: Call, values: dict[str, Any]) -> Finding:
    """Say that a finding is dealt with; refused while TikTok still says the same."""
    row = get_object_or_404(Finding.objects.select_related("ad_account"), pk=call.ids["pk"])
    settle_finding(row, note=values["note"], by=call.actor, now=call.now)
    return row


def _cases(call: Call) -> QuerySet[Case]:
    """Broken holds, the newest first."""
    return Case.objects.filter(**call.values)


def _settle_case(call: Call, values: dict[str, Any]) -> Case:
    """Close a case with what was agreed; the fees of its post go on."""
    row = get_object_or_404(Case, pk=call.ids["pk"])
    settle_case(row, note=values["note"], by=call.actor, now=call.now)
    row.refresh_from_db()
    return row


def _versions(call: Call) -> QuerySet[TermsVersion]:
    """What creators are asked to accept: every published version, the newest first."""
    return TermsVersion.objects.filter(**call.values).select_related("template")


def _publish(call: Call, values: dict[str, Any]) -> TermsVersion:
    """Publish terms. What is published never changes; creators are asked to accept the new one."""
    asked = dict(values)
    name, pk = asked.pop("name", None), asked.pop("template_id", None)
    if (name is None) == (pk is None):
        raise Refusal("one_kind", "Send template_id or name, one of them.", field="template_id")
    if name is not None:
        form = _terms_form({"currency": call.client.currency, "name": name}, asked)
        made = create_template(**form.cleaned_data, by=call.actor, now=call.now)
        return made[1]
    template = get_object_or_404(TermsTemplate.objects.exclude(versions=None), pk=pk)
    latest = template.latest
    assert latest is not None
    form = _terms_form(TermsVersionForm.values_of(latest), asked)
    return publish(template, **form.cleaned_data, by=call.actor, now=call.now)


def _terms_form(standing: dict[str, Any], asked: dict[str, Any]) -> TermsVersionForm:
    """The form of the page with what is asked, so that both take the same."""
    named = "name" in standing
    fields = TermsVersionForm.base_fields.items()
    first = {field: one.initial for field, one in fields if named and one.initial is not None}
    values = {**first, **standing, **asked}
    values["channels"] = [one for one in TermsVersion.Channel.values if one in values["channels"]]
    form = TermsVersionForm(
        {field: value for field, value in values.items() if value is not None}, named=named
    )
    if not form.is_valid():
        raise serializers.ValidationError(
            {field: list(map(str, errors)) for field, errors in form.errors.items()}
        )
    return form


def _links(call: Call) -> QuerySet[CreatorLink]:
    """Links to creators' own pages, without their addresses."""
    return CreatorLink.objects.filter(**call.values).select_related("creator")


def _make_link(call: Call, values: dict[str, Any]) -> NewLink:
    """Make a link for the creator of a post. The address is in this answer and nowhere else."""
    post = Post.objects.select_related("creator").filter(pk=values["post_id"]).first()
    if post is None:
        raise Refusal("unknown_post", "There is no such post here.", field="post_id")
    template = TermsTemplate.objects.filter(pk=values["template_id"]).first()
    if template is None:
        raise Refusal("unknown_terms", "There are no such terms here.", field="template_id")
    return make_link(post, template, days=values["days"], by=call.actor, now=call.now)


def _revoke_link(call: Call, values: dict[str, Any]) -> CreatorLink:
    """Make a link worthless at once."""
    row = get_object_or_404(CreatorLink.objects.select_related("creator"), pk=call.ids["pk"])
    revoke_link(row, by=call.actor, now=call.now)
    return row


FEE_LIST = client_endpoint(
    "fees", FEES, get=Listing(summary="List fees", rows=_fees, shape=FeeShape, filters=FeesAsked)
)
AGREE = client_endpoint(
    "agree_fee",
    FEES,
    post=Action(
        summary="Record a fee",
        do=_agree,
        takes=AgreedFeeInput,
        shape=FeeShape,
        permission=Permission.COST_EDIT,
    ),
)
PAID = client_endpoint(
    "pay_fee",
    FEES,
    post=Action(
        summary="Mark a fee paid",
        do=_paid,
        takes=PaidFeeInput,
        shape=FeeShape,
        permission=Permission.COST_EDIT,
    ),
)
FINDINGS = client_endpoint(
    "findings",
    WATCH,
    get=Listing(summary="List findings", rows=_findings, shape=FindingShape, filters=FindingsAsked),
)
SETTLE_FINDING = client_endpoint(
    "settle_finding",
    WATCH,
    post=Action(
        summary="Settle a finding",
        do=_settle_finding,
        takes=NoteInput,
        shape=FindingShape,
        permission=Permission.AUTHORIZATION_EDIT,
    ),
)
CASES = client_endpoint(
    "cases",
    WATCH,
    get=Listing(summary="List cases", rows=_cases, shape=CaseShape, filters=CasesAsked),
)
SETTLE_CASE = client_endpoint(
    "settle_case",
    WATCH,
    post=Action(
        summary="Settle a case",
        do=_settle_case,
        takes=NoteInput,
        shape=CaseShape,
        permission=Permission.COST_EDIT,
    ),
)
VERSIONS = client_endpoint(
    "terms_versions",
    TERMS,
    get=Listing(
        summary="List versions of terms",
        rows=_versions,
        shape=TermsVersionShape,
        filters=VersionsAsked,
    ),
    post=Action(
        summary="Publish terms",
        do=_publish,
        takes=TermsVersionInput,
        shape=TermsVersionShape,
        permission=Permission.AUTHORIZATION_EDIT,
        status=201,
    ),
)
LINKS = client_endpoint(
    "creator_links",
    TERMS,
    get=Listing(summary="List links to creators", rows=_links, shape=LinkShape, filters=LinksAsked),
    post=Action(
        summary="Make a link for a creator",
        do=_make_link,
        takes=LinkInput,
        shape=MadeLinkShape,
        permission=Permission.AUTHORIZATION_EDIT,
        status=201,
    ),
)
REVOKE_LINK = client_endpoint(
    "revoke_creator_link",
    TERMS,
    post=Action(
        summary="Revoke a link",
        do=_revoke_link,
        shape=LinkShape,
        permission=Permission.AUTHORIZATION_EDIT,
    ),
)
