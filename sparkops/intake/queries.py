"""What an import reads: its rows, and what is known of everything they name."""

import base64
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Lower

from authorizations.actions.codes import fingerprint
from authorizations.models import Authorization
from creators.models import Creator, Handle, Post
from profit.models import CreatorFee
from sparkops.catalog.models import Product
from sparkops.connections.vault import vault
from sparkops.intake.models import Import, ImportRow, Touch
from sparkops.intake.rules.cells import loaded
from sparkops.intake.rules.deciding import CodeFacts, CreatorFacts, FeeFacts, Known, ProductFacts
from sparkops.intake.rules.layout import Choices, date_order
from sparkops.intake.rules.masking import without_codes, without_contacts
from sparkops.intake.rules.reading import Wish
from sparkops.isolation.scope import current_client_id
from sparkops.sheets.headers import Field
from sparkops.sheets.sheet import Kind, Row, Sheet, cell_text

PURPOSE = "import"


@dataclass
class Keys:
    """Own keys of what is known, by the names of `Known`."""

    creators: dict[str, int] = field(default_factory=dict)
    posts: dict[str, int] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)


def imports() -> QuerySet[Import]:
    """Every import of the client, without the weight of its source."""
    return Import.objects.defer("source", "layout", "proposal")


def unfinished() -> QuerySet[Import]:
    """Imports that a worker has to go on with."""
    return imports().filter(state__in=[Import.State.RUNNING, Import.State.UNDOING])


def row_of(row: ImportRow) -> Row:
    """The row as it was read, its cells opened."""
    text = vault().open(bytes(row.cells), client_id=current_client_id(), purpose=PURPOSE)
    return Row(row.number, loaded(text))


def sheet_of(batch: Import) -> Sheet:
    """The records of an import as the sheet they came from."""
    rows = batch.rows.filter(is_record=True).order_by("number")
    return Sheet(
        kind=Kind(batch.shape),
        headers=tuple(batch.headers),
        rows=tuple(row_of(row) for row in rows.iterator(chunk_size=500)),
    )


def source_of(batch: Import) -> bytes | str:
    """What came in: the text that was pasted, or the bytes of the file."""
    text = vault().open(bytes(batch.source), client_id=current_client_id(), purpose=PURPOSE)
    return text if batch.kind == Import.Kind.PASTE else base64.b64decode(text)


def counts_of(batch: Import) -> dict[str, int]:
    """Rows per result; `attention` counts rows, whatever their result, with something to check,
    `links` those whose link only TikTok can resolve."""
    rows = ImportRow.objects.filter(batch=batch)
    found = rows.values("result").annotate(rows=Count("id")).order_by("result")
    counts = {row["result"]: row["rows"] for row in found}
    totals = rows.aggregate(
        attention=Count("id", filter=Q(place__lt=ATTENTION)),
        repeats=Count("id", filter=~Q(repeats=None)),
        retriable=Count("id", filter=RETRIABLE),
        links=Count("id", filter=Q(remarks__contains=[{"code": "short_link"}])),
        total=Count("id"),
        done=Count("id", filter=~Q(done_at=None)),
    )
    return counts | totals


LEVEL = 10**9
ATTENTION = 2 * LEVEL
"""Rows whose `place` is below this were refused or hold something to check."""
RETRIABLE = Q(
    is_record=True,
    place__lt=ATTENTION,
    result__in=[ImportRow.Result.REFUSED.value, ImportRow.Result.UNCHANGED.value],
)
"""Rows of which nothing was taken, though something in them was wanted."""


def place_of(result: str, *, problems: bool, number: int) -> int:
    """Where a row stands in the lists: refused, then with problems, then the rest, each in the
    order of the sheet."""
    level = 0 if result == ImportRow.Result.REFUSED else 1 if problems else 2
    return level * LEVEL + number


@dataclass(frozen=True)
class RemarkView:
    """A remark with the header of its column, "" when it is about the whole row."""

    header: str
    sentence: str
    info: bool


@dataclass(frozen=True)
class RowView:
    """A row as it may be shown to a member: cells and sentences masked."""

    pk: int
    number: int
    result: str
    label: str
    reason: str
    remarks: tuple[RemarkView, ...]
    cells: tuple[str, ...]
    touches: tuple[Touch, ...]

    @property
    def kept(self) -> list[str]:
        """Why undo left things of this row."""
        return [touch.kept for touch in self.touches if touch.kept]


