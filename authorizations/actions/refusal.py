"""A redemption that TikTok refused."""

from datetime import datetime

from authorizations.actions.moves import move_if_allowed
from authorizations.actions.watching import TIKTOK
from authorizations.models import Redemption
from authorizations.rules.redemption import Outcome


def record_refusal(redemption: Redemption, outcome: Outcome, *, now: datetime) -> None:
    """Keep the answer with the account it came from.

    The authorization itself changes only when no other account has it: a refusal in one account
    says nothing of the others.
    """
    redemption.state = (
        Redemption.State.RETRY.value if outcome.retry else Redemption.State.REFUSED.value
    )
    redemption.problem_code = outcome.code
    redemption.problem = f"{outcome.sentence} {outcome.next_action}".strip()
    redemption.read_back = {"tiktok_says": outcome.tiktok_says}
    redemption.answered_at = now
    redemption.save()
    authorization = redemption.authorization
    if authorization.redemptions.filter(state=Redemption.State.REDEEMED).exists():
        return
    authorization.problem_code, authorization.problem = outcome.code, outcome.sentence
    authorization.next_action = outcome.next_action
    authorization.checked_at = now
    authorization.save()
    if outcome.state is not None:
        move_if_allowed(
            authorization, outcome.state.value, by=TIKTOK, now=now, reason=outcome.sentence
        )
