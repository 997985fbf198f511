"""Affiliate plans: list, rates with approval and margin effect, changes made in TikTok."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from creators.actions.rates import (
    approve_rates,
    decline_rates,
    note_rates,
    propose_rates,
    rates_of,
    save_limit,
)
from creators.models import Collaboration, RateChange
from sparkops.alerts.models import Alert
from sparkops.audit.models import Event
from sparkops.audit.record import Actor
from sparkops.catalog.models import Product, ProductTarget
from sparkops.errors import Refusal
from sparkops.isolation.scope import client_scope
from sparkops.outbox.models import Command
from tests.factories.cast import Cast
from tests.factories.creators import NOW, make_product

pytestmark = pytest.mark.django_db
BY = Actor("Ann")
D = Decimal


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def scope(cast: Cast) -> Iterator[Cast]:
    with client_scope(cast.client.pk):
        yield cast


def plan(number: str, product: Product, kind: str = "target", **fields: Any) -> Collaboration:
    values = {
        "status": "VALID",
        "standard_rate": D("0.15"),
        "shop_ads_rate": D("0.08") if kind == "target" else None,
        "name": f"Plan {number}",
    }
    return Collaboration.objects.create(
        shop=product.shop,
        kind=kind,
        collaboration_id=number,
        product=product,
        product_ids=[product.product_id],
        **(values | fields),
    )


def bearing(product: Product) -> None:
    """A unit sells for 25.00 and leaves 10.00 before ads; creators may earn 55 %."""
    ProductTarget.objects.create(
        product=product, as_of=date(2026, 11, 20), currency="USD", unit_margin=D("10"),
        break_even_roas=D("2.5"), max_cpa=D("10"), max_commission_rate=D("0.55"),
    )  # fmt: skip


def propose(cast: Cast, row: Collaboration, standard: str | None, ads: str | None = None) -> Any:
    return propose_rates(
        row, D(standard) if standard else None, D(ads) if ads else None, note="Q4 push",
        client=cast.client, by=BY, now=NOW,
    )  # fmt: skip


def test_ts4_a_small_change_goes_at_once_and_a_large_one_waits_for_approval(scope: Cast) -> None:
    """TS4: over the limit it needs approval, with the effect kept beside it."""
    serum = make_product()
    bearing(serum)
    small = propose(scope, plan("1", serum), "0.17")
    assert (small.state, Command.objects.get().payload) == ("going", {"change": small.pk})
    large = propose(scope, plan("2", serum), "0.18", "0.10")
    assert (large.state, Command.objects.count()) == ("proposed", 1)
    standard, ads = large.effect
    assert (standard["share_before"], standard["share_after"]) == ("0.4000", "0.3700")
    assert (standard["per_unit"], ads["per_unit"]) == ("-0.75", "-0.50")
    told = {one.user.email for one in Alert.objects.get().deliveries.select_related("user")}
    assert told == {"owner@north.example", "manager@north.example"}
    approve_rates(large, by=BY, now=NOW)
    assert Command.objects.count() == 2
    assert not Alert.objects.filter(resolved_at=None).exists()
    with pytest.raises(Refusal):
        approve_rates(large, by=BY, now=NOW)
    assert Command.objects.count() == 2


def test_ts4_the_limit_is_the_client_s_and_a_no_sends_nothing(scope: Cast) -> None:
    save_limit(D("0.005"), by=BY, now=NOW)
    change = propose(scope, plan("1", make_product()), "0.16")
    assert change.state == "proposed"
    decline_rates(change, by=BY, now=NOW)
    assert not Command.objects.exists()
    again = propose(scope, change.collaboration, "0.155")
    assert again.state == "going"


def test_one_change_at_a_time_within_tiktok_s_bounds(scope: Cast) -> None:
    row = plan("1", make_product())
    for wrong in ("0.15", "0.0099", "0.81"):
        with pytest.raises(Refusal):
            propose(scope, row, wrong)
    propose(scope, row, "0.16")
    with pytest.raises(Refusal, match="under way"):
        propose(scope, row, "0.17")
    with pytest.raises(Refusal, match="ended"):
        propose(scope, plan("2", row.product, status="COMPLETED"), "0.16")


def test_an_open_plan_is_changed_in_seller_center_and_the_next_read_closes_it(
    scope: Cast,
) -> None:
    row = plan("1", make_product(), kind="open", status="NORMAL")
    change = propose(scope, row, "0.16")
    assert change.state == "by_hand"
    assert not Command.objects.exists()
    before = rates_of([{"collaboration_id": "1", "standard_rate": None}])
    Collaboration.objects.filter(pk=row.pk).update(standard_rate=D("0.16"))
    assert note_rates(before, now=NOW) == 0
    change.refresh_from_db()
    assert change.state == "done"


def test_rates_changed_in_tiktok_are_noted_as_changed_outside(scope: Cast) -> None:
    row = plan("1", make_product())
    before = rates_of([{"collaboration_id": "1", "standard_rate": None}])
    assert note_rates(before, now=NOW) == 0
    Collaboration.objects.filter(pk=row.pk).update(standard_rate=D("0.25"))
    assert note_rates(before, now=NOW) == 1
    event = Event.objects.get(verb="collaboration.changed_outside")
    assert event.data == {"before": ["0.1500", "0.0800"], "after": ["0.2500", "0.0800"]}
    assert not RateChange.objects.exists()


def opened(cast: Cast, role: str, name: str, query: str = "", **kwargs: Any) -> str:
    browser = Browser()
    browser.force_login(cast.members[role])
    url = reverse(f"creators:{name}", kwargs={"client": cast.client.slug, **kwargs})
    return browser.get(url + query).content.decode()


def posted(cast: Cast, role: str, name: str, data: dict[str, Any], **kwargs: Any) -> Any:
    browser = Browser()
    browser.force_login(cast.members[role])
    url = reverse(f"creators:{name}", kwargs={"client": cast.client.slug, **kwargs})
    return browser.post(url, data)


@pytest.mark.parametrize(
    ("view", "shown"),
    [
        ("", {"Forever", "Soon", "Later"}),
        ("open", {"Forever"}),
        ("target", {"Soon", "Later"}),
        ("expiring", {"Soon"}),
        ("ended", {"Over", "Closed"}),
    ],
)
def test_ts4_open_and_target_plans_with_rates_and_those_that_end_soon(
    cast: Cast, view: str, shown: set[str]
) -> None:
    """TS4: plans of both kinds, standard and Shop Ads rates, expiring ones."""
    with client_scope(cast.client.pk):
        serum = make_product()
        plan("1", serum, kind="open", name="Forever", status="NORMAL")
        plan("2", serum, name="Soon", ends_at=NOW + timedelta(days=14))
        plan("3", serum, name="Later", ends_at=NOW + timedelta(days=15))
        plan("4", serum, name="Over", ends_at=NOW - timedelta(days=1))
        plan("5", serum, name="Closed", status="COMPLETED")
    text = opened(cast, "viewer", "collaborations", f"?view={view}")
    for name in ("Forever", "Soon", "Later", "Over", "Closed"):
        assert (f">{name}</a>" in text) is (name in shown)
    if not view:
        assert "15.0%" in text
        assert "8.0%" in text


def test_ts4_a_person_sees_the_effect_proposes_and_another_approves(cast: Cast) -> None:
    """TS4: preview, approval by who may, and the margin on the page."""
    with client_scope(cast.client.pk):
        serum = make_product()
        bearing(serum)
        row = plan("1", serum)
    entered = {"standard_rate": "18", "step": "preview"}
    page = posted(cast, "affiliate", "collaboration-rates", entered, pk=row.pk).content.decode()
    for shown in ("40.0%", "37.0%", "−$0.75", "waits for approval"):
        assert shown in page
    assert posted(cast, "viewer", "collaboration-rates", entered, pk=row.pk).status_code == 403
    entered["step"] = "propose"
    assert posted(cast, "affiliate", "collaboration-rates", entered, pk=row.pk).status_code == 302
    approve = {"pk": row.pk, "word": "approve"}
    assert posted(cast, "affiliate", "collaboration-decide", {}, **approve).status_code == 422
    with client_scope(cast.client.pk):
        assert not Command.objects.exists()
    assert posted(cast, "manager", "collaboration-decide", {}, **approve).status_code == 302
    with client_scope(cast.client.pk):
        assert RateChange.objects.get().state == "going"
