"""What triage says of posts, what people decide instead, and evidence packs, in the API."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from rest_framework import serializers

from campaigns.actions.evidence import ask_for_pack, download
from campaigns.actions.triage import decide
from campaigns.forms import TriageFilters
from campaigns.models import EvidencePack, PostVerdict
from campaigns.queries.triage import board, find_verdicts
from campaigns.tables import triage_table
from campaigns.tasks import build_pack
from creators.models import Post
from sparkops.api.call import Call
from sparkops.api.fields import MoneyField, named
from sparkops.api.gate import client_endpoint
from sparkops.api.operations import Action, Detail, Listing, own_id
from sparkops.tenants.permissions import Permission

TRIAGE, EVIDENCE = "Triage", "Evidence"
LAUNCH = Permission.CAMPAIGN_LAUNCH
EXPORT = Permission.EXPORT
# The document of a pack may be large; a list of packs does not read it.
_HEAVY = ("document", "pdf", "parts")


class VerdictShape(serializers.ModelSerializer):
    """What the rule says of a post (`earned`) and a person instead (`decision`); `standing` counts.
    `score` is null below the minimum evidence."""

    post_id = serializers.IntegerField(read_only=True)
    item_id = named("post.item_id")
    creator = named("post.creator.shown_handle")
    rule_version = serializers.IntegerField(source="rule.version", read_only=True)
    views = serializers.IntegerField(read_only=True)
    gmv = MoneyField("gmv", "currency")

    class Meta:
        model = PostVerdict
        fields: tuple[str, ...] = (
            "id", "post_id", "item_id", "creator", "rule_version", "earned", "standing", "score",
            "band", "fails", "route", "reason", "step", "why", "views", "gmv", "scored_at",
            "decision", "decision_note", "decided_by", "decided_at",
        )  # fmt: skip


class GateShape(serializers.Serializer):
    """One gate of the rule with what it found."""

    name = serializers.CharField()
    kind = serializers.CharField()
    result = serializers.CharField()
    value = serializers.CharField()
    threshold = serializers.CharField()
    sentence = serializers.CharField()


class JudgedShape(VerdictShape):
    """A verdict with every gate."""

    gates = GateShape(many=True, read_only=True)

    class Meta(VerdictShape.Meta):
        fields = (*VerdictShape.Meta.fields, "gates")


class DecisionInput(serializers.Serializer):
    """A person's answer instead of the rule's; an empty one takes it back."""

    decision = serializers.ChoiceField(choices=PostVerdict.Decision.choices, allow_blank=True)
    note = serializers.CharField(max_length=500, help_text="Why: it is shown with the decision.")


class PackShape(serializers.ModelSerializer):
    """Everything about paid use of a post, frozen at a moment. `sha256` is the hash of the document
    in UTF-8; `pdf_url` opens for people who are signed in."""

    post_id = serializers.IntegerField(read_only=True)
    item_id = named("post.item_id")
    pdf_url = serializers.SerializerMethodField()

    class Meta:
        model = EvidencePack
        fields: tuple[str, ...] = (
            "id", "post_id", "item_id", "state", "progress", "steps", "sha256", "requested_at",
            "requested_by", "ready_at", "pdf_url",
        )  # fmt: skip

    def get_pdf_url(self, row: EvidencePack) -> str | None:
        if row.state != EvidencePack.State.READY:
            return None
        ids = {"client": self.context["call"].client.slug, "pk": row.pk, "form": "pdf"}
        return settings.SITE_URL + reverse("campaigns:take-evidence", kwargs=ids)


class DocumentShape(serializers.ModelSerializer):
    """The finished pack as JSON text; its bytes in UTF-8 have the hash `sha256`."""

    class Meta:
        model = EvidencePack
        fields = ("id", "sha256", "document")


class VerdictsAsked(TriageFilters):
    standing = forms.ChoiceField(
        label="Verdict that counts", required=False, choices=PostVerdict.Standing.choices
    )


class PacksAsked(forms.Form):
    post = own_id("Own id of a post")


def _verdicts(call: Call) -> QuerySet[PostVerdict]:
    """Candidate posts with the verdict of the rule."""
    rows = find_verdicts(board(), call.values)
    word = call.values.get("standing")
    return rows.filter(standing=word) if word else rows


def _verdict(call: Call) -> PostVerdict:
    """The verdict on a post, with every gate, its value and its threshold."""
    return get_object_or_404(board(), post_id=call.ids["pk"])


def _decide(call: Call, values: dict[str, Any]) -> PostVerdict:
    """Decide by hand, with a note. It stays when the post is scored again."""
    rows = PostVerdict.objects.select_related("post", "rule").select_for_update(of=("self",))
    row = get_object_or_404(rows, post_id=call.ids["pk"])
    decide(row, **values, by=call.actor, now=call.now)
    return _verdict(call)


def _packs(call: Call) -> QuerySet[EvidencePack]:
    """Evidence packs, the newest first."""
    return EvidencePack.objects.filter(**call.values).select_related("post").defer(*_HEAVY)


def _pack(call: Call) -> EvidencePack:
    """One pack and how far it got."""
    return get_object_or_404(_packs(call), pk=call.ids["pk"])


def _ask(call: Call, values: dict[str, Any]) -> EvidencePack:
    """Build a pack of what is known now; one that is being built is answered."""
    post = get_object_or_404(Post.objects.select_related("creator"), pk=call.ids["pk"])
    pack = ask_for_pack(post, by=call.actor, now=call.now)
    build_pack.delay_on_commit(client_id=call.client.pk, pack_id=pack.pk)
    return get_object_or_404(_packs(call), pk=pack.pk)


def _document(call: Call) -> EvidencePack:
    """The finished document. Taking it is noted in the log, as on the page; refused until it is
    ready."""
    pack = get_object_or_404(EvidencePack.objects.select_related("post"), pk=call.ids["pk"])
    download(pack, "json", by=call.actor, now=call.now)
    return pack


VERDICTS = client_endpoint(
    "verdicts",
    TRIAGE,
    get=Listing(
        summary="List verdicts on posts",
        rows=_verdicts,
        shape=VerdictShape,
        filters=VerdictsAsked,
        sorts=triage_table("").sorts,
    ),
)
VERDICT = client_endpoint(
    "verdict",
    TRIAGE,
    get=Detail(summary="Show the verdict on a post", find=_verdict, shape=JudgedShape),
)
DECIDE = client_endpoint(
    "decide_on_post",
    TRIAGE,
    post=Action(
        summary="Decide whether a post goes into paid",
        do=_decide,
        takes=DecisionInput,
        shape=JudgedShape,
        permission=LAUNCH,
    ),
)
PACKS = client_endpoint(
    "evidence_packs",
    EVIDENCE,
    get=Listing(
        summary="List evidence packs",
        rows=_packs,
        shape=PackShape,
        filters=PacksAsked,
        permission=EXPORT,
    ),
)
PACK = client_endpoint(
    "evidence_pack",
    EVIDENCE,
    get=Detail(summary="Show an evidence pack", find=_pack, shape=PackShape, permission=EXPORT),
)
DOCUMENT = client_endpoint(
    "evidence_document",
    EVIDENCE,
    get=Detail(
        summary="Take the document of a pack",
        find=_document,
        shape=DocumentShape,
        permission=EXPORT,
    ),
)
ASK = client_endpoint(
    "ask_for_evidence",
    EVIDENCE,
    post=Action(
        summary="Ask for an evidence pack",
        do=_ask,
        shape=PackShape,
        permission=EXPORT,
        status=202,
    ),
)
