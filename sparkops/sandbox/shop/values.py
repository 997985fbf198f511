"""Values as the Shop API sends them (contract 1.5 and 1.6)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

ZERO = Decimal(0)


def amount(value: Decimal) -> str:
    """A decimal string without a fixed scale: "25.2", "0", never "-0"."""
    text = f"{value.normalize():f}"
    return "0" if text in ("-0", "0") else text


def money(value: Decimal, currency: str) -> dict[str, str]:
    return {"amount": amount(value), "currency": currency}


def value_money(value: Decimal, currency: str) -> dict[str, str]:
    """The form of finance payments."""
    return {"value": amount(value), "currency": currency}


def amounts(values: Mapping[str, Decimal]) -> dict[str, str]:
    return {name: amount(value) for name, value in values.items()}


def seconds(moment: datetime | None) -> int:
    """Unix seconds, 0 for what has not happened."""
    return int(moment.timestamp()) if moment else 0


def happened(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment <= now


def basis_points(rate: Decimal) -> int:
    """Hundredths of a percent: 15 % is 1500."""
    return int((rate * 10000).to_integral_value(ROUND_HALF_UP))


def ten_thousandths(share: Decimal) -> int:
    """Gender shares of the marketplace: 15 % is 1500."""
    return basis_points(share)


def fraction(rate: Decimal) -> str:
    """A fraction as text: 15 % is "0.15"."""
    return amount(rate)


def share(part: Decimal | int, whole: Decimal | int, places: str = "0.0001") -> str:
    """A rate of the analytics endpoints, "0" without a denominator."""
    if not whole:
        return "0"
    return amount((Decimal(part) / Decimal(whole)).quantize(Decimal(places), ROUND_HALF_UP))


def day_start(day: str, zone: str) -> datetime:
    """Midnight of a `YYYY-MM-DD` in the shop's zone. Raises ValueError."""
    return datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=ZoneInfo(zone))


def next_midnight(now: datetime, zone: str) -> datetime:
    """The next 00:00 in the shop's zone, when lowered commissions start to count."""
    local = now.astimezone(ZoneInfo(zone))
    return (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
