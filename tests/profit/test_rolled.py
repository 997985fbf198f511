"""One pass over the rollup gives what the overview shows, and it all agrees."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from profit.models import DayTotal
from profit.queries.pnl import Rolled, Stages, rolled, shop_pnl, stages, sums
from profit.rules.entries import Account
from profit.rules.facts import Basis, Period
from tests.profit.conftest import Books

pytestmark = pytest.mark.django_db
D = Decimal
ALL = Period(first=date(2026, 1, 1), last=date(2026, 12, 31))
WEEK = Period(first=date(2026, 9, 1), last=date(2026, 9, 3))


@pytest.mark.parametrize("basis", list(Basis))
def test_pd3_days_stages_and_accounts_of_one_pass_sum_to_the_shop(
    sample_books: Books, basis: Basis, django_assert_num_queries: Any
) -> None:
    """PD3: days sum to the period and accounts to their own query, on every basis."""
    with django_assert_num_queries(1):
        found, _ = rolled(sample_books.shop, basis, ALL)
        days = found.daily()
    assert found.sums == sums(sample_books.shop, basis, ALL)
    assert found.stages == stages(sample_books.shop, basis, ALL)
    whole = shop_pnl(sample_books.shop, basis, ALL, found.sums)
    assert whole == shop_pnl(sample_books.shop, basis, ALL)
    assert sum((pnl.gmv for _, pnl in days), D(0)) == whole.gmv
    assert [day for day, _ in days] == sorted({day for day, _ in days})


@pytest.mark.parametrize("basis", list(Basis))
def test_the_period_before_is_read_in_the_same_pass(
    sample_books: Books, basis: Basis, django_assert_num_queries: Any
) -> None:
    days = sorted(set(DayTotal.objects.filter(basis=basis.value).values_list("day", flat=True)))
    middle = days[len(days) // 2]
    half = Period(first=middle, last=middle + (middle - days[0]))
    with django_assert_num_queries(1):
        found, earlier = rolled(sample_books.shop, basis, half)
    assert earlier.period.last < half.first
    assert found.sums == sums(sample_books.shop, basis, half)
    assert earlier.sums == sums(sample_books.shop, basis, earlier.period)
    assert found.sums
    assert bool(earlier.sums) is (days[0] < middle)


def test_pd2_stages_days_and_open_accounts_are_read_off_the_rows() -> None:
    """PD2: a quarter of gmv is settled; an account whose open amounts cancel out is not open."""
    gmv, fee, goods = Account.GMV, Account.REFERRAL_FEE, Account.COGS
    first, third = WEEK.first, WEEK.last
    found = Rolled(
        WEEK,
        "USD",
        (
            (first, gmv, "estimated", D(60)),
            (first, gmv, "settled", D(25)),
            (third, gmv, "processing", D(15)),
            (first, fee, "estimated", D(6)),
            (third, fee, "processing", D(-6)),
            (first, goods, "settled", D(9)),
        ),
    )
    assert found.sums == {gmv: D(100), fee: D(0), goods: D(9)}
    assert found.stages == Stages(estimated=D("0.6"), processing=D("0.15"), settled=D("0.25"))
    assert found.open_accounts == {gmv}
    assert [(day, pnl.gmv) for day, pnl in found.daily()] == [
        (first, D(85)),
        (date(2026, 9, 2), D(0)),
        (third, D(15)),
    ]


def test_a_period_without_rows_has_no_shares() -> None:
    assert Rolled(WEEK, "USD", ()).stages == Stages(None, None, None)
