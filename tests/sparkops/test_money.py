"""Money arithmetic: P1, P2 and P3 of the domain paper."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparkops.money import allocate, minor_digits, ratio, round_money

D = Decimal
CURRENCIES = st.sampled_from(["USD", "EUR", "GBP", "JPY", "VND", "KRW"])
WEIGHTS = st.dictionaries(
    st.text(min_size=1, max_size=4),
    st.decimals(min_value=0, max_value=100_000, places=4, allow_nan=False),
    min_size=1,
    max_size=8,
)
UNITS = st.integers(min_value=-10_000_000, max_value=10_000_000)


def money(units: int, currency: str) -> Decimal:
    return D(units).scaleb(-minor_digits(currency))


@pytest.mark.parametrize(
    ("currency", "digits"), [("USD", 2), ("EUR", 2), ("IDR", 2), ("JPY", 0), ("VND", 0), ("KRW", 0)]
)
def test_minor_digits_follow_the_currency(currency, digits):
    assert minor_digits(currency) == digits


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [
        ("2.225", "USD", "2.23"),
        ("-2.225", "USD", "-2.23"),
        ("2.2249999", "USD", "2.22"),
        ("192.5", "JPY", "193"),
        ("-192.5", "KRW", "-193"),
        ("192.4", "VND", "192"),
        ("3", "EUR", "3.00"),
    ],
)
def test_rounding_is_half_away_from_zero(amount, currency, rounded):
    assert str(round_money(D(amount), currency)) == rounded


def test_a_negative_amount_that_rounds_to_nothing_has_no_sign():
    assert str(round_money(D("-0.004"), "USD")) == "0.00"


@pytest.mark.parametrize(
    ("total", "weights", "currency", "shares"),
    [
        # 100/3 leaves one cent; equal remainders and weights, so the smallest key gets it.
        ("100.00", {"c": 1, "b": 1, "a": 1}, "USD", {"a": "33.34", "b": "33.33", "c": "33.33"}),
        # Remainders 1/3 (a) and 2/3 (b): the larger remainder wins over the larger weight.
        ("-0.05", {"a": 2, "b": 1}, "USD", {"a": "-0.03", "b": "-0.02"}),
        # 0.5 and 0.5 cents left: the larger weight wins against the smaller key.
        ("0.10", {"a": "0.25", "b": "0.75"}, "USD", {"a": "0.02", "b": "0.08"}),
        # Equal weights when all are zero.
        ("10.00", {"a": 0, "b": 0}, "USD", {"a": "5.00", "b": "5.00"}),
        ("1.01", {"b": 0, "a": 0}, "USD", {"a": "0.51", "b": "0.50"}),
        # A zero weight beside others gets nothing.
        ("1.00", {"a": 0, "b": 3}, "EUR", {"a": "0.00", "b": "1.00"}),
        # No minor unit below one yen.
        ("100", {"a": 1, "b": 1, "c": 1}, "JPY", {"a": "34", "b": "33", "c": "33"}),
        ("0.00", {"a": 1, "b": 1}, "USD", {"a": "0.00", "b": "0.00"}),
    ],
)
def test_allocation_by_largest_remainder(total, weights, currency, shares):
    found = allocate(D(total), {key: D(weight) for key, weight in weights.items()}, currency)
    assert {key: str(share) for key, share in found.items()} == shares


def test_keys_are_compared_as_text():
    assert allocate(D("0.01"), {"9": D(1), "10": D(1)}, "USD") == {"9": D(0), "10": D("0.01")}


@pytest.mark.parametrize(
    ("total", "weights", "sentence"),
    [
        ("1.00", {}, "at least one key"),
        ("1.00", {"a": D(-1)}, "negative weights"),
        ("1.005", {"a": D(1)}, "finer than the currency's smallest unit"),
    ],
)
def test_what_cannot_be_allocated_is_refused(total, weights, sentence):
    with pytest.raises(ValueError, match=sentence):
        allocate(D(total), weights, "USD")


@given(UNITS, WEIGHTS, CURRENCIES)
def test_shares_sum_to_the_total_exactly(units, weights, currency):
    total = money(units, currency)
    assert sum(allocate(total, weights, currency).values()) == total


@given(UNITS, WEIGHTS, CURRENCIES)
def test_shares_do_not_depend_on_the_order_of_keys(units, weights, currency):
    total = money(units, currency)
    backwards = dict(reversed(weights.items()))
    assert allocate(total, weights, currency) == allocate(total, backwards, currency)


@given(UNITS, WEIGHTS, CURRENCIES)
def test_each_share_is_within_one_minor_unit_of_its_claim(units, weights, currency):
    total = money(units, currency)
    whole = sum(weights.values())
    for key, share in allocate(total, weights, currency).items():
        claim = total * weights[key] / whole if whole else total / len(weights)
        assert abs(share - claim) < money(1, currency) + D("1e-12")


@given(UNITS, WEIGHTS, CURRENCIES)
def test_a_negative_total_mirrors_the_positive_one(units, weights, currency):
    total = money(units, currency)
    mirrored = allocate(-total, weights, currency)
    assert {key: -share for key, share in mirrored.items()} == allocate(total, weights, currency)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=6, allow_nan=False), CURRENCIES)
def test_rounding_moves_less_than_half_a_unit_and_is_stable(amount, currency):
    rounded = round_money(amount, currency)
    assert abs(rounded - amount) <= money(1, currency) / 2
    assert round_money(rounded, currency) == rounded
    assert round_money(-amount, currency) == -rounded


@pytest.mark.parametrize(
    ("numerator", "denominator", "quotient"),
    [("2780", "530", "5.2453"), ("-245.25", "25", "-9.8100"), ("0", "719.39", "0.0000")],
)
def test_a_ratio_has_four_decimals(numerator, denominator, quotient):
    assert str(ratio(D(numerator), D(denominator))) == quotient


@pytest.mark.parametrize("denominator", ["0", "-1.00"])
def test_a_ratio_without_a_positive_denominator_is_none(denominator):
    assert ratio(D(5), D(denominator)) is None
