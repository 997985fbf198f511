"""Asking for the next window."""

from datetime import datetime

from authorizations.actions.moves import begin, move
from authorizations.models import Authorization
from sparkops.alerts.actions import resolve_alerts
from sparkops.audit.record import Actor, record
from sparkops.errors import Refusal

OPEN = ("draft", "requested", "submitted")
ALERTS = ("authorization.expiring", "authorization.ended")
"""What a request answers."""


def request_renewal(
    authorization: Authorization, *, by: Actor, now: datetime, days: int = 30
) -> Authorization:
    """Open the next generation as requested; a request that is open already is returned.

    Raises Refusal for a permission without a post, which is renewed by linking the account again.
    """
    return open_request(authorization, by=by, now=now, days=days)[0]


def open_request(
    authorization: Authorization, *, by: Actor, now: datetime, days: int = 30
) -> tuple[Authorization, bool]:
    """The open request of the chain, and whether it was opened now. Raises Refusal like
    `request_renewal`."""
    if authorization.post_id is None:
        raise Refusal(
            "no_post", "This permission is not of one post. Ask the creator to link the account."
        )
    chain = list(
        Authorization.objects.filter(
            post_id=authorization.post_id, kind=Authorization.Kind.VIDEO_CODE
        ).order_by("generation", "pk")
    )
    waiting = next((row for row in chain if row.state in OPEN), None)
    if waiting is not None and waiting.state == Authorization.State.DRAFT:
        move(waiting, "requested", by=by, now=now, reason=f"{days} days were requested.")
        return waiting, True
    if waiting is not None:
        return waiting, False
    newest = chain[-1] if chain else None
    request = Authorization(
        kind=Authorization.Kind.VIDEO_CODE.value,
        state=Authorization.State.REQUESTED.value,
        post_id=authorization.post_id,
        creator_id=authorization.creator_id,
        previous=newest,
        generation=newest.generation + 1 if newest else 1,
        requested_days=days,
        source="renewal",
    )
    begin(request, by=by, now=now, reason=f"Renewal of {days} days was requested.")
    record("authorization.renewal_requested", authorization, by=by, now=now, data={"days": days})
    resolve_alerts(authorization, now=now, kinds=ALERTS)
    return request, True
