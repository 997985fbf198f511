"""An approved plan and TikTok: nothing before the undo window is over, once after it."""

from datetime import timedelta

from campaigns.actions import approval
from campaigns.actions import plans as actions
from campaigns.models import Launch, Plan
from campaigns.outbound import HANDLERS, ON_REFUSAL
from sparkops import clock
from sparkops.isolation.scope import client_scope
from sparkops.outbox.models import Command
from sparkops.outbox.queue import drain
from tests.campaigns.synced import MINA, a_covered_authorization, plan_for
from tests.sandbox_server import SandboxServer


def test_launches_of_an_approved_plan_leave_once_and_only_after_the_undo_window(
    connected: int, sandbox: SandboxServer
) -> None:
    """N23: an undo window before the launch leaves the outbox, and exactly once after it."""
    now = clock.now()
    with client_scope(connected):
        wanted = plan_for(a_covered_authorization())
        draft = actions.Draft(
            name="Serum push",
            posts=[wanted.post],
            ad_account=wanted.ad_account,
            objective=wanted.objective,
            daily_budget=wanted.daily_budget,
            starts_at=wanted.starts_at,
            ends_at=wanted.ends_at,
        )
        plan = actions.make_plan(draft, by=MINA, now=now)
        actions.propose(plan, by=MINA, now=now)
        actions.confirm(plan, by=MINA, now=now)
        _, token = approval.make_link(plan, recipient="Ada", by=MINA, now=now)
        link = approval.open_link(token, now=now)
        approval.approve(link, who=approval.Visitor("Ada", ""), now=now)
        leaves_at = Plan.objects.get(pk=plan.pk).launches_at
        assert leaves_at == now + approval.UNDO_WINDOW
        assert Command.objects.filter(kind="campaigns.launch").count() == 1
    just_before = leaves_at - timedelta(seconds=1)
    assert drain(connected, HANDLERS, now=lambda: just_before, on_refusal=ON_REFUSAL) == 0
    with client_scope(connected):
        launch = Launch.objects.get()
        assert launch.state == "planned"
        assert not {"campaign_id", "adgroup_id", "ad_id"} & set(launch.done)
    assert drain(connected, HANDLERS, now=lambda: leaves_at, on_refusal=ON_REFUSAL) == 1
    assert drain(connected, HANDLERS, now=lambda: leaves_at, on_refusal=ON_REFUSAL) == 0
    with client_scope(connected):
        launch = Launch.objects.get()
        assert (launch.state, launch.error) == ("live", "")
