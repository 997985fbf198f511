"""Terms of invitations that somebody changed in TikTok."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from sparkops.outreach.rules.changes import Change, Terms, changes_of

END = datetime(2026, 12, 20, 8, tzinfo=UTC)
SENT = Terms("Autumn · 1", Decimal("0.15"), None, END)
READ = replace(SENT, status="VALID")


def test_ab11_each_term_that_differs_is_named_with_both_values() -> None:
    """AB11: name, commissions and end; what was not sent is TikTok's to choose."""
    assert changes_of(SENT, READ) == []
    assert changes_of(SENT, replace(READ, shop_ads_rate=Decimal("0.05"))) == []
    later = replace(READ, name="Renamed", rate=Decimal("0.12"), ends_at=END + timedelta(days=1))
    assert changes_of(SENT, later) == [
        Change("Name", "Autumn · 1", "Renamed"),
        Change("Commission", Decimal("0.15"), Decimal("0.12")),
        Change("End", END, END + timedelta(days=1)),
    ]
    with_ads = replace(SENT, shop_ads_rate=Decimal("0.08"))
    assert changes_of(with_ads, READ) == [Change("Commission of ads", Decimal("0.08"), None)]


def test_ab11_an_end_that_came_is_no_change_and_an_early_one_is() -> None:
    """AB11: over on time is over; ended before is told with both moments."""
    over = replace(READ, status="COMPLETED", rate=None)
    assert changes_of(SENT, over) == []
    early = replace(over, ends_at=END - timedelta(days=3))
    assert changes_of(SENT, early) == [Change("Ended early", END, END - timedelta(days=3))]
