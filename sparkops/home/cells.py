"""Editing cells of lists in place, one by one or many from a spreadsheet (SS3).

What a field is, who may change it and how it is written is said in `history`; here is how a person
writes its value.
"""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.forms import EmailField, ValidationError

from creators.rules.tags import plain_tag
from sparkops.clock import shop_zone
from sparkops.errors import Refusal
from sparkops.home.history import KINDS, words
from sparkops.home.revise import Edit, Problem
from sparkops.talk.queries import team_of
from sparkops.tenants.models import Client

May = Callable[[str], bool]
MOST_CELLS = 2_000
LONGEST = 10_000


@dataclass(frozen=True)
class Cell:
    """How a field is written: `read` turns text into its value, raising Refusal; `widget` is
    `text`, `lines` or `person`."""

    read: Callable[[str, Client], Any]
    widget: str = "text"


def _email(text: str, _client: Client) -> str:
    if not text:
        return ""
    try:
        return str(EmailField(max_length=254).clean(text))
    except ValidationError as error:
        raise Refusal("no_email", "Write a whole e-mail address, or nothing.") from error


def _notes(text: str, _client: Client) -> str:
    return "\n".join(text.splitlines())


def _zone(text: str, _client: Client) -> str:
    if text:
        try:
            shop_zone(text)
        except ValueError as error:
            raise Refusal("unknown_zone", str(error)) from error
    return text


def _person(text: str, client: Client) -> int | None:
    """A person of the team by id, name or e-mail address."""
    if not text:
        return None
    for one in team_of(client):
        if text.lower() in (str(one.pk), one.name.lower(), one.email.lower()):
            return int(one.pk)
    raise Refusal("nobody", f"“{text[:80]}” is nobody of this client’s team.")


def _tags(text: str, _client: Client) -> list[str]:
    return sorted({name for name in map(plain_tag, text.split(",")) if name})


def _fee(text: str, client: Client) -> list[str]:
    """An amount, and its currency unless it is the client's."""
    amount, _, currency = text.replace(",", "").partition(" ")
    currency = currency.strip().upper() or client.currency
    try:
        value = Decimal(amount)
    except InvalidOperation as error:
        raise Refusal("no_amount", "Write an amount, such as 120 USD.") from error
    is_currency = len(currency) == 3 and currency.isascii() and currency.isalpha()
    if not is_currency or not value.is_finite() or not 0 <= value < Decimal("1e12"):
        raise Refusal("no_amount", "Write an amount from 0 on and a currency, such as 120 USD.")
    return [f"{value:.2f}", currency]


CELLS: dict[tuple[str, str], Cell] = {
    ("creator", "email"): Cell(_email),
    ("creator", "notes"): Cell(_notes, "lines"),
    ("creator", "timezone"): Cell(_zone),
    ("post", "owner"): Cell(_person, "person"),
    ("post", "tags"): Cell(_tags),
    ("authorization", "fee"): Cell(_fee),
}


def value_of(kind: str, field: str, text: str, client: Client) -> Any:
    """What a person wrote as the field's value. Raises Refusal when it is none."""
    text = text.strip()
    if "\x00" in text or len(text) > LONGEST:
        raise Refusal("too_long", f"Write at most {LONGEST:,} letters.")
    return CELLS[kind, field].read(text, client)


def written(field: str, value: Any) -> str:
    """A value as a person writes it; empty for none."""
    return "" if value in (None, "", []) else words(field, value)


@dataclass(frozen=True)
class Pasted:
    """What a block of cells would change, and what of it cannot be taken."""

    edits: tuple[Edit, ...]
    problems: tuple[Problem, ...]


def pasted(
    kind: str, block: str, ids: Sequence[int], fields: Sequence[str], client: Client, may: May
) -> Pasted:
    """A block copied from a spreadsheet, laid over the rows `ids` and the columns `fields`; a
    column that cannot be edited is an empty name.

    Raises Refusal for a block that is no table, or too large.
    """
    lines = _lines(block)
    found = KINDS[kind].model._default_manager.in_bulk(ids[: len(lines)])
    edits: list[Edit] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines):
        row = found.get(ids[number]) if number < len(ids) else None
        if row is None:
            why = "It lies below the last row of the page, or its row is gone."
            problems.append(Problem(f"Row {number + 1}", why))
            continue
        values = KINDS[kind].values(row)
        for place, text in enumerate(line):
            name = fields[place] if place < len(fields) else ""
            told = _compare(kind, name, text, values, client, may)
            if isinstance(told, str):
                problems += [Problem(f"Row {number + 1}, column {place + 1}", told)] if told else []
            else:
                label = KINDS[kind].fields[name].label
                edits.append(Edit(row.pk, str(row), name, label, values[name], told[0], kind))
    return Pasted(tuple(edits), tuple(problems))


def _compare(
    kind: str, field: str, text: str, values: Mapping[str, Any], client: Client, may: May
) -> tuple[Any] | str:
    """The new value; or why there is none, nothing when the cell stays as it is."""
    if (kind, field) not in CELLS or not may(KINDS[kind].fields[field].edit.value):
        return "This column cannot be edited here." if text.strip() else ""
    try:
        value = value_of(kind, field, text, client)
    except Refusal as refusal:
        return refusal.sentence
    return "" if value == values[field] else (value,)


def _lines(block: str) -> list[list[str]]:
    if len(block) > MOST_CELLS * 500:
        raise Refusal("too_many", "This is too much text at once. Paste it in parts.")
    try:
        lines = list(csv.reader(io.StringIO(block, newline=""), delimiter="\t"))
    except csv.Error as error:
        raise Refusal("no_table", "This cannot be read as cells of a spreadsheet.") from error
    if sum(map(len, lines)) > MOST_CELLS:
        raise Refusal("too_many", f"Paste at most {MOST_CELLS:,} cells at once.")
    return [line or [""] for line in lines]