def row_views(rows: Sequence[ImportRow], batch: Import, *, contacts: bool) -> list[RowView]:
    """Rows ready to be shown; two queries for any number. Without `contacts`, e-mail addresses are
    masked like codes always are."""
    touches = touches_of(rows)
    return [
        RowView(
            pk=row.pk,
            number=row.number,
            result=row.result,
            label=row.get_result_display(),
            reason=shown(row.reason, contacts=contacts),
            remarks=tuple(
                _remark(one, batch, contacts)
                for one in row.remarks
                if one["sentence"] != row.reason
            ),
            cells=shown_cells(row, contacts=contacts),
            touches=tuple(touches[row.pk]),
        )
        for row in rows
    ]


def _remark(remark: dict[str, Any], batch: Import, contacts: bool) -> RemarkView:
    at = remark["column"]
    header = batch.headers[at] if at is not None and at < len(batch.headers) else ""
    return RemarkView(header, shown(remark["sentence"], contacts=contacts), remark["info"])


def shown_cells(row: ImportRow, *, contacts: bool) -> tuple[str, ...]:
    """The cells of a row as text that may be shown."""
    cells = row_of(row).cells
    return tuple(shown(cell_text(cell), contacts=contacts) for cell in cells)


def shown(text: str, *, contacts: bool) -> str:
    """A text of the sheet without codes and, unless the member may see them, without addresses."""
    masked = without_codes(text)
    return masked if contacts else without_contacts(masked)


SAMPLE_ROWS, SAMPLES = 60, 3


def samples_of(batch: Import, *, contacts: bool) -> list[list[str]]:
    """Up to three different filled cells of every column, from the first rows."""
    found: list[list[str]] = [[] for _ in batch.headers]
    rows = ImportRow.objects.filter(batch=batch, is_record=True).order_by("number")
    for row in rows[:SAMPLE_ROWS]:
        for column, cell in zip(found, shown_cells(row, contacts=contacts), strict=False):
            if cell and cell not in column and len(column) < SAMPLES:
                column.append(cell[:80])
    return found


def order_sentences(
    batch: Import, fields: Sequence[Field | None], choices: Choices
) -> dict[int, str]:
    """How the dates of each date column are read, by column."""
    dates = [at for at, field in enumerate(fields) if field in (Field.STARTS, Field.ENDS)]
    if not dates:
        return {}
    sheet = sheet_of(batch)
    return {at: shown(date_order(sheet, at, choices).sentence, contacts=False) for at in dates}


def undo_progress(batch: Import) -> tuple[int, int]:
    """Things undone or kept so far, and all of them."""
    touches = Touch.objects.filter(row__batch=batch).exclude(verb=Touch.Verb.FOUND)
    left = touches.filter(undone_at=None, kept="").count()
    total = touches.count()
    return total - left, total


def filtered_rows(batch: Import, view: str) -> QuerySet[ImportRow]:
    """The rows behind a tab: `attention`, `links`, `repeats`, a result, or everything."""
    rows = ImportRow.objects.filter(batch=batch)
    if view == "attention":
        return rows.filter(place__lt=ATTENTION)
    if view == "links":
        return rows.filter(remarks__contains=[{"code": "short_link"}])
    if view == "repeats":
        return rows.exclude(repeats=None)
    if view == "kept":
        return rows.filter(pk__in=Touch.objects.exclude(kept="").values("row_id"))
    return rows.filter(result=view) if view in ImportRow.Result.values else rows


def touches_of(rows: Sequence[ImportRow]) -> dict[int, list[Touch]]:
    """What each row touched, in the order it happened."""
    found: dict[int, list[Touch]] = {row.pk: [] for row in rows}
    for touch in Touch.objects.filter(row__in=rows).order_by("pk"):
        found[touch.row_id].append(touch)
    return found


def known_of(wishes: Iterable[Wish], batch: Import) -> tuple[Known, Keys]:
    """What is known of everything the wishes name; a handful of queries for any number."""
    wanted = list(wishes)
    known, keys = Known(), Keys()
    _posts(wanted, known, keys)
    _creators(wanted, known, keys)
    _codes(wanted, known, keys, batch)
    _fees(known, keys, batch)
    _products(wanted, known)
    return known, keys


