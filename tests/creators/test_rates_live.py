"""New rates of an invitation at the live sandbox, and what the next read makes of them."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from creators.actions.rates import propose_rates
from creators.inbound import COLLABORATIONS
from creators.models import Collaboration, RateChange
from creators.outbound import HANDLERS, ON_REFUSAL
from sparkops import clock
from sparkops.audit.models import Event
from sparkops.audit.record import Actor
from sparkops.catalog.inbound import STREAMS as CATALOG
from sparkops.isolation.scope import client_scope
from sparkops.landing.models import Cursor
from sparkops.landing.streams import pull_due
from sparkops.outbox.queue import drain
from tests.factories.cast import Cast
from tests.factories.world import own_transaction, synced_cast
from tests.sandbox_server import SandboxServer

pytestmark = pytest.mark.journey
TARGETS = "/affiliate_seller/202508/target_collaborations/"


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, sandbox: SandboxServer) -> Iterator[Cast]:
    with synced_cast(django_db_blocker, sandbox, CATALOG, (COLLABORATIONS,)) as cast:
        yield cast


def test_ts4_new_rates_reach_tiktok_and_are_read_back_as_ours(
    world: Cast, django_db_blocker: Any, sandbox: SandboxServer
) -> None:
    """TS4: a raise counts at once; a lost answer is repeated, which changes nothing; the products
    of the invitation stay."""
    client_id = world.client.pk
    with own_transaction(django_db_blocker):
        with client_scope(client_id):
            plan = Collaboration.objects.filter(kind="target", status="VALID")[0]
            products = plan.product_ids
            assert products
            change = propose_rates(
                plan, Decimal("0.215"), Decimal("0.13"), client=world.client,
                by=Actor("Ann"), now=clock.now(),
            )  # fmt: skip
            assert change.state == "going"
        sandbox.do("faults", kind="drop_after", path=TARGETS, api="shop", count=1, after=1)
        for minutes in (0, 9):
            later = clock.now() + timedelta(minutes=minutes)
            drain(client_id, HANDLERS, now=lambda: later, on_refusal=ON_REFUSAL)  # noqa: B023
        with client_scope(client_id):
            assert RateChange.objects.get().state == "done"
            Cursor.objects.update(due_at=clock.now() - timedelta(minutes=1))
        pull_due(client_id, (COLLABORATIONS,), now=clock.now)
        with client_scope(client_id):
            plan.refresh_from_db()
            assert (plan.standard_rate, plan.shop_ads_rate) == (
                Decimal("0.2150"),
                Decimal("0.1300"),
            )
            assert plan.product_ids == products
            assert not Event.objects.filter(verb="collaboration.changed_outside").exists()
