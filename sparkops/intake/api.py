"""Bringing a sheet by API: its text, what the columns mean, what every row would do, the run."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from profit.models import CreatorFee
from sparkops.api.call import Call
from sparkops.api.fields import CurrencyCode
from sparkops.api.gate import client_endpoint
from sparkops.api.operations import Action, Detail, Listing, own_id, page_values
from sparkops.catalog.models import AdAccount, Shop
from sparkops.errors import Refusal
from sparkops.intake.actions.checking import choose_mapping, preview
from sparkops.intake.actions.running import retry_refused, start_run
from sparkops.intake.actions.start import discard, start_pasted, start_upload
from sparkops.intake.actions.undoing import start_undo
from sparkops.intake.forms import MappingForm, entered
from sparkops.intake.models import Import, ImportRow, Touch
from sparkops.intake.queries import filtered_rows, imports, row_views, samples_of
from sparkops.intake.tasks import run_import
from sparkops.sheets.dates import DayOrder
from sparkops.sheets.headers import Field
from sparkops.tenants.permissions import Permission
from sparkops.web.keyset import Order

TAG = "Imports"
IMPORT = Permission.IMPORT
VIEWS = ("attention", "links", "repeats", "kept", *ImportRow.Result.values)


class ImportShape(serializers.ModelSerializer):
    """A sheet that was brought. `counts` are rows per result; until it ran they are a forecast."""

    counts = serializers.DictField(child=serializers.IntegerField(), read_only=True)
    notes = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Import
        fields: tuple[str, ...] = (
            "id", "name", "kind", "state", "problem", "counts", "notes", "actor", "created_at",
            "started_at", "finished_at",
        )  # fmt: skip


class ColumnShape(serializers.Serializer):
    """A column: its header, what it is taken for and why, and some of its cells, masked."""

    header = serializers.CharField()
    field = serializers.ChoiceField(choices=[one.value for one in Field], allow_null=True)
    reason = serializers.CharField()
    samples = serializers.ListField(child=serializers.CharField())


class SheetShape(ImportShape):
    """An import with its columns."""

    columns = serializers.SerializerMethodField()

    class Meta(ImportShape.Meta):
        fields = (*ImportShape.Meta.fields, "columns")

    @extend_schema_field(ColumnShape(many=True))
    def get_columns(self, batch: Import) -> list[dict[str, Any]]:
        contacts = self.context["call"].may(Permission.CONTACT_VIEW)
        chosen = batch.layout.get("fields") or [one["field"] for one in batch.proposal]
        return [
            {"header": header, "field": field, "reason": told["reason"], "samples": samples}
            for header, field, told, samples in zip(
                batch.headers, chosen, batch.proposal, samples_of(batch, contacts=contacts),
                strict=True,
            )
        ]  # fmt: skip


class ImportInput(serializers.Serializer):
    """Rows as text: CSV, rows copied from a sheet, a chat. With a name it is taken as a file."""

    text = serializers.CharField(max_length=1_000_000, trim_whitespace=False)
    name = serializers.CharField(
        max_length=200, required=False, help_text="Name of the file, such as tracker.csv."
    )


class ColumnsInput(serializers.Serializer):
    """What is left out stays as chosen before, else as proposed."""

    columns = serializers.ListField(
        child=serializers.ChoiceField(choices=[one.value for one in Field], allow_null=True),
        required=False,
        help_text="One for each column, in order; null leaves the column out.",
    )
    currency = CurrencyCode(required=False, help_text="Of fees that name none.")
    day_order = serializers.ChoiceField(
        choices=[one.value for one in DayOrder], required=False, allow_blank=True
    )
    advertiser_ids = serializers.ListField(
        child=serializers.CharField(max_length=32),
        required=False,
        help_text="Where codes are redeemed.",
    )
    fee_kind = serializers.ChoiceField(choices=CreatorFee.Kind.choices, required=False)
    fee_day = serializers.DateField(required=False, help_text="Of fees without a start.")
    shop_id = serializers.CharField(
        max_length=32, required=False, allow_blank=True, help_text="Where fees are booked."
    )
    replace = serializers.BooleanField(
        required=False, help_text="Let e-mail addresses and notes win over known ones."
    )


class RemarkShape(serializers.Serializer):
    """What could not be taken; `column` is the header, empty for the whole row."""

    column = serializers.CharField(source="header")
    sentence = serializers.CharField()
    info = serializers.BooleanField()


class TouchShape(serializers.ModelSerializer):
    """One thing that a row found, made or changed; `kept` says why undo left it."""

    creator_id = serializers.IntegerField(read_only=True, allow_null=True)
    post_id = serializers.IntegerField(read_only=True, allow_null=True)
    authorization_id = serializers.IntegerField(read_only=True, allow_null=True)
    creator_fee_id = serializers.IntegerField(read_only=True, allow_null=True)

    class Meta:
        model = Touch
        fields = (
            "verb", "label", "creator_id", "post_id", "authorization_id", "creator_fee_id",
            "undone_at", "kept",
        )  # fmt: skip


class ImportRowShape(serializers.Serializer):
    """A row: codes are masked, addresses too without `contact.view`. Until the import ran,
    `result` is what would happen."""

    number = serializers.IntegerField()
    result = serializers.ChoiceField(choices=ImportRow.Result.choices)
    reason = serializers.CharField(source="shown.reason")
    remarks = RemarkShape(source="shown.remarks", many=True)
    cells = serializers.ListField(source="shown.cells", child=serializers.CharField())
    touches = TouchShape(source="shown.touches", many=True)


class RowsAsked(forms.Form):
    import_id = own_id("Own id of an import; the newest unless asked")
    view = forms.ChoiceField(
        label="A tab of the page", required=False, choices=[(word, word) for word in VIEWS]
    )


def _imports(call: Call) -> QuerySet[Import]:
    """Sheets that were brought, the newest first."""
    return imports()


def _import(call: Call) -> Import:
    """One import with its columns: as they were chosen, else as they are guessed."""
    rows = Import.objects.defer("source").select_related("client")
    return get_object_or_404(rows, pk=call.ids["pk"])


def _bring(call: Call, values: dict[str, Any]) -> Import:
    """Keep rows of a sheet. Nothing is imported yet: look at the columns, then let every row tell
    what it would do. A workbook is brought on the page."""
    if name := values.get("name"):
        return start_upload(name, values["text"].encode(), by=call.actor, now=call.now)
    return start_pasted(values["text"], by=call.actor, now=call.now)


def _choose(call: Call, values: dict[str, Any]) -> Import:
    """Say what the columns mean and work out what every row would do. Nothing is imported yet."""
    batch = _import(call)
    form = MappingForm(batch, _given(entered(batch, call.now), values, len(batch.headers)))
    page_values(form, _told)
    choose_mapping(
        batch, form.chosen_fields(), form.choices(), may=call.may, by=call.actor, now=call.now
    )
    preview(batch)
    return _import(call)


def _given(standing: dict[str, Any], values: dict[str, Any], width: int) -> dict[str, Any]:
    given = dict(values)
    if "columns" in given:
        fields = given.pop("columns")
        if len(fields) != width:
            raise Refusal("width", f"The sheet has {width} columns. Name each.", field="columns")
        given |= {f"column_{at}": field or "" for at, field in enumerate(fields)}
    if "advertiser_ids" in given:
        given["ad_accounts"] = _accounts(given.pop("advertiser_ids"))
    if "shop_id" in given:
        given["shop"] = _shop(given.pop("shop_id"))
    return standing | given


def _accounts(advertiser_ids: Sequence[str]) -> list[int]:
    found = dict(
        AdAccount.objects.filter(advertiser_id__in=advertiser_ids).values_list(
            "advertiser_id", "pk"
        )
    )
    if set(found) != set(advertiser_ids):
        said = "One of these ad accounts is not connected here."
        raise Refusal("unknown_ad_account", said, field="advertiser_ids")
    return list(found.values())


def _shop(shop_id: str) -> int | None:
    found = Shop.objects.filter(shop_id=shop_id).first() if shop_id else None
    if shop_id and found is None:
        raise Refusal("unknown_shop", "There is no such shop here.", field="shop_id")
    return found.pk if found else None


def _told(name: str) -> str:
    """The field of the body that a field of the form belongs to."""
    known = {"ad_accounts": "advertiser_ids", "shop": "shop_id"}
    return "columns" if name.startswith("column_") else known.get(name, name)


def _run(call: Call, values: dict[str, Any]) -> Import:
    """Import what the preview showed; workers do the rows within minutes."""
    start_run(_import(call), may=call.may, by=call.actor, now=call.now)
    return _handed_over(call)


def _retry(call: Call, values: dict[str, Any]) -> Import:
    """Try the refused rows of a finished import once more."""
    retry_refused(_import(call), may=call.may, by=call.actor, now=call.now)
    return _handed_over(call)


def _undo(call: Call, values: dict[str, Any]) -> Import:
    """Take back what the import made and nobody used since."""
    start_undo(_import(call), may=call.may, by=call.actor, now=call.now)
    return _handed_over(call)


def _handed_over(call: Call) -> Import:
    batch = _import(call)
    run_import.delay_on_commit(client_id=call.client.pk, batch_id=batch.pk)
    return batch


def _discard(call: Call, values: dict[str, Any]) -> Import:
    """Forget an import that has not run."""
    discard(batch := _import(call), by=call.actor, now=call.now)
    return batch


def _rows(call: Call) -> QuerySet[ImportRow]:
    """The rows of an import, those that need a look first."""
    return filtered_rows(_asked(call), call.values.get("view", ""))


def _asked(call: Call) -> Import:
    pk = call.values.get("import_id")
    rows = Import.objects.only("headers").order_by("-pk")
    batch = (rows.filter(pk=pk) if pk else rows).first()
    if batch is None:
        raise Http404
    return batch


def _prepare(call: Call, rows: Sequence[ImportRow]) -> None:
    contacts = call.may(Permission.CONTACT_VIEW)
    for row, shown in zip(rows, row_views(rows, _asked(call), contacts=contacts), strict=True):
        row.shown = shown  # type: ignore[attr-defined]


IMPORT_LIST = client_endpoint(
    "imports",
    TAG,
    get=Listing(summary="List imports", rows=_imports, shape=ImportShape, permission=IMPORT),
    post=Action(
        summary="Bring rows of a sheet",
        do=_bring,
        takes=ImportInput,
        shape=SheetShape,
        permission=IMPORT,
        status=201,
    ),
)
ONE_IMPORT = client_endpoint(
    "import",
    TAG,
    get=Detail(summary="Show an import", find=_import, shape=SheetShape, permission=IMPORT),
)
CHOOSE = client_endpoint(
    "choose_import_columns",
    TAG,
    post=Action(
        summary="Say what the columns mean",
        do=_choose,
        takes=ColumnsInput,
        shape=SheetShape,
        permission=IMPORT,
    ),
)
DEEDS = {
    word: client_endpoint(
        f"{word}_import",
        TAG,
        post=Action(summary=summary, do=do, shape=ImportShape, permission=IMPORT, status=status),
    )
    for word, summary, do, status in (
        ("run", "Import the rows", _run, 202),
        ("retry", "Try refused rows again", _retry, 202),
        ("undo", "Undo an import", _undo, 202),
        ("discard", "Discard an import", _discard, 200),
    )
}
ROWS = client_endpoint(
    "import_rows",
    TAG,
    get=Listing(
        summary="List the rows of an import",
        rows=_rows,
        shape=ImportRowShape,
        filters=RowsAsked,
        order=Order("place"),
        prepare=_prepare,
        permission=IMPORT,
    ),
)
