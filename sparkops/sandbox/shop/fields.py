"""Reading request fields: each refuses with the text TikTok's gateway would use (36009004)."""

from collections.abc import Collection, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from . import errors


def page_size(
    query: Mapping[str, str], *, least: int = 1, most: int = 100, default: int | None = None
) -> int:
    """`page_size` within its range; without a default the field is required."""
    text = query.get("page_size", "")
    if not text:
        if default is None:
            raise errors.missing_field("page_size")
        return default
    if not text.isdecimal() or not least <= int(text) <= most:
        raise errors.invalid_field("page_size", f"must be between {least} and {most}")
    return int(text)


def exact_page_size(query: Mapping[str, str], allowed: Collection[int]) -> int:
    """`page_size` of an endpoint that takes a few sizes only."""
    text = query.get("page_size", "")
    if not text:
        raise errors.missing_field("page_size")
    if not text.isdecimal() or int(text) not in allowed:
        choices = ", ".join(str(size) for size in sorted(allowed))
        raise errors.invalid_field("page_size", f"must be one of {choices}")
    return int(text)


def page_token(query: Mapping[str, str]) -> str:
    """The token of the page asked for, "" on the first page. An empty parameter is refused."""
    if query.get("page_token") == "":
        raise errors.invalid_field("page_token", "must not be empty")
    return query.get("page_token", "")


def sort_field(query: Mapping[str, str], allowed: Collection[str], *, required: bool = True) -> str:
    """`sort_field`; the first allowed one when it may be left out."""
    return _choice(query, "sort_field", allowed, required=required)


def descending(query: Mapping[str, str], *, default: str) -> bool:
    """Whether `sort_order` asks for the newest first."""
    order = query.get("sort_order", default)
    if order not in ("ASC", "DESC"):
        raise errors.invalid_field("sort_order", "must be ASC or DESC")
    return order == "DESC"


def _choice(
    query: Mapping[str, str], name: str, allowed: Collection[str], *, required: bool
) -> str:
    value = query.get(name, "")
    if not value:
        if required:
            raise errors.missing_field(name)
        return next(iter(allowed))
    if value not in allowed:
        raise errors.invalid_field(name, f"must be one of {', '.join(allowed)}")
    return value


def text(body: Mapping[str, Any], name: str, *, required: bool = False) -> str:
    """A text field; a number is taken as text, since ids arrive as either."""
    value = body.get(name)
    if value is None or value == "":
        if required:
            raise errors.missing_field(name)
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise errors.invalid_field(name, "must be a string")
    return str(value)


def whole_number(values: Mapping[str, Any], name: str) -> int | None:
    """An integer given as number or digits, None when it is missing."""
    value = values.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise errors.invalid_field(name, "must be an integer")
    try:
        return int(value)
    except ValueError:
        raise errors.invalid_field(name, "must be an integer") from None


def decimal(values: Mapping[str, Any], name: str) -> Decimal:
    """A positive amount as text, with at most two decimals."""
    value = text(values, name, required=True)
    try:
        amount = Decimal(value)
    except InvalidOperation:
        raise errors.invalid_field(name, "must be a decimal number") from None
    exponent = amount.as_tuple().exponent
    if not amount.is_finite() or amount <= 0 or not isinstance(exponent, int) or exponent < -2:
        raise errors.invalid_field(name, "must be a positive amount with two decimals")
    return amount


def flag(values: Mapping[str, Any], name: str, *, default: bool) -> bool:
    """A boolean, as JSON value in a body or as `true` / `false` in the query."""
    value = values.get(name)
    if value is None or value == "":
        return default
    if value in (True, "true"):
        return True
    if value in (False, "false"):
        return False
    raise errors.invalid_field(name, "must be true or false")


def texts(body: Mapping[str, Any], name: str, *, most: int | None = None) -> list[str]:
    """A list of ids or words, empty when it is missing."""
    value = body.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise errors.invalid_field(name, "must be a list")
    _limit(name, value, most)
    return [str(item) for item in value]


def objects(body: Mapping[str, Any], name: str, *, most: int | None = None) -> list[dict[str, Any]]:
    """A list of JSON objects, empty when it is missing."""
    value = body.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or any(not isinstance(item, dict) for item in value):
        raise errors.invalid_field(name, "must be a list of objects")
    _limit(name, value, most)
    return value


def child(body: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A nested object, empty when it is missing."""
    value = body.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise errors.invalid_field(name, "must be an object")
    return value


def comma_list(query: Mapping[str, str], name: str, *, most: int | None = None) -> list[str]:
    """A list parameter: one parameter, values joined by commas."""
    values = [part.strip() for part in query.get(name, "").split(",") if part.strip()]
    _limit(name, values, most)
    return values


def within(values: Mapping[str, Any], stem: str, moment: int) -> bool:
    """Whether `moment` lies in `<stem>_ge` to `<stem>_lt` (exclusive) or `<stem>_le`."""
    start, end = whole_number(values, f"{stem}_ge"), whole_number(values, f"{stem}_lt")
    last = whole_number(values, f"{stem}_le")
    return (
        (start is None or moment >= start)
        and (end is None or moment < end)
        and (last is None or moment <= last)
    )


def _limit(name: str, values: list[Any], most: int | None) -> None:
    if most is not None and len(values) > most:
        raise errors.invalid_field(name, f"must not have more than {most} entries")
