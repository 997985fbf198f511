"""A post that goes away within its hold opens a case and stops the payment of its fee (AR10)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from authorizations.actions.fees import agree_fee
from authorizations.actions.terms import record_terms
from authorizations.inbound.posts import apply_listed
from authorizations.models import Authorization, Case, Fee
from sparkops.alerts.models import Alert, Delivery
from sparkops.audit.models import Event
from sparkops.audit.record import Actor
from sparkops.isolation.scope import client_scope
from sparkops.tiktok.ads.posts import AuthorizedPost
from tests.factories import rights
from tests.factories.cast import Cast
from tests.factories.rights import CODE, NOW

pytestmark = pytest.mark.django_db
MINA = Actor("Mina", 7)
HOLD = date(2026, 11, 30)


@pytest.fixture(autouse=True)
def frozen(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


def url(name: str, **kwargs: Any) -> str:
    return reverse(f"authorizations:{name}", kwargs={"client": "glow", **kwargs})


def browse(cast: Cast, role: str) -> Browser:
    browser = Browser()
    browser.force_login(cast.members[role])
    return browser


def list_row(item_id: str, word: str) -> AuthorizedPost:
    """A row of TikTok's list."""
    return AuthorizedPost.model_validate(
        {
            "user_info": {"tiktok_name": "maya.glow", "identity_id": "i-1"},
            "item_info": {"item_id": item_id, "status": word, "auth_code": CODE, "text": "glow"},
            "auth_info": {
                "ad_auth_status": "AUTHORIZED",
                "auth_start_time": "2026-09-05 00:00:00",
                "auth_end_time": "2026-10-20 00:00:00",
            },
        }
    )


def see(word: str, row: Authorization) -> None:
    assert row.post is not None
    apply_listed([list_row(row.post.item_id, word)], rights.ad_account(), now=NOW)


@pytest.fixture
def held(cast: Cast) -> Authorization:
    """A post that must stay up, with a fee that is due."""
    with client_scope(cast.client.pk):
        post = rights.post()
        apply_listed([list_row(post.item_id, "HESITATE_RECOMMEND")], rights.ad_account(), now=NOW)
        row = Authorization.objects.select_related("post").get(post=post)
        record_terms(
            creator_id=row.creator_id or 0,
            post_id=row.post_id,
            starts_on=date(2026, 9, 1),
            ends_on=HOLD - timedelta(days=7),
            hold_until=HOLD,
            by=MINA,
            now=NOW,
        )
        agree_fee(row, amount=Decimal("120.00"), currency="USD", by=MINA, now=NOW)
        return row


def test_ar10_a_deletion_inside_the_hold_opens_a_case_and_freezes_the_fee(
    cast: Cast, held: Authorization
) -> None:
    """AR10: the case carries the evidence, finance is told, the fee cannot be paid; settling it
    needs a note and lets the payment go on."""
    with client_scope(cast.client.pk):
        see("USER_DELETE", held)
        see("USER_DELETE", held)
        case = Case.objects.get()
        assert (case.post_id, case.hold_until, case.frozen_fees) == (held.post_id, HOLD, 1)
        assert case.finding.sight is not None and case.finding.sight.post_word == "USER_DELETE"
        assert Fee.objects.get().state == "frozen"
        alert = Alert.objects.get(kind="case.opened")
        told = set(Delivery.objects.filter(alert=alert).values_list("user__email", flat=True))
        assert {"owner@north.example", "finance@north.example"} <= told
    finance = browse(cast, "finance")
    pay = {"paid_on": "2026-09-11"}
    assert finance.post(url("fee-paid", pk=held.pk), pay).status_code == 422
    assert str(held.post) in finance.get(url("cases")).content.decode()
    page = finance.get(url("case", pk=case.pk)).content.decode()
    assert "USER_DELETE" in page and "Nov 30, 2026" in page and "Frozen" in page

    settle = url("settle-case", pk=case.pk)
    assert browse(cast, "affiliate").post(settle, {"note": "x"}).status_code == 403
    assert finance.post(settle, {"note": ""}).status_code == 422
    assert finance.post(settle, {"note": "Half the fee was agreed."}).status_code == 302
    with client_scope(cast.client.pk):
        case.refresh_from_db()
        assert (case.state, case.settled_by) == ("settled", "Finance North")
        assert Event.objects.filter(verb="case.settled", reason=case.note).exists()
        assert Fee.objects.get().state == "due"
        assert not Alert.objects.filter(kind="case.opened", resolved_at=None).exists()
    assert finance.post(settle, {"note": "again"}).status_code == 422
    assert finance.post(url("fee-paid", pk=held.pk), pay).status_code == 302


@pytest.mark.parametrize(("word", "found"), [("ONLY_AUTHOR_SEE", 1), ("AUDIT_DELETE", 0)])
def test_ar10_hiding_breaks_the_hold_and_a_takedown_by_tiktok_does_not(
    cast: Cast, held: Authorization, word: str, found: int
) -> None:
    with client_scope(cast.client.pk):
        see(word, held)
        assert Case.objects.count() == found


def test_a_deletion_after_the_hold_opens_no_case(
    cast: Cast, held: Authorization, time_machine: Any
) -> None:
    with client_scope(cast.client.pk):
        held.creator.usage_terms.update(hold_until=date(2026, 9, 9))  # type: ignore[union-attr]
        see("USER_DELETE", held)
        assert not Case.objects.exists()
        assert Fee.objects.get().state == "due"
