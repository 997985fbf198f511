"""Amounts and shares as people write them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sparkops.reasons import Reason
from sparkops.sheets.sheet import Cell

CURRENCIES = frozenset(
    [
        "USD", "EUR", "GBP", "IDR", "VND", "THB", "PHP", "MYR", "SGD", "MXN", "BRL", "JPY", "CAD",
        "AUD", "NZD", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RON", "TRY", "AED", "SAR",
        "ILS", "INR", "CNY", "HKD", "TWD", "KRW", "ZAR", "COP", "CLP", "ARS", "PEN", "EGP", "KWD",
        "QAR", "BGN", "UAH", "NGN", "KES",
    ]
)  # fmt: skip
_SYMBOLS = {
    "US$": "USD", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "NZ$": "NZD", "HK$": "HKD",
    "S$": "SGD", "NT$": "TWD", "MX$": "MXN", "R$": "BRL", "€": "EUR", "£": "GBP", "¥": "JPY",
    "₫": "VND", "฿": "THB", "₱": "PHP", "₹": "INR", "₩": "KRW", "₺": "TRY", "₪": "ILS", "zł": "PLN",
    "RP": "IDR", "RM": "MYR", "KČ": "CZK", "FR": "CHF", "EURO": "EUR", "EUROS": "EUR",
    "DOLLAR": "$", "DOLLARS": "$", "POUND": "GBP", "POUNDS": "GBP", "BUCKS": "$", "$": "$",
    "ZŁ": "PLN",
}  # fmt: skip
_NO_AMOUNT = frozenset({"-", "–", "—", "n/a", "na", "none", "tbd", "tbc", "?", "gifted", "gift",
    "free", "product only", "commission only", "commission", "offen", "keine", "gratis",
    "pendiente", "ninguno", "x"})  # fmt: skip
_NUMBER = r"\d(?:[\d.,'’ ]*\d)?"
_MONEY = re.compile(
    rf"^(?P<open>\()?\s*(?P<sign1>[-−–+])?\s*(?P<before>[^\d\s(.,+\-−–]{{1,7}})?\s*"
    rf"(?P<sign2>[-−–])?\s*(?P<number>\.?{_NUMBER})\s*(?P<scale>[kKmM](?![A-Za-z]))?\s*"
    rf"(?P<after>[^\d\s).,]{{1,7}})?\.?\s*(?P<close>\))?$"
)
_RANGE = re.compile(r"\d\s*(?:-|–|—|to|bis|a)\s*[^\d]{0,3}\d", re.IGNORECASE)
LONGEST_TEXT = 40
MOST = Decimal(10) ** 12
_SCALE = {"": 1, "k": 1_000, "m": 1_000_000}


@dataclass(frozen=True, slots=True)
class Amount:
    """Money as written. `currency` is ISO 4217, or "" when neither cell nor default names one.

    `note` is "" or a sentence about a choice that was made; `ambiguous` says that the text has
    another reading, which the note names.
    """

    value: Decimal
    currency: str
    ambiguous: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """A rate as a fraction: 15 % is 0.15. `ambiguous` when the text could mean another one."""

    value: Decimal
    ambiguous: bool = False


def decimal_mark(cells: Iterable[Cell]) -> str:
    """The sign before the decimals in a column: "." or ",", or "" when nothing shows it.

    A value shows it when it has both signs, or one sign followed by one or two digits.
    """
    marks = set()
    for cell in cells:
        text = cell if isinstance(cell, str) and len(cell) <= LONGEST_TEXT else ""
        match = _MONEY.match(text)
        if match:
            marks.add(_shown_mark(match["number"]))
    marks.discard("")
    return marks.pop() if len(marks) == 1 else ""


def read_money(
    cell: Cell, *, mark: str = "", currency: str = "", dollar: str = "USD"
) -> Amount | Reason | None:
    """The amount in a cell; None when it is empty.

    `mark` is the column's decimal sign (see `decimal_mark`), `currency` what counts when the cell
    names none (a currency column, the header, the client), `dollar` what a bare "$" means.
    """
    if isinstance(cell, Decimal):
        return Amount(cell, currency)
    if isinstance(cell, date):
        return Reason("amount_is_date", f"{cell.isoformat()} is a date, not an amount.")
    text = cell.strip()
    if not text:
        return None
    if text.casefold() in _NO_AMOUNT:
        return Reason("no_amount", f"“{text}” names no amount. Enter one when it is agreed.")
    match = _MONEY.match(text) if len(text) <= LONGEST_TEXT else None
    if not match:
        return _not_money(text)
    named = _currency(match["before"], match["after"], dollar)
    if isinstance(named, Reason):
        return named
    return _amount(match, mark, named or currency)


def read_share(cell: Cell) -> Share | Reason | None:
    """The rate in a cell as a fraction; None when it is empty.

    With "%" the number is per hundred. Without, a number above 1 is per hundred, one below 1 a
    fraction, and exactly 1 is taken as 1 % and marked ambiguous. Over 100 % is refused.
    """
    if isinstance(cell, date):
        return Reason("share_is_date", f"{cell.isoformat()} is a date, not a rate.")
    text = f"{cell:f}" if isinstance(cell, Decimal) else cell.strip()
    if not text:
        return None
    bare = text.rstrip("%").strip()
    match = _MONEY.match(bare) if len(bare) <= LONGEST_TEXT else None
    if not match or match["before"] or match["after"] or match["scale"]:
        return Reason(
            "not_a_share", f"“{text[:LONGEST_TEXT]}” is not a rate. Write it like 15% or 0.15."
        )
    number = _plain(match["number"], _shown_mark(match["number"]) or ".")
    if number is None:
        return Reason(
            "not_a_share", f"“{text[:LONGEST_TEXT]}” is not a rate. Write it like 15% or 0.15."
        )
    percent = text.endswith("%") or number >= 1
    value = number / 100 if percent else number
    if value > 1 or match["sign1"] in ("-", "−", "–"):
        return Reason("share_range", f"“{text}” is no rate between 0% and 100%.")
    return Share(value, ambiguous=not text.endswith("%") and number == 1)


def currency_named(text: str) -> str:
    """The one currency that a text names, as in "Fee (EUR)" or "£"; "" when none or several."""
    words = re.findall(r"[^\W\d_]+\$?|[^\w\s()\[\]{}.,:/-]+", text)
    found = {_currency(word, None, "USD") for word in words if _is_currency(word)}
    return str(found.pop()) if len(found) == 1 else ""


def _is_currency(word: str) -> bool:
    is_symbol = not word.isalpha() and word.upper() in _SYMBOLS
    return is_symbol or (word.isupper() and word in CURRENCIES)


def _currency(before: str | None, after: str | None, dollar: str) -> str | Reason:
    """The currency of the words around a number; "" when there are none."""
    found = set()
    for word in (before, after):
        if not word:
            continue
        code = _code_of(word.strip(), dollar)
        if not code:
            return Reason(
                "unknown_currency",
                f"“{word.strip()}” is not a currency known here. Write the amount with a code "
                "like USD, EUR or GBP.",
            )
        found.add(code)
    if len(found) > 1:
        # "$250 AUD": the code says which dollar; two different codes say nothing.
        codes = {word.upper() for word in (before or "", after or "") if word.upper() in CURRENCIES}
        if len(codes) != 1 or "$" not in (before, after):
            names = " and ".join(sorted(found))
            return Reason("two_currencies", f"The amount names two currencies, {names}. Keep one.")
        return codes.pop()
    return found.pop() if found else ""


def _code_of(word: str, dollar: str) -> str:
    upper = word.upper()
    code = upper if upper in CURRENCIES else _SYMBOLS.get(word, _SYMBOLS.get(upper, ""))
    return dollar if code == "$" else code


def _amount(match: re.Match[str], mark: str, currency: str) -> Amount | Reason:
    number, sign = match["number"], _sign_of(match["number"])
    shown = _shown_mark(number)
    value = _plain(number, shown or mark)
    if value is None:
        return _not_money(number)
    note = ""
    # One sign before exactly three digits: a group, unless the column has it before decimals.
    if not shown and _one_group(number) and (mark or ".") == sign:
        other = _plain(number, "" if mark == sign else sign)
        note = f"“{number}” was read as {value:f}; it could also mean {other:f}."
    signs = {match["sign1"], match["sign2"]}
    is_negative = bool(signs & {"-", "−", "–"}) or bool(match["open"] and match["close"])
    value *= _SCALE[(match["scale"] or "").lower()] * (-1 if is_negative else 1)
    if abs(value) >= MOST:
        return Reason("amount_too_large", f"“{match[0]}” cannot be an amount. Check the cell.")
    return Amount(_tidy(value), currency, ambiguous=bool(note), note=note)


def _tidy(value: Decimal) -> Decimal:
    """The value without an empty decimal part: 250, not 250.0."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value


