"""How amounts, counts, shares and moments read. Plain text; the tags and tables add the markup."""

from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from django.utils import timezone

from sparkops.money import minor_digits, round_money

MISSING = "—"
MINUS = "\N{MINUS SIGN}"
_SIGNS = {
    "USD": "$",
    "GBP": "£",
    "EUR": "€",
    "JPY": "¥",
    "KRW": "₩",
    "VND": "₫",
    "PHP": "₱",
    "THB": "฿",
    "MYR": "RM",
    "IDR": "Rp",
    "SGD": "S$",
    "MXN": "MX$",
    "BRL": "R$",
    "CAD": "CA$",
    "AUD": "A$",
}
_STEPS = ((Decimal("1e9"), "B"), (Decimal("1e6"), "M"), (Decimal("1e3"), "K"))

Number = Decimal | int | float


def money(amount: Decimal | int | None, currency: str, *, compact: bool = False) -> str:
    """`−$1,586.74`. `amount` is in major units of the ISO `currency`.

    Digits and rounding are those of booked money (P1, P2). A currency without a known sign is
    named: `CHF 12.00`. `compact` gives `$184.6K`, for small cards and axes only.
    """
    if amount is None:
        return MISSING
    value = Decimal(amount)
    sign = _SIGNS.get(currency, f"{currency} " if currency else "")
    if compact and abs(value) >= 1000:
        return _minus(value) + sign + _compact(abs(value))
    shown = round_money(value, currency)
    return _minus(shown) + sign + f"{abs(shown):,.{minor_digits(currency)}f}"


def integer(value: Number | None, *, compact: bool = False) -> str:
    """`1,240`, or `1.2M` when tight."""
    if value is None:
        return MISSING
    whole = _rounded(Decimal(str(value)), 0)
    if compact and abs(whole) >= 10_000:
        return _minus(whole) + _compact(abs(whole))
    return _minus(whole) + f"{abs(whole):,.0f}"


def number(value: Number | None, places: int = 2) -> str:
    """`4.81`, with a typographic minus."""
    if value is None:
        return MISSING
    shown = _rounded(Decimal(str(value)), places)
    return _minus(shown) + f"{abs(shown):,.{places}f}"


def percent(ratio: Number | None, places: int = 1) -> str:
    """`18.4%` of a ratio: 0.184 is 18.4%."""
    return MISSING if ratio is None else number(Decimal(str(ratio)) * 100, places) + "%"


def plural(count: int, one: str, many: str = "") -> str:
    """`1 ad`, `3 ads`, `1,240 ads`. `many` is needed where an s does not do."""
    return f"{integer(count)} {one if count == 1 else many or one + 's'}"


def noun_of(count: object, many: str) -> str:
    """The noun of a list beside its count as text: `1 post`, `2 posts`, `1,000+ entries`."""
    if str(count) != "1":
        return many
    return f"{many[:-3]}y" if many.endswith("ies") else many.removesuffix("s")


def said(word: str) -> str:
    """TikTok's own word for a state as people read it: `Content pending`; nothing stays nothing."""
    return word.replace("_", " ").strip().capitalize()


def day(value: date, *, today: date) -> str:
    """`Tue Nov 24`, with the year when it is not this year's."""
    year = "" if value.year == today.year else f", {value.year}"
    return f"{value:%a %b} {value.day}{year}"


def moment(value: datetime, *, now: datetime, zone: ZoneInfo | None = None) -> str:
    """`Tue Nov 24, 4:30 PM` in `zone`, or in the zone active for the reader."""
    local, today = _local(value, zone), _local(now, zone).date()
    return f"{day(local.date(), today=today)}, {clock(local)}"


def full_moment(value: datetime, zone: ZoneInfo | None = None) -> str:
    """`Tuesday, November 24, 2026, 4:30 PM CST`: for the title of a shorter form."""
    local = _local(value, zone)
    return f"{local:%A, %B} {local.day}, {local.year}, {clock(local)} {local.tzname()}"


def clock(value: datetime) -> str:
    """`4:30 PM`."""
    return f"{value.hour % 12 or 12}:{value:%M} {'AM' if value.hour < 12 else 'PM'}"


def span(length: timedelta) -> str:
    """`2 d 7 h`, `11 d`, `20 h 46 m`, `5 m`, `40 s`. The sign of the length is ignored."""
    seconds = int(abs(length).total_seconds())
    days, hours, minutes = seconds // 86_400, seconds // 3600 % 24, seconds // 60 % 60
    if days:
        return f"{days} d {hours} h" if days < 7 and hours else f"{days} d"
    if hours:
        return f"{hours} h {minutes} m" if minutes else f"{hours} h"
    return f"{minutes} m" if minutes else f"{seconds} s"


def ago(value: datetime, *, now: datetime) -> str:
    """`4 min ago`, `9 h ago`, `2 d ago`; `in 2 d 7 h` for what is ahead; `just now` under 5 s."""
    length = now - value
    if abs(length) < timedelta(seconds=5):
        return "just now"
    if length < timedelta(0):
        return f"in {span(length)}"
    seconds = int(length.total_seconds())
    for size, unit in ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s")):
        if seconds >= size:
            return f"{seconds // size} {unit} ago"
    return "just now"


def time_left_tone(end: datetime, *, now: datetime) -> str:
    """Red within 3 days and when past, amber within 7, none before."""
    left = end - now
    if left <= timedelta(days=3):
        return "bad"
    return "warn" if left <= timedelta(days=7) else ""


def iso(value: datetime | date) -> str:
    """For `datetime` attributes and exports: UTC with a Z, or the plain day."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return value.isoformat()


def _local(value: datetime, zone: ZoneInfo | None) -> datetime:
    return timezone.localtime(value, zone)


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _minus(value: Decimal) -> str:
    return MINUS if value < 0 else ""


def _compact(size: Decimal) -> str:
    for step, letter in _STEPS:
        if size >= step:
            return f"{_rounded(size / step, 1):,.1f}{letter}"
    return f"{size:,.0f}"
