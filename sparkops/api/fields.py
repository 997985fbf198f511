"""How values look in JSON: money with its currency, days of the URL."""

from collections.abc import Callable
from decimal import Decimal
from operator import attrgetter
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from sparkops.money import minor_digits

MONEY_SCHEMA = {
    "type": ["object", "null"],
    "description": "An amount as decimal text with its currency; null while it is not known.",
    "properties": {
        "amount": {"type": "string", "examples": ["12.34"]},
        "currency": {"type": "string", "examples": ["USD"]},
    },
    "required": ["amount", "currency"],
}


def money(amount: Decimal | None, currency: str) -> dict[str, str] | None:
    """`{"amount": "12.34", "currency": "USD"}`: nothing is rounded, spare zeros are left out."""
    if amount is None or not currency:
        return None
    places = minor_digits(currency)
    plain = Decimal(amount).normalize()
    given = -int(plain.as_tuple().exponent)
    return {"amount": f"{plain:.{max(places, given)}f}", "currency": currency}


def in_percent(fraction: Decimal) -> Decimal:
    """A fraction of the API in the percent of a page's form, without spare zeros."""
    return (fraction * 100).normalize()


@extend_schema_field(MONEY_SCHEMA)
class MoneyField(serializers.Field):
    """Money from two attributes of a row (dotted paths); null without amount or currency."""

    def __init__(self, amount: str, currency: str, **options: Any) -> None:
        self._amount, self._currency = _reader(amount), _reader(currency)
        super().__init__(**{**options, "source": "*", "read_only": True})

    def to_representation(self, row: Any) -> dict[str, str] | None:
        return money(self._amount(row), self._currency(row) or "")


@extend_schema_field({"type": "string", "pattern": "^[A-Z]{3}$", "examples": ["USD"]})
class CurrencyCode(serializers.RegexField):
    """A currency by its ISO code."""

    def __init__(self, **options: Any) -> None:
        said = {"invalid": "Use a three-letter code, such as USD."}
        super().__init__(r"^[A-Z]{3}$", error_messages=said, **options)


@extend_schema_field({**MONEY_SCHEMA, "type": "object"})
class MoneyInput(serializers.Serializer):
    """Money as a caller gives it."""

    amount = serializers.DecimalField(max_digits=18, decimal_places=4)
    currency = CurrencyCode()


def named(path: str, **options: Any) -> serializers.CharField:
    """Text of a related row; null where the relation is empty."""
    return serializers.CharField(source=path, read_only=True, allow_null=True, **options)


def _reader(path: str) -> Callable[[Any], Any]:
    get = attrgetter(path)

    def read(row: Any) -> Any:
        try:
            return get(row)
        except AttributeError:
            if "." in path:  # a relation on the way is empty
                return None
            raise

    return read
