"""Removing a post from an ad account: the creator's code itself stays valid."""

from datetime import datetime

from authorizations.actions.reading import end_if_nowhere
from authorizations.models import Redemption
from sparkops.audit.record import Actor, record
from sparkops.errors import Refusal
from sparkops.outbox.queue import put

UNBIND = "authorizations.unbind"


def ask_to_unbind(redemption: Redemption, *, by: Actor, now: datetime) -> None:
    """Ask TikTok to remove the post; raises Refusal when the account does not have it.

    TikTok refuses while an ad uses the post; its words are then shown on the account's line.
    """
    if redemption.state != Redemption.State.REDEEMED or redemption.authorization.post_id is None:
        raise Refusal("not_redeemed", "This ad account does not use the post through a code.")
    record("authorization.removal_requested", redemption.authorization, by=by, now=now)
    key = f"{UNBIND}:{redemption.pk}:{now.isoformat()}"
    put(UNBIND, key, {"redemption": redemption.pk}, by=by, now=now)


def record_unbound(redemption_id: int, *, by: str, now: datetime) -> None:
    """Take note that the ad account no longer has the post."""
    redemption = Redemption.objects.select_related("authorization").get(pk=redemption_id)
    if redemption.state == Redemption.State.UNBOUND:
        return
    redemption.state = Redemption.State.UNBOUND.value
    redemption.problem_code, redemption.problem = "", ""
    redemption.answered_at = now
    redemption.save()
    end_if_nowhere(redemption.authorization, f"{by} removed it from the last ad account.", now)
