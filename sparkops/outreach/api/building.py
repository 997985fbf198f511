"""Writing an outreach in the API: the draft, how creators would read it, and deleting it."""

from dataclasses import dataclass
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from sparkops.api.call import Call
from sparkops.api.fields import in_percent
from sparkops.api.gate import client_endpoint
from sparkops.api.operations import LARGEST_ID, Action, Detail, Listing, page_values
from sparkops.catalog.models import Product
from sparkops.errors import Refusal
from sparkops.outreach.actions import outreaches as actions
from sparkops.outreach.actions import steering
from sparkops.outreach.api import (
    EDIT,
    TAG,
    OutreachesAsked,
    OutreachShape,
    RecipientShape,
    outreach_asked,
    outreaches_asked,
)
from sparkops.outreach.forms import OutreachForm, OverrideForm, initial_of
from sparkops.outreach.models import Outreach, Recipient, Step
from sparkops.outreach.queries.outreaches import (
    Written,
    previews,
    titles_of,
    why_text_not_ready,
)
from sparkops.outreach.queries.segments import members

FOLLOW_UPS = ("second", "third")
PERCENT = ("rate", "shop_ads_rate")
NAMES = {"segment": "segment_id", "products": "product_ids"}


class FollowUpShape(serializers.ModelSerializer):
    """A further message, so many days after the one before."""

    class Meta:
        model = Step
        fields = ("wait_days", "body")


class WrittenOutreachShape(OutreachShape):
    """An outreach with everything that its editor shows. Product ids are TikTok's."""

    contact_email = serializers.CharField(read_only=True)
    product_ids = serializers.SerializerMethodField()
    follow_ups = serializers.SerializerMethodField()

    class Meta(OutreachShape.Meta):
        fields = (
            *OutreachShape.Meta.fields, "product_ids", "has_free_sample", "contact_email",
            "follow_ups",
        )  # fmt: skip

    def get_product_ids(self, row: Outreach) -> list[str]:
        return sorted(row.products.values_list("product_id", flat=True))

    @extend_schema_field(FollowUpShape(many=True))
    def get_follow_ups(self, row: Outreach) -> Any:
        return FollowUpShape(row.steps.order_by("number"), many=True).data


class FollowUpInput(serializers.Serializer):
    wait_days = serializers.IntegerField(min_value=1, max_value=60)
    body = serializers.CharField(max_length=2_000)


def _rate() -> serializers.DecimalField:
    return serializers.DecimalField(
        max_digits=5, decimal_places=4, min_value=0, max_value=1, required=False, allow_null=True
    )


class OutreachInput(serializers.Serializer):
    """To whom, by which channel, with which words and offer. Rates are fractions, variables stand
    in braces: {creator}, {handle}, {followers}, {brand}, {product}, {rate}, {ends_on}."""

    name = serializers.CharField(max_length=80)
    segment_id = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
    channel = serializers.ChoiceField(choices=Outreach.Channel.choices)
    subject = serializers.CharField(max_length=150, required=False, allow_blank=True)
    body = serializers.CharField(max_length=2_000)
    product_ids = serializers.ListField(
        child=serializers.CharField(max_length=32), required=False, help_text="TikTok's ids."
    )
    rate = _rate()
    shop_ads_rate = _rate()
    ends_on = serializers.DateField(required=False, allow_null=True)
    has_free_sample = serializers.BooleanField(required=False)
    contact_email = serializers.EmailField(max_length=254, required=False, allow_blank=True)
    quiet_days = serializers.IntegerField(
        min_value=0,
        max_value=90,
        required=False,
        help_text="Leave out who was contacted within so many days; 14 unless said.",
    )
    follow_ups = FollowUpInput(many=True, required=False)

    def validate_follow_ups(self, value: list[Any]) -> list[Any]:
        if len(value) > len(FOLLOW_UPS):
            raise serializers.ValidationError("Write at most two follow-ups.")
        return value


@dataclass(frozen=True)
class Preview:
    """How an outreach stands: what is missing, whom it reaches, and how some would read it."""

    missing: str
    creators: int
    messages: list[Written]


class WrittenShape(serializers.Serializer):
    """The message as one creator would read it."""

    creator = serializers.CharField(source="creator.shown_handle")
    subject = serializers.CharField()
    text = serializers.CharField()


class PreviewShape(serializers.Serializer):
    """`missing` says what still has to be filled in, empty when nothing; `creators` is how many
    the segment holds now."""

    missing = serializers.CharField()
    creators = serializers.IntegerField()
    messages = WrittenShape(many=True)


class ReasonInput(serializers.Serializer):
    """Why; it is kept in the log."""

    reason = serializers.CharField(max_length=300)


