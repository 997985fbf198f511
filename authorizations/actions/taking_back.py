"""Taking back a code that was handed in by mistake and that nobody used."""

from datetime import datetime

from django.db import connection

from authorizations.actions.hand_in import REDEEM
from authorizations.models import Authorization, Redemption
from sparkops.audit.record import Actor, record
from sparkops.errors import Refusal
from sparkops.outbox.models import Command

UNUSED = (Authorization.State.SUBMITTED, Authorization.State.REJECTED)


def take_back(authorization: Authorization, *, by: Actor, now: datetime) -> None:
    """Remove a code as if it had never been handed in; commands that wait are canceled.

    Nothing outside the rights ledger may refer to the row any more. Raises Refusal when TikTok has
    confirmed the code, is being asked, or when the row is part of a chain.
    """
    row = Authorization.objects.select_for_update().get(pk=authorization.pk)
    if row.state not in UNUSED or row.generation > 1 or hasattr(row, "next"):
        raise Refusal(
            "code_in_use", f"Code {row.code_mask} is {row.get_state_display().lower()} by now."
        )
    redemptions = list(row.redemptions.select_for_update())
    if any(one.state == Redemption.State.REDEEMED for one in redemptions):
        raise Refusal("code_in_use", f"Code {row.code_mask} is redeemed in an ad account.")
    _cancel(row, redemptions, now)
    record("authorization.taken_back", row, by=by, now=now)
    row.reminders.all().delete()
    row.redemptions.all().delete()
    # The app may not delete moves; the database lets them go with their row.
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM authorizations_authorization WHERE id = %s", [row.pk])


def _cancel(row: Authorization, redemptions: list[Redemption], now: datetime) -> None:
    commands = Command.objects.select_for_update().filter(
        kind=REDEEM, payload__redemption__in=[one.pk for one in redemptions]
    )
    open_states = (Command.State.WAITING, Command.State.SENDING)
    waiting = [one for one in commands if one.state in open_states]
    if any(one.state == Command.State.SENDING for one in waiting):
        raise Refusal("code_in_use", f"TikTok is just being asked for code {row.code_mask}.")
    Command.objects.filter(pk__in=[one.pk for one in waiting]).update(
        state=Command.State.CANCELED, finished_at=now
    )
