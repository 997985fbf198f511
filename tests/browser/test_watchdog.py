"""The watchdog, cases, fees and evidence in Chromium: accessibility and layout."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest
from playwright.sync_api import Page

from authorizations.actions.cases import open_cases
from authorizations.actions.fees import agree_fee
from authorizations.actions.terms import record_terms
from authorizations.actions.watching import Look, note_looks
from authorizations.models import Case
from authorizations.rules.watch import Seen
from campaigns.actions.evidence import ask_for_pack
from sparkops import clock
from sparkops.audit.record import Actor
from sparkops.isolation.scope import client_scope
from tests.browser.accessible import violations
from tests.browser.walking import OTHER_SIZES
from tests.factories import rights
from tests.factories.cast import build_cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MINA = Actor("Mina", 7)
LIST = "/c/glow/authorizations/"


@pytest.fixture
def addresses() -> list[str]:
    """The pages of a deleted post with a due fee and a hold."""
    cast, now = build_cast(), clock.now()
    with client_scope(cast.client.pk):
        post, account = rights.post(), rights.ad_account()
        row = rights.authorized(post, ends_at=now + timedelta(days=5), now=now)
        rights.spend(post, "64.00", before=now)
        record_terms(
            creator_id=post.creator_id or 0,
            post_id=post.pk,
            starts_on=date(2026, 1, 1),
            ends_on=now.date() + timedelta(days=3),
            hold_until=now.date() + timedelta(days=90),
            by=MINA,
            now=now,
        )
        agree_fee(row, amount=Decimal("250.00"), currency="USD", by=MINA, now=now)
        fine = Seen("HESITATE_RECOMMEND", "AUTHORIZED", row.ends_at, "glow", ("1",), ("US",))
        gone = Seen("USER_DELETE", "AUTHORIZED", row.ends_at, "", (), ())
        for seen in (fine, gone):
            look = Look(post.pk, seen, "#Ab••••w=", {})
            open_cases(note_looks([look], account, now=now), now=now)
        ask_for_pack(post, by=MINA, now=now)
        case = Case.objects.get()
        return [
            f"{LIST}watchdog/",
            f"{LIST}watchdog/{case.finding_id}/",
            f"{LIST}cases/",
            f"{LIST}cases/{case.pk}/",
            f"{LIST}{row.pk}/",
            f"/c/glow/campaigns/posts/{post.pk}/evidence/",
            LIST,
        ]


@pytest.fixture
def signed_in(open_as: Callable[..., Page], addresses: list[str]) -> Callable[..., Page]:
    """`open_page` as the agency's manager."""
    return partial(open_as, "manager@north.example")


@pytest.mark.parametrize(("width", "scheme"), OTHER_SIZES)
def test_pages_are_accessible_and_fit(
    signed_in: Callable[..., Page], addresses: list[str], width: int, scheme: str
) -> None:
    for address in addresses:
        page = signed_in(address, width=width, scheme=scheme)
        assert violations(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