def _write(call: Call, values: dict[str, Any]) -> Outreach:
    """Write a draft. Nothing is sent before it is started."""
    return _saved(call, None, {"quiet_days": 14}, values)


def _change(call: Call, values: dict[str, Any]) -> Outreach:
    """Change a draft; what is left out stays."""
    row = outreach_asked(call)
    products = list(row.products.values_list("pk", flat=True))
    standing = initial_of(row) | {"segment": row.segment_id, "products": products}
    return _saved(call, row, standing, values)


def _saved(
    call: Call, row: Outreach | None, standing: dict[str, Any], values: dict[str, Any]
) -> Outreach:
    """The draft as the form of the page takes it: the same checks, and the same words for them."""
    form = OutreachForm(standing | _entered(values))
    products = page_values(form, _told)["products"]
    found = actions.save_outreach(
        row, form.draft, products, form.follow_ups, by=call.actor, now=call.now
    )
    return get_object_or_404(outreaches_asked(call), pk=found.pk)


def _entered(values: dict[str, Any]) -> dict[str, Any]:
    given = dict(values)
    for name in PERCENT:
        if given.get(name) is not None:
            given[name] = in_percent(given[name])
    if "segment_id" in given:
        given["segment"] = given.pop("segment_id")
    if "product_ids" in given:
        given["products"] = _products(given.pop("product_ids"))
    if "follow_ups" in given:
        further = given.pop("follow_ups")
        for at, name in enumerate(FOLLOW_UPS):
            one = further[at] if at < len(further) else {}
            given |= {f"{name}_after": one.get("wait_days"), f"{name}_body": one.get("body", "")}
    return given


def _products(product_ids: list[str]) -> list[int]:
    rows = Product.objects.filter(product_id__in=product_ids)
    found = dict(rows.values_list("product_id", "pk"))
    if set(found) != set(product_ids):
        raise Refusal("unknown_product", "There is no such product here.", field="product_ids")
    return list(found.values())


def _told(name: str) -> str:
    """The field of the body that a field of the form belongs to."""
    if name.partition("_")[0] in FOLLOW_UPS:
        return "follow_ups"
    return NAMES.get(name, name)


def _preview(call: Call) -> Preview:
    """What is missing before an outreach can start, and how three creators would read it."""
    row, zone = outreach_asked(call), call.client.timezone
    titles = titles_of(row)
    return Preview(
        why_text_not_ready(row, titles),
        members(row.segment, zone=zone, now=call.now).count(),
        previews(row, titles, zone=zone, now=call.now),
    )


def _delete(call: Call, values: dict[str, Any]) -> Outreach:
    """Throw a draft away."""
    row = outreach_asked(call)
    actions.delete_draft(row, by=call.actor, now=call.now)
    return row


def _override(call: Call, values: dict[str, Any]) -> Recipient:
    """Write to a creator who was skipped for an earlier contact, with a reason."""
    rows = Recipient.objects.select_related("creator")
    row = get_object_or_404(rows, pk=call.ids["pk"])
    reason = page_values(OverrideForm(values))["reason"]
    steering.override(row, reason, by=call.actor, now=call.now)
    return get_object_or_404(rows, pk=row.pk)


OUTREACH_LIST = client_endpoint(
    "outreaches",
    TAG,
    get=Listing(
        summary="List outreach",
        rows=outreaches_asked,
        shape=OutreachShape,
        filters=OutreachesAsked,
    ),
    post=Action(
        summary="Write an outreach",
        do=_write,
        takes=OutreachInput,
        shape=WrittenOutreachShape,
        permission=EDIT,
        status=201,
    ),
)
OUTREACH = client_endpoint(
    "outreach",
    TAG,
    get=Detail(summary="Show an outreach", find=outreach_asked, shape=WrittenOutreachShape),
    patch=Action(
        summary="Change a draft of an outreach",
        do=_change,
        takes=OutreachInput,
        shape=WrittenOutreachShape,
        permission=EDIT,
        partial=True,
    ),
)
PREVIEW = client_endpoint(
    "outreach_preview",
    TAG,
    get=Detail(
        summary="Show how an outreach reads", find=_preview, shape=PreviewShape, permission=EDIT
    ),
)
DELETE = client_endpoint(
    "delete_outreach",
    TAG,
    post=Action(
        summary="Delete a draft of an outreach", do=_delete, shape=OutreachShape, permission=EDIT
    ),
)
OVERRIDE = client_endpoint(
    "override_recipient",
    TAG,
    post=Action(
        summary="Write to a skipped creator anyway",
        do=_override,
        takes=ReasonInput,
        shape=RecipientShape,
        permission=EDIT,
        status=202,
    ),
)
