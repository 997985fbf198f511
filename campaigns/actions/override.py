"""Launching against the gate: by role, with a reason, audited (TA10)."""

from dataclasses import asdict, dataclass
from datetime import datetime

from campaigns.models import Launch
from campaigns.rules.launch import Check
from sparkops.audit.record import Actor, record
from sparkops.errors import Refusal
from sparkops.tenants.permissions import Permission, role_may


@dataclass(frozen=True)
class Override:
    """Launching against the gate: the reason, and the role of the person who gives it."""

    reason: str
    role: str


LEAST_REASON = 10


def need_override(override: Override) -> None:
    """Raises Refusal when the role may not override, or gives no reason."""
    if not role_may(override.role, Permission.CAMPAIGN_OVERRIDE):
        raise Refusal(
            "may_not_override",
            "Your role may not launch against the checks. Ask an account manager.",
        )
    if len(override.reason.strip()) < LEAST_REASON:
        raise Refusal("no_reason", "Say in a sentence why it is launched against the checks.")


def note_override(
    launch: Launch, override: Override, checks: list[Check], *, by: Actor, now: datetime
) -> None:
    """Keep on the launch, and in the log, what it is made against, by whom and why."""
    launch.overridden = [one.name for one in checks]
    launch.override_reason = override.reason.strip()
    record(
        "launch.gate_overridden",
        launch,
        by=by,
        now=now,
        reason=launch.override_reason,
        data={"role": override.role, "checks": [asdict(one) for one in checks]},
    )
