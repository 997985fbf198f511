"""Ads under a linked account instead of a code (marketing contract 5.3)."""

import json

import pytest

from authorizations.models import Authorization, Redemption
from campaigns.actions.launch import plan_launch
from campaigns.models import Launch
from sparkops import clock
from sparkops.isolation.scope import client_scope
from tests.campaigns.synced import MINA, a_covered_authorization, drain_all, plan_for
from tests.sandbox_server import SandboxServer

pytestmark = pytest.mark.journey


def linked(identity_type: str, row: Authorization) -> Redemption:
    """The account of a type that is linked to the ad account of `row`, as its creator's own."""
    account = row.redemptions.get().ad_account
    found = Redemption.objects.get(ad_account=account, identity_type=identity_type)
    Authorization.objects.filter(pk=found.authorization_id).update(creator=row.post.creator)
    return found


def created_ad(sandbox: SandboxServer, name: str) -> dict[str, str]:
    """What TikTok was asked to make under this name."""
    asked = sandbox.look("requests?api=ads")["requests"]
    bodies = [json.loads(one["body"]) for one in asked if one["path"].endswith("/ad/create/")]
    [ad] = [part for body in bodies for part in body["creatives"] if part["ad_name"] == name]
    return ad


@pytest.mark.parametrize("identity_type", ["TT_USER", "BC_AUTH_TT"])
def test_a_post_of_a_linked_account_is_launched_without_a_code(
    connected: int, sandbox: SandboxServer, identity_type: str
) -> None:
    """TA5 for the other two identities: an account in a Business Center names the center too."""
    with client_scope(connected):
        row = a_covered_authorization()
        plan = plan_for(row)
        account = linked(identity_type, row)
        Authorization.objects.filter(post=row.post).update(state="revoked")
        launch = plan_launch(plan, by=MINA, now=clock.now())
        assert launch.error == ""
        assert launch.authorization_id == account.authorization_id
    for _ in range(6):
        drain_all(connected)
    with client_scope(connected):
        launch = Launch.objects.get(pk=launch.pk)
        assert (launch.state, launch.error) == ("live", "")
        centers = Redemption.objects.exclude(identity_bc_id="")
        assert set(centers.values_list("identity_type", flat=True)) == {"BC_AUTH_TT"}
    made = created_ad(sandbox, launch.name)
    assert made["identity_type"] == identity_type
    assert made["identity_id"] == account.identity_id
    assert made.get("identity_authorized_bc_id", "") == account.identity_bc_id


def test_a_code_that_lasts_through_the_flight_goes_before_a_link(connected: int) -> None:
    with client_scope(connected):
        row = a_covered_authorization()
        plan = plan_for(row)
        account = linked("TT_USER", row)
        first = plan_launch(plan, by=MINA, now=clock.now())
        assert first.authorization_id == row.pk
        first.delete()
        Authorization.objects.filter(pk=row.pk).update(
            ends_at=plan.ends_at - (plan.ends_at - plan.starts_at) / 2
        )
        second = plan_launch(plan, by=MINA, now=clock.now())
        assert second.authorization_id == account.authorization_id
