"""Usage terms of the open scope's client."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from authorizations.actions.terms_versions import create_template
from authorizations.models import TermsTemplate
from sparkops.audit.record import Actor
from tests.factories.rights import NOW

MINA = Actor("Mina", 7)
ASKED: dict[str, Any] = {
    "covers_all_posts": False,
    "edits": False,
    "days": 60,
    "channels": ["spark", "shop"],
    "regions": "United States",
    "spend_cap": Decimal("2500.00"),
    "hold_days": 7,
    "renewal_days": 14,
    "fee": Decimal("450.00"),
    "pay_when": "code",
    "pay_days": 7,
    "currency": "USD",
    "disclosure": True,
    "free_text": "",
}


def terms(name: str = "Standard", *, now: datetime = NOW, **asked: Any) -> TermsTemplate:
    """A set of terms with its first version."""
    return create_template(name, by=MINA, now=now, **{**ASKED, **asked})[0]
