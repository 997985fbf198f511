"""Launching the lines of an approved plan, and sending again those that did not get through."""

from datetime import datetime

from campaigns.actions.gmv_max_launch import launch_gmv_max, resume_gmv_max
from campaigns.actions.launch import STOPPED, plan_launch, resume_launch
from campaigns.actions.override import Override
from campaigns.actions.plans import as_launch
from campaigns.models import Launch, Plan, PlanLine
from campaigns.queries.plans import campaigns_of, lines_of
from sparkops.audit.record import Actor, record
from sparkops.errors import Refusal


def launch_line(
    line: PlanLine, *, by: Actor, now: datetime, leaves_at: datetime | None = None
) -> None:
    """Launch one line through the gate, with the override that was approved with it."""
    override = Override(line.override_reason, line.override_role) if line.override_reason else None
    line.launch = plan_launch(
        as_launch(line), by=by, now=now, override=override, leaves_at=leaves_at
    )
    line.save(update_fields=["launch"])


def retry_failed(plan: Plan, *, by: Actor, now: datetime) -> int:
    """Send again every launch of an approved plan that stopped or was refused; how many.

    One that stopped goes on where it stopped. A refused one is held against the gate as it is now.
    Raises Refusal when the plan is not approved or nothing failed.
    """
    if plan.state != Plan.State.APPROVED:
        raise Refusal("wrong_state", "Only launches of an approved plan can be tried again.")
    tried, leaves_at = 0, plan.launches_at if plan.can_be_undone(now) else None
    for line in lines_of(plan):
        if line.launch is not None and line.launch.state in STOPPED:
            resume_launch(line.launch, by=by, now=now)
        elif line.launch is not None and line.launch.state == Launch.State.REFUSED:
            launch_line(line, by=by, now=now, leaves_at=leaves_at)
        else:
            continue
        tried += 1
    for row in campaigns_of(plan):
        if row.state in STOPPED:
            resume_gmv_max(row, by=by, now=now)
        elif row.state == Launch.State.REFUSED:
            launch_gmv_max(row, by=by, now=now, leaves_at=leaves_at)
        else:
            continue
        tried += 1
    if not tried:
        raise Refusal("none_failed", "No launch of this plan has failed.")
    record("plan.retried", plan, by=by, now=now, data={"launches": tried})
    return tried