def _posts(wishes: Sequence[Wish], known: Known, keys: Keys) -> None:
    items = {link.item_id for wish in wishes for link in wish.posts}
    for post in Post.objects.filter(item_id__in=items).select_related("creator"):
        known.posts[post.item_id] = post.creator.handle if post.creator else ""
        keys.posts[post.item_id] = post.pk


def _creators(wishes: Sequence[Wish], known: Known, keys: Keys) -> None:
    names = {wish.handle for wish in wishes} | set(known.posts.values())
    names |= {link.handle for wish in wishes for link in wish.posts}
    names -= {""}
    former = Handle.objects.filter(handle__in=names).order_by("seen_at", "pk")
    for one in former.select_related("creator"):
        _meet(one.handle, one.creator, known, keys)
    for creator in Creator.objects.filter(handle__in=names):
        _meet(creator.handle, creator, known, keys)


def _meet(name: str, creator: Creator, known: Known, keys: Keys) -> None:
    facts = CreatorFacts(creator.handle, creator.email, creator.notes)
    for one in (name, creator.handle):
        known.creators[one] = facts
        keys.creators[one] = creator.pk


def _codes(wishes: Sequence[Wish], known: Known, keys: Keys, batch: Import) -> None:
    prints = {fingerprint(code): code for wish in wishes for code in wish.codes}
    if not prints:
        return
    rows = Authorization.objects.filter(code_fingerprint__in=prints)
    found = list(rows.select_related("post", "creator").order_by("generation", "pk"))
    mine = _rows_of("authorization_id", [one.pk for one in found], batch)
    for one in found:
        code = prints[one.code_fingerprint]
        known.codes[code] = CodeFacts(
            one.post.item_id if one.post else "",
            one.creator.handle if one.creator else "",
            mine.get(one.pk, 0),
        )
        keys.codes[code] = one.pk


def _fees(known: Known, keys: Keys, batch: Import) -> None:
    fees = CreatorFee.objects.filter(creator_id__in=set(keys.creators.values()))
    found = list(fees.select_related("creator", "post"))
    mine = _rows_of("creator_fee_id", [fee.pk for fee in found], batch)
    known.fees = [
        FeeFacts(
            handle=fee.creator.handle,
            item_id=fee.post.item_id if fee.post else "",
            kind=fee.kind,
            amount=fee.amount,
            currency=fee.currency,
            starts_on=fee.starts_on,
            ends_on=fee.ends_on,
            row=mine.get(fee.pk, 0),
        )
        for fee in found
    ]


def _rows_of(name: str, keys: Sequence[int], batch: Import) -> dict[int, int]:
    """Which rows of this import made the things with these keys."""
    made = Touch.objects.filter(
        row__batch=batch, verb=Touch.Verb.CREATED, **{f"{name}__in": keys}
    ).values_list(name, "row__number")
    return dict(made)


def _products(wishes: Sequence[Wish], known: Known) -> None:
    names = {wish.product.casefold() for wish in wishes} - {""}
    if not names:
        return
    named = Product.objects.annotate(lower=Lower("title"))
    for product in named.filter(Q(product_id__in=names) | Q(lower__in=names)):
        facts = ProductFacts(product.pk, product.shop_id)
        for name in (product.product_id, product.title.casefold()):
            known.products[name] = None if name in known.products else facts


def refused_rows(batch: Import) -> Iterator[ImportRow]:
    """The rows that were refused or hold something to check, in the order of the sheet."""
    rows = ImportRow.objects.filter(batch=batch, place__lt=ATTENTION)
    return rows.order_by("number").iterator(chunk_size=500)


def shown_row(row: ImportRow, *, contacts: bool) -> list[str]:
    """Number, result and reasons, then the cells of a row, as they may be shown."""
    sentences = [remark["sentence"] for remark in row.remarks if not remark["info"]]
    if row.result == ImportRow.Result.REFUSED and row.reason not in sentences:
        sentences.insert(0, row.reason)
    why = shown(" ".join(sentences), contacts=contacts)
    label = row.get_result_display()
    return [str(row.number), label, why, *shown_cells(row, contacts=contacts)]


NEWEST = 8


def newest_rows(batch: Import) -> list[ImportRow]:
    """The rows that were done last."""
    rows = ImportRow.objects.filter(batch=batch, is_record=True).exclude(done_at=None)
    return list(rows.order_by("-done_at", "-number")[:NEWEST])
