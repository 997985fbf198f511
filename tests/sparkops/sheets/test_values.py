"""SS1: amounts and rates as people write them; each row keeps its own currency."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sparkops.reasons import Reason
from sparkops.sheets.values import (
    Amount,
    Share,
    currency_named,
    decimal_mark,
    read_money,
    read_share,
)


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("$1,234.50", "1234.50", "USD"),
        ("1.234,50 €", "1234.50", "EUR"),
        ("250 GBP", "250", "GBP"),
        ("£250", "250", "GBP"),
        ("1.2k", "1200", ""),
        ("$1.5K", "1500", "USD"),
        ("US$ 99", "99", "USD"),
        ("R$ 1.234,50", "1234.50", "BRL"),
        ("AUD 75.5", "75.5", "AUD"),
        ("1'234.50 CHF", "1234.50", "CHF"),
        ("1 234,50 PLN", "1234.50", "PLN"),
        ("Rp 1.250.000", "1250000", "IDR"),
        ("1,234", "1234", ""),
        ("0,5", "0.5", ""),
        (".50", "0.50", ""),
        ("-40", "-40", ""),
        ("($40.00)", "-40.00", "USD"),
        ("$250 AUD", "250", "AUD"),
    ],
)
def test_amounts(text: str, value: str, currency: str) -> None:
    read = read_money(text)
    assert isinstance(read, Amount), read
    assert (read.value, read.currency) == (Decimal(value), currency)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("gifted", "no_amount"),
        ("tbd", "no_amount"),
        ("200-250", "amount_range"),
        ("200 to 250 USD", "amount_range"),
        ("250 XYZ", "unknown_currency"),
        ("£250 EUR", "two_currencies"),
        ("half now", "not_an_amount"),
        ("1.2.3", "not_an_amount"),
    ],
)
def test_what_is_no_amount_says_why(text: str, code: str) -> None:
    read = read_money(text)
    assert isinstance(read, Reason)
    assert read.code == code


def test_the_column_settles_the_decimal_sign() -> None:
    assert decimal_mark(["1.234,50 €", "1.500"]) == ","
    assert decimal_mark(["12.50", "1,5"]) == ""
    german = read_money("1.500", mark=",")
    assert (german.value, german.ambiguous) == (Decimal(1500), False)
    unclear = read_money("1.500")
    assert (unclear.value, unclear.ambiguous) == (Decimal(1500), True)
    assert "could also mean 1.500" in unclear.note


def test_the_currency_falls_back_to_the_column_and_the_client() -> None:
    assert read_money("250", currency="EUR").currency == "EUR"
    assert read_money("250 GBP", currency="EUR").currency == "GBP"
    assert read_money("$5", dollar="CAD").currency == "CAD"
    assert read_money(Decimal("5.5"), currency="USD") == Amount(Decimal("5.5"), "USD")
    assert [currency_named(h) for h in ("Fee (EUR)", "Fee £", "Fee", "USD/EUR")] == [
        "EUR", "GBP", "", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("15%", Share(Decimal("0.15"))),
        ("12,5 %", Share(Decimal("0.125"))),
        ("0.15", Share(Decimal("0.15"))),
        ("15", Share(Decimal("0.15"))),
        ("1", Share(Decimal("0.01"), ambiguous=True)),
        ("0.5%", Share(Decimal("0.005"))),
    ],
)
def test_rates_are_fractions(text: str, share: Share) -> None:
    assert read_share(text) == share


@pytest.mark.parametrize("text", ["150%", "-5%", "lots", "5 EUR"])
def test_what_is_no_rate_says_why(text: str) -> None:
    assert isinstance(read_share(text), Reason)


@settings(deadline=None)
@given(st.decimals(min_value=0, max_value=10**7, places=2))
def test_every_amount_reads_back_in_both_notations(value: Decimal) -> None:
    english = f"{value:,.2f}"
    german = english.translate(str.maketrans(",.", ".,"))
    assert read_money(f"${english}") == Amount(value, "USD")
    assert read_money(f"{german} €") == Amount(value, "EUR")


@settings(deadline=None)
@given(st.text(max_size=30))
def test_no_text_breaks_the_readers(text: str) -> None:
    assert isinstance(read_money(text), Amount | Reason | None)
    assert isinstance(read_share(text), Share | Reason | None)
