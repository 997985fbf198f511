"""What an outreach needs before it starts."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from sparkops.outreach.rules.offers import Offer, why_not_offered

WHOLE = Offer(
    channel="target",
    products=1,
    rate=Decimal("0.15"),
    ends_on=date(2026, 12, 1),
    contact_email="hi@glow.example",
    subject="",
    today=date(2026, 11, 20),
)


def test_ab8_a_whole_target_collaboration_may_start() -> None:
    """AB8: ten products are allowed, and both bounds of the commission."""
    for change in ({}, {"products": 10}, {"rate": Decimal("0.01")}, {"rate": Decimal("0.80")}):
        assert why_not_offered(replace(WHOLE, **change)) == ("", "")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"products": 11}, "products"),
        ({"products": 0}, "products"),
        ({"rate": None}, "rate"),
        ({"rate": Decimal("0.0099")}, "rate"),
        ({"rate": Decimal("0.8001")}, "rate"),
        ({"ends_on": date(2026, 11, 20)}, "ends_on"),
        ({"ends_on": None}, "ends_on"),
        ({"contact_email": ""}, "contact_email"),
        ({"channel": "email"}, "subject"),
    ],
)
def test_ab8_what_is_missing_is_named_at_its_field(change: dict[str, Any], field: str) -> None:
    """AB8: each channel says in words what it cannot do without."""
    found, sentence = why_not_offered(replace(WHOLE, **change))
    assert found == field
    assert sentence.endswith(".")


def test_ab8_messages_need_no_offer() -> None:
    """AB8: a shop message goes without product, rate and end."""
    bare = replace(WHOLE, channel="shop", products=0, rate=None, ends_on=None, contact_email="")
    assert why_not_offered(bare) == ("", "")