def _bare(number: str) -> str:
    return re.sub(r"['’ ]", "", number)


def _sign_of(number: str) -> str:
    return next((char for char in number if char in ".,"), "")


def _shown_mark(number: str) -> str:
    """The decimal sign that the number itself shows; "" when it shows none."""
    bare = _bare(number)
    if "." in bare and "," in bare:
        return max(".,", key=bare.rfind)
    sign = _sign_of(bare)
    if not sign or bare.count(sign) > 1:
        return ""
    decimals = len(bare) - bare.rindex(sign) - 1
    return sign if decimals != 3 or bare.startswith(("0", sign)) or bare.index(sign) > 3 else ""


def _one_group(number: str) -> bool:
    bare = _bare(number)
    return bare.count(_sign_of(bare) or ".") == 1


def _plain(number: str, mark: str) -> Decimal | None:
    """The number with `mark` before its decimals and the other signs between groups of three
    digits; None when the signs stand anywhere else."""
    whole, decimals = _bare(number), ""
    if mark and mark in whole:
        whole, _, decimals = whole.rpartition(mark)
    if not re.fullmatch(r"\d*|\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*", whole):
        return None
    if not re.fullmatch(r"\d*", decimals):
        return None
    return Decimal(f"{re.sub('[.,]', '', whole) or 0}.{decimals or 0}")


def _not_money(text: str) -> Reason:
    text = text[:LONGEST_TEXT]
    if _RANGE.search(text):
        return Reason("amount_range", f"“{text}” is a range. Enter the amount that was agreed.")
    return Reason("not_an_amount", f"“{text}” is not an amount. Write it like 1,234.50 USD.")
