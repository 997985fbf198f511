"""N4, AR8: spend at risk, and the list ranked by it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from authorizations.rules.at_risk import Asset, AtRisk, SpendDay, at_risk, average_per_day, ranked

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def spend(*amounts: str) -> tuple[SpendDay, ...]:
    """Amounts of the days before today, yesterday first."""
    return tuple(
        SpendDay(TODAY - timedelta(days=at), Decimal(amount))
        for at, amount in enumerate(amounts, 1)
    )


def asset(covered: timedelta, planned: timedelta | None, *amounts: str) -> Asset:
    end = None if planned is None else NOW + planned
    return Asset("post:1", "USD", spend(*amounts), TODAY, NOW + covered, end)


def test_the_average_is_of_the_last_seven_complete_days() -> None:
    days = (*spend(*["70"] * 7, "1000"), SpendDay(TODAY, Decimal(500)))
    assert average_per_day(days, TODAY) == 70
    assert average_per_day(spend("70"), TODAY) == 10


def test_n4_spend_per_day_times_the_days_without_cover() -> None:
    risk = at_risk(asset(timedelta(days=2), timedelta(days=5, hours=12), *["100"] * 7), now=NOW)
    assert (risk.per_day, risk.days, risk.amount) == (Decimal(100), Decimal("3.5"), Decimal(350))


def test_cover_that_is_already_gone_counts_from_now() -> None:
    risk = at_risk(asset(timedelta(days=-9), timedelta(days=2), *["100"] * 7), now=NOW)
    assert risk.days == 2


def test_a_covered_flight_risks_nothing_and_an_endless_one_is_counted_to_the_horizon() -> None:
    assert at_risk(asset(timedelta(days=9), timedelta(days=5), "70"), now=NOW).amount == 0
    endless = at_risk(asset(timedelta(days=10), None, "70"), now=NOW)
    assert (endless.days, endless.amount) == (20, Decimal("200.00"))


def test_ar8_the_list_is_ranked_by_money_and_rows_without_a_rate_stay_in_it() -> None:
    def risk(key: str, currency: str, amount: str) -> AtRisk:
        return AtRisk(key, currency, Decimal(amount), Decimal(1), Decimal(amount))

    rows = ranked(
        [risk("a", "USD", "100"), risk("b", "GBP", "90"), risk("c", "IDR", "5"),
         risk("d", "USD", "300")],
        currency="USD", rates={"GBP": Decimal("1.30")},
    )  # fmt: skip
    assert [(row.risk.key, row.in_common) for row in rows] == [
        ("d", Decimal(300)), ("b", Decimal("117.00")), ("a", Decimal(100)), ("c", None),
    ]  # fmt: skip
