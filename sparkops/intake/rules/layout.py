"""How the columns of one import are read: the mapping and every choice that goes with it."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sparkops.sheets.columns import REPEATABLE
from sparkops.sheets.dates import ColumnOrder, DayOrder, column_order
from sparkops.sheets.headers import LABELS, Field
from sparkops.sheets.sheet import Kind, Sheet
from sparkops.sheets.values import currency_named, decimal_mark

MONTH_FIRST_CURRENCIES = ("USD", "PHP")
_ORDER_SENTENCES = {
    DayOrder.DAY_FIRST: "Dates are read as day/month/year, as chosen.",
    DayOrder.MONTH_FIRST: "Dates are read as month/day/year, as chosen.",
}
PERMITTED_BY = {
    Field.CODE: "authorization.edit",
    Field.FEE: "cost.edit",
    Field.EMAIL: "creator.edit",
    Field.NOTES: "creator.edit",
}
"""The permission (its value in `tenants.permissions`) that a member needs to import a field."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person decides beside the columns.

    `currency` counts where neither cell, column nor header names one. `day_order` None follows the
    column. `fee_day` dates fees without a start date. `replace` lets the sheet's e-mail and notes
    win over known ones. `ad_accounts` and `shop` are own keys: codes are redeemed in the accounts,
    fees without a known product are booked in the shop.
    """

    currency: str
    fee_day: date
    day_order: DayOrder | None = None
    fee_kind: str = "flat_fee"
    replace: bool = False
    ad_accounts: tuple[int, ...] = ()
    shop: int | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """Headers and fields have one entry per column; `orders` one per date column.

    `zone` is the client's; days of the sheet are days there.
    """

    headers: tuple[str, ...]
    fields: tuple[Field | None, ...]
    choices: Choices
    zone: str
    orders: dict[int, ColumnOrder]
    mark: str = ""
    is_chat: bool = False

    def indexes(self, field: Field) -> tuple[int, ...]:
        """The columns that hold the field."""
        return tuple(at for at, one in enumerate(self.fields) if one is field)

    def header_currency(self, index: int) -> str:
        """What the header of a fee column names, as in "Fee (EUR)"; "" when nothing."""
        return currency_named(self.headers[index])


def laid_out(
    sheet: Sheet, fields: tuple[Field | None, ...], choices: Choices, *, zone: str
) -> Layout:
    """The layout of a sheet: orders of dates and the decimal sign are settled per column."""
    fees = [at for at, field in enumerate(fields) if field is Field.FEE]
    dates = [at for at, field in enumerate(fields) if field in (Field.STARTS, Field.ENDS)]
    return Layout(
        headers=sheet.headers,
        fields=fields,
        choices=choices,
        zone=zone,
        orders={at: date_order(sheet, at, choices) for at in dates},
        mark=decimal_mark(sheet.column(fees[0])) if fees else "",
        is_chat=sheet.kind is Kind.CHAT,
    )


def date_order(sheet: Sheet, index: int, choices: Choices) -> ColumnOrder:
    """The order of day and month in a column: the chosen one, else what the column shows, else
    the habit of the currency's home."""
    if choices.day_order is not None:
        return ColumnOrder(choices.day_order, True, _ORDER_SENTENCES[choices.day_order])
    month_first = choices.currency in MONTH_FIRST_CURRENCIES
    habit = DayOrder.MONTH_FIRST if month_first else DayOrder.DAY_FIRST
    return column_order(sheet.column(index), default=habit)


def mapping_problem(headers: tuple[str, ...], fields: tuple[Field | None, ...]) -> str:
    """What is wrong with a mapping, as a sentence; "" when it can be used."""
    if not any(field in (Field.HANDLE, Field.POST_LINK, Field.CODE) for field in fields):
        return (
            "No column is the creator handle, the post link or the Spark code. Choose at least one."
        )
    for field in Field:
        named = [headers[at] for at, one in enumerate(fields) if one is field]
        if len(named) > 1 and field not in REPEATABLE:
            columns = " and ".join(f"“{name}”" for name in named)
            return f"{columns} are both the {LABELS[field]}. Only one column can be that."
    return ""


def needed_permissions(fields: tuple[Field | None, ...]) -> dict[Field, str]:
    """The permission that each mapped field asks for, where it asks for one."""
    return {field: PERMITTED_BY[field] for field in fields if field and field in PERMITTED_BY}


def to_json(layout: Layout) -> dict[str, Any]:
    """The layout as JSON holds it."""
    choices = layout.choices
    return {
        "headers": list(layout.headers),
        "fields": [field.value if field else None for field in layout.fields],
        "zone": layout.zone,
        "orders": {
            str(at): [one.order.value, one.settled, one.sentence]
            for at, one in layout.orders.items()
        },
        "mark": layout.mark,
        "is_chat": layout.is_chat,
        "currency": choices.currency,
        "fee_day": choices.fee_day.isoformat(),
        "day_order": choices.day_order.value if choices.day_order else None,
        "fee_kind": choices.fee_kind,
        "replace": choices.replace,
        "ad_accounts": list(choices.ad_accounts),
        "shop": choices.shop,
    }


def from_json(data: dict[str, Any]) -> Layout:
    """The layout of `to_json`."""
    return Layout(
        headers=tuple(data["headers"]),
        fields=tuple(Field(one) if one else None for one in data["fields"]),
        choices=_choices(data),
        zone=data["zone"],
        orders={
            int(at): ColumnOrder(DayOrder(order), settled, sentence)
            for at, (order, settled, sentence) in data["orders"].items()
        },
        mark=data["mark"],
        is_chat=data["is_chat"],
    )


def _choices(data: dict[str, Any]) -> Choices:
    choices = Choices(
        currency=data["currency"],
        fee_day=date.fromisoformat(data["fee_day"]),
        fee_kind=data["fee_kind"],
        replace=data["replace"],
        ad_accounts=tuple(data["ad_accounts"]),
        shop=data["shop"],
    )
    order = data["day_order"]
    return replace(choices, day_order=DayOrder(order)) if order else choices
