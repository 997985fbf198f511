"""Fee before code: a code is kept sealed until finance marks its fee paid (N9)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from authorizations.actions.codes import open_code
from authorizations.actions.fees import agree_fee, freeze_fees, note_due_fees, pay_fee, thaw_fees
from authorizations.actions.hand_in import hand_in_codes, retry
from authorizations.models import Authorization, Fee, Redemption
from sparkops.audit.models import Event
from sparkops.audit.record import SYSTEM, Actor
from sparkops.errors import Refusal
from sparkops.isolation.scope import client_scope
from sparkops.outbox.models import Command
from sparkops.tenants.models import Client
from tests.factories import rights
from tests.factories.cast import Cast
from tests.factories.rights import CODE, NOW

pytestmark = pytest.mark.django_db
MINA = Actor("Mina", 7)


@pytest.fixture(autouse=True)
def frozen(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


def url(name: str, **kwargs: Any) -> str:
    return reverse(f"authorizations:{name}", kwargs={"client": "glow", **kwargs})


def browse(cast: Cast, role: str) -> Browser:
    browser = Browser()
    browser.force_login(cast.members[role])
    return browser


@pytest.fixture
def held(cast: Cast) -> Authorization:
    """A code handed in to two ad accounts of a client that holds codes."""
    Client.objects.filter(pk=cast.client.pk).update(hold_codes_until_paid=True)
    with client_scope(cast.client.pk):
        accounts = [rights.ad_account(), rights.ad_account("7000000000000000002")]
        [line] = hand_in_codes(CODE, ad_accounts=accounts, by=MINA, now=NOW)
        assert "held until its fee is paid" in line.sentence
        return Authorization.objects.get(pk=line.authorization_id)


def test_n9_a_code_is_held_until_finance_marks_its_fee_paid_on_one_screen(
    cast: Cast, held: Authorization
) -> None:
    """N9: fee status and code status on one screen; the code stays in escrow until finance marks
    the fee paid, and only then is TikTok asked, once per ad account."""
    with client_scope(cast.client.pk):
        assert not Command.objects.exists()
        assert bytes(held.code or b"").find(CODE[5:20].encode()) == -1  # sealed
        assert open_code(held) == CODE
    finance = browse(cast, "finance")
    fee = {"amount": "250.00", "currency": "USD"}
    assert finance.post(url("fee", pk=held.pk), fee).status_code == 302
    page = finance.get(url("detail", pk=held.pk)).content.decode()
    assert "kept sealed until the fee is paid" in page and "$250.00" in page
    listed = finance.get(url("list") + "?fee=held").content.decode()
    assert "250.00 USD · code held" in listed
    assert "250.00 USD" not in finance.get(url("list") + "?fee=paid").content.decode()

    paid = {"paid_on": "2026-09-10", "reference": "SEPA 4711"}
    for role in ("media", "affiliate", "viewer"):
        assert browse(cast, role).post(url("fee-paid", pk=held.pk), paid).status_code == 403
    assert finance.post(url("fee-paid", pk=held.pk), paid).status_code == 302
    with client_scope(cast.client.pk):
        assert Command.objects.filter(kind="authorizations.redeem").count() == 2
        assert set(held.redemptions.values_list("state", flat=True)) == {"waiting"}
        event = Event.objects.get(verb="fee.paid")
        assert (event.actor, event.data["reference"]) == ("Finance North", "SEPA 4711")
    again = finance.post(url("fee-paid", pk=held.pk), paid)
    assert again.status_code == 422
    with client_scope(cast.client.pk):
        assert Command.objects.count() == 2


def test_n9_no_way_around_the_hold(cast: Cast, held: Authorization) -> None:
    """N9: neither trying again nor handing in again sends a held code."""
    with client_scope(cast.client.pk):
        for one in Redemption.objects.select_related("authorization"):
            retry(one, by=MINA, now=NOW)
        hand_in_codes(CODE, ad_accounts=[rights.ad_account()], by=MINA, now=NOW)
        assert not Command.objects.exists()
        assert set(held.redemptions.values_list("state", flat=True)) == {"held"}


def test_a_fee_of_zero_frees_the_code(cast: Cast, held: Authorization) -> None:
    with client_scope(cast.client.pk):
        agree_fee(held, amount=Decimal(0), currency="USD", by=MINA, now=NOW)
        assert Command.objects.count() == 2


def test_a_client_that_does_not_hold_codes_redeems_at_once(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        hand_in_codes(CODE, ad_accounts=[rights.ad_account()], by=MINA, now=NOW)
        assert Command.objects.count() == 1


def test_a_fee_falls_due_on_its_day_and_a_frozen_one_cannot_be_paid(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        row = rights.authorized(ends_at=NOW + timedelta(days=10))
        fee = agree_fee(
            row,
            amount=Decimal("80.00"),
            currency="USD",
            due_on=date(2026, 9, 12),
            by=MINA,
            now=NOW,
        )
        assert fee.state == "agreed"
        assert note_due_fees(date(2026, 9, 11), by=SYSTEM, now=NOW) == 0
        assert note_due_fees(date(2026, 9, 12), by=SYSTEM, now=NOW) == 1
        assert row.post_id is not None
        assert freeze_fees(row.post_id, reason="gone", by=SYSTEM, now=NOW) == 1
        with pytest.raises(Refusal, match="frozen by a case"):
            pay_fee(fee, paid_on=date(2026, 9, 13), by=MINA, now=NOW)
        assert thaw_fees(row.post_id, reason="back", by=SYSTEM, now=NOW) == 1
        assert Fee.objects.get().state == "due"
        pay_fee(fee, paid_on=date(2026, 9, 13), by=MINA, now=NOW)
        assert freeze_fees(row.post_id, reason="gone", by=SYSTEM, now=NOW) == 0


def test_the_setting_is_changed_on_the_settings_page(cast: Cast) -> None:
    page = reverse("home:settings", kwargs={"client": "glow"})
    content = {
        "timezone": "America/Los_Angeles",
        "reminder_days": "21, 7",
        "safety_buffer_hours": "24",
        "hold_codes_until_paid": "on",
    }
    assert browse(cast, "owner").post(page, content).status_code == 302
    assert Client.objects.get(pk=cast.client.pk).hold_codes_until_paid
