"""Guards against the live sandbox: what they change, and what they never overwrite (TA7, TA8)."""

from decimal import Decimal

import pytest

from campaigns.actions.parts import MODELS, Change, ask_change
from campaigns.inbound import STREAMS
from campaigns.models import AdGroup
from campaigns.outbound import HANDLERS
from campaigns.rules.guards import Condition, Metric, Op
from campaigns.tasks import run_guards
from sparkops import clock
from sparkops.alerts.models import Alert
from sparkops.connections.apis import ads_api
from sparkops.isolation.scope import client_scope
from sparkops.outbox.models import Command
from sparkops.tiktok.ads.drafts import AdGroupPatch
from tests.campaigns.synced import (
    MINA,
    drain_all,
    read,
)
from tests.campaigns.test_guards import a_rule
from tests.sandbox_server import SandboxServer

pytestmark = pytest.mark.journey
ANY = (Condition(Metric.SPEND, Op.ABOVE, Decimal(0)),)


def a_group() -> AdGroup:
    """An ad group with a daily budget and a live ad."""
    found = AdGroup.objects.filter(ads__state="live", budget_mode="BUDGET_MODE_DAY")
    return found.select_related("campaign__ad_account").order_by("pk").distinct()[0]


def ask_raise(group: AdGroup, by: str) -> Decimal:
    assert group.budget is not None
    after = (group.budget * Decimal(by)).quantize(Decimal("0.01"))
    change = Change("ad_group", group.pk, "budget", str(group.budget), str(after))
    ask_change(change, key=by, reason="A test.", by=MINA, now=clock.now())
    return after


def test_ta7_a_budget_is_changed_at_tiktok_once_also_when_the_worker_died_after_it(
    connected: int, sandbox: SandboxServer
) -> None:
    """TA7: TikTok took the change, and nobody wrote that down; the second try finds it made."""
    with client_scope(connected):
        group = a_group()
        after = ask_raise(group, "1.2")
        command = Command.objects.get(kind="campaigns.change_part")
    HANDLERS["campaigns.change_part"](connected, command, clock.now())
    written = "requests?path=/open_api/v1.3/adgroup/update/"
    before = len(sandbox.look(written)["requests"])
    drain_all(connected)
    assert len(sandbox.look(written)["requests"]) == before
    read(connected, STREAMS)
    with client_scope(connected):
        assert Command.objects.get(kind="campaigns.change_part").state == "done"
        group.refresh_from_db()
        assert group.budget == after


def test_ta8_a_budget_that_somebody_changed_meanwhile_is_not_overwritten(connected: int) -> None:
    """TA8: the guard expected another budget; it changes nothing and says so."""
    with client_scope(connected):
        group = a_group()
        ask_raise(group, "1.5")
        account = group.campaign.ad_account
    with ads_api(connected, account.connection_id) as api:
        patch = AdGroupPatch(budget=Decimal("77.00"))
        api.ad_groups.update(account.advertiser_id, group.adgroup_id, patch)
    drain_all(connected)
    read(connected, STREAMS)
    with client_scope(connected):
        group.refresh_from_db()
        assert group.budget == Decimal(77)
        result = Command.objects.get(kind="campaigns.change_part").result
        assert Decimal(result["found"]) == Decimal(77)
        alert = Alert.objects.get(kind="part.not_changed")
        assert "somebody changed it there" in alert.body


@pytest.mark.parametrize("level", ["ad", "ad_group", "campaign"])
def test_ta7_a_rule_pauses_at_its_level(connected: int, level: str) -> None:
    """TA7: everything that spent at all, at ad, ad group and campaign level; once."""
    with client_scope(connected):
        a_rule("budget_spent", "act", level=level, action="pause", conditions=ANY, window_days=30)
    run_guards(client_id=connected)
    run_guards(client_id=connected)
    with client_scope(connected):
        asked = list(Command.objects.order_by("pk"))
        assert asked
        assert {one.payload.get("status", one.payload.get("after")) for one in asked} == {"DISABLE"}
        targets = [one.payload.get("ad", one.payload.get("pk")) for one in asked]
        assert len(set(targets)) == len(targets)
    drain_all(connected)
    read(connected, STREAMS)
    with client_scope(connected):
        rows = MODELS[level].objects.filter(pk__in=targets)
        assert set(rows.values_list("operation_status", flat=True)) == {"DISABLE"}
