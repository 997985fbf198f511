"""Choosing what the columns mean, and telling what every row would do. Writes no domain row."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from sparkops.audit.record import Actor, record
from sparkops.catalog.models import AdAccount, Shop
from sparkops.errors import Refusal
from sparkops.intake.actions.noting import note, save_notes
from sparkops.intake.actions.start import still_open
from sparkops.intake.models import Import, ImportRow
from sparkops.intake.queries import counts_of, known_of, row_of, sheet_of
from sparkops.intake.rules.deciding import decide, repeated
from sparkops.intake.rules.layout import (
    Choices,
    from_json,
    laid_out,
    mapping_problem,
    needed_permissions,
    to_json,
)
from sparkops.intake.rules.reading import Wish, read_row
from sparkops.sheets.headers import LABELS, Field
from sparkops.tenants.permissions import Permission

May = Callable[[Permission], bool]
KEEP_COLUMN = "Set the column with the {field} to “Keep as it is”, or ask somebody who may."


def choose_mapping(
    batch: Import,
    fields: Sequence[Field | None],
    choices: Choices,
    *,
    may: May,
    by: Actor,
    now: datetime,
) -> None:
    """Settle the columns. Raises Refusal when they cannot be used or the member may not."""
    batch = still_open(batch)
    chosen = tuple(fields)
    problem = mapping_problem(tuple(batch.headers), chosen)
    if problem:
        raise Refusal("mapping", problem)
    refuse_forbidden(chosen, may, advice=KEEP_COLUMN)
    _check_choices(chosen, choices)
    layout = laid_out(sheet_of(batch), chosen, choices, zone=batch.client.timezone)
    batch.layout = to_json(layout)
    batch.state = Import.State.DRAFT.value
    batch.save(update_fields=["layout", "state"])
    record("import.mapped", batch, by=by, now=now, data={"fields": batch.layout["fields"]})


def refuse_forbidden(
    fields: Iterable[Field | None], may: May, *, advice: str = "Ask somebody who may."
) -> None:
    """Raises Refusal when a column needs a permission that the member lacks. `advice` is what to
    do then; `{field}` in it is the column's meaning."""
    for field, needed in needed_permissions(tuple(fields)).items():
        permission = Permission(needed)
        if not may(permission):
            raise Refusal(
                "not_permitted",
                f"Your role may not: {permission.label.lower()}. "
                + advice.format(field=LABELS[field]),
            )


def preview(batch: Import) -> None:
    """Work out what every row would do. Raises Refusal before the columns were checked."""
    batch = still_open(batch)
    if not batch.layout:
        raise Refusal("not_mapped", "Check the columns first.")
    layout = from_json(batch.layout)
    rows = list(ImportRow.objects.filter(batch=batch, is_record=True).order_by("number"))
    wishes = [read_row(row_of(row), layout) for row in rows]
    known, _keys = known_of(wishes, batch)
    first: dict[Wish, int] = {}
    for row, wish in zip(rows, wishes, strict=True):
        row.repeats = None
        if wish.names_something and wish in first:
            row.repeats = first[wish]
            note(row, repeated(wish, row.repeats))
            continue
        first.setdefault(wish, row.number)
        note(row, decide(wish, known, row=row.number, replaces=layout.choices.replace))
    save_notes(rows)
    batch.state, batch.counts = Import.State.PREVIEWED.value, counts_of(batch)
    batch.save(update_fields=["state", "counts"])


def _check_choices(fields: tuple[Field | None, ...], choices: Choices) -> None:
    accounts = AdAccount.objects.filter(pk__in=choices.ad_accounts).count()
    if accounts != len(set(choices.ad_accounts)):
        raise Refusal("ad_account", "One of the ad accounts is not connected any more.")
    if Field.FEE not in fields:
        return
    if choices.shop is None or not Shop.objects.filter(pk=choices.shop).exists():
        raise Refusal(
            "no_shop",
            "Fees are booked in a shop. Choose it, connect one first, or set the fee column to "
            "“Keep as it is”.",
            field="shop",
        )
