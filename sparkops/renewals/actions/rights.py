"""Asking the creators of posts for rights that nobody has yet."""

from collections.abc import Sequence
from datetime import datetime

from authorizations.actions.requests import rights_to_ask
from creators.models import Post
from sparkops.audit.record import Actor
from sparkops.errors import Refusal
from sparkops.renewals.actions.runs import start_run
from sparkops.renewals.models import Run
from sparkops.renewals.queries.asks import MOST_AT_ONCE
from sparkops.renewals.queries.messages import Offer

TOO_MANY = f"These are more than {MOST_AT_ONCE:,} posts. Filter the list and ask in parts."
NOBODY_TO_ASK = (
    "Each of these posts has a permission, waits for one to be checked, or has no creator."
)


def request_rights(
    posts: Sequence[Post], offer: Offer, language: str, *, by: Actor, now: datetime
) -> Run:
    """A run that asks for each post without a permission; `language` "" is each creator's own.

    Raises Refusal for too many, for none, and when none of the posts can be asked about.
    """
    if len(posts) > MOST_AT_ONCE:
        raise Refusal("too_many", TOO_MANY)
    to_ask = rights_to_ask(posts, by=by, now=now)
    if posts and not to_ask.rows:
        raise Refusal("nobody", NOBODY_TO_ASK)
    return start_run(to_ask.rows, offer, language, by=by, now=now)
