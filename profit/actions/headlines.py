"""Choosing the figures on top of Profit."""

from collections.abc import Sequence

from profit.models import Headline
from profit.rules.definitions import BY_KEY, MOST
from sparkops.accounts.models import User
from sparkops.errors import Refusal


def pin_metrics(user: User, keys: Sequence[str]) -> Headline:
    """Remember which figures a person wants on top, in this order (U4); a taste, so not audited.

    Raises Refusal for none, more than five, or one that does not exist.
    """
    chosen = list(dict.fromkeys(keys))
    if not chosen or len(chosen) > MOST:
        raise Refusal("metrics", f"Choose one to {MOST} figures.", field="metrics")
    if any(key not in BY_KEY for key in chosen):
        raise Refusal("metrics", "One of these figures does not exist.", field="metrics")
    row, _ = Headline.objects.update_or_create(user=user, defaults={"metrics": chosen})
    return row
