"""What a change of a commission rate means (TS4)."""

from decimal import Decimal

import pytest

from creators.rules.rates import Bearing, effect_of, hundredths, needs_approval, why_not_rate

D = Decimal


def test_ts4_the_effect_on_the_margin_of_a_unit() -> None:
    """TS4: a unit sells for 10.00 x 2.5 = 25.00; 18 % instead of 15 % is 3 % of it less."""
    bearing = Bearing("USD", D("10.00"), D("2.5"), D("0.55"))
    effect = effect_of(D("0.15"), D("0.18"), bearing)
    assert (effect.share_before, effect.share_after) == (D("0.40"), D("0.37"))
    assert effect.per_unit == D("-0.75")
    assert not effect.loses


def test_a_rate_above_what_is_left_loses_money_and_a_cut_brings_some() -> None:
    bearing = Bearing("USD", D("1.00"), D("20"), D("0.20"))
    assert effect_of(D("0.15"), D("0.21"), bearing).loses
    assert not effect_of(D("0.15"), D("0.20"), bearing).loses
    assert effect_of(D("0.15"), D("0.10"), bearing).per_unit == D("1.00")


def test_nothing_is_promised_where_a_unit_cost_is_missing() -> None:
    effect = effect_of(D("0.15"), D("0.60"), Bearing("USD"))
    assert (effect.share_before, effect.share_after, effect.per_unit) == (None, None, None)
    assert not effect.loses


@pytest.mark.parametrize(
    ("before", "after", "waits"),
    [
        ("0.10", "0.12", False),
        ("0.10", "0.1201", True),
        ("0.12", "0.09", True),
        (None, "0.02", False),
        (None, "0.05", True),
        ("0.10", None, False),
    ],
)
def test_ts4_a_change_over_the_limit_needs_approval(
    before: str | None, after: str | None, waits: bool
) -> None:
    """TS4: two points up or down go at once, more waits."""
    pair = (D(before) if before else None, D(after) if after else None)
    assert needs_approval([(None, None), pair], D("0.02")) is waits


def test_tiktok_takes_one_to_eighty_percent_in_hundredths() -> None:
    assert why_not_rate(D("0.01")) == why_not_rate(D("0.80")) == ""
    assert why_not_rate(D("0.0099")) and why_not_rate(D("0.8001"))
    assert hundredths(D("0.155")) == 1550
