"""Plans of posts that every gate lets through, and the links that clients approve them by."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from campaigns.actions import approval
from campaigns.actions import plans as actions
from campaigns.models import Plan
from creators.models import Post
from sparkops.audit.record import Actor
from sparkops.catalog.models import AdAccount
from tests.factories.ads import NOW, a_post, account, covered, redeemed

MINA = Actor("Mina", 7)


@dataclass(frozen=True)
class Ready:
    posts: list[Post]
    account: AdAccount


def two_ready() -> Ready:
    """Two posts that every gate lets through, in one account."""
    posts = [a_post(f"750000000000000000{n}", who) for n, who in enumerate(("maya", "noor"))]
    for post in posts:
        redeemed(covered(post, days=30))
    return Ready(posts, account())


def draft(ready: Ready, **changes: Any) -> actions.Draft:
    return actions.Draft(
        **{
            "name": "Serum push",
            "posts": ready.posts,
            "ad_account": ready.account,
            "objective": "VIDEO_VIEWS",
            "daily_budget": Decimal("60.00"),
            "starts_at": NOW + timedelta(hours=1),
            "ends_at": NOW + timedelta(days=7, hours=1),
            **changes,
        }
    )


def sent(ready: Ready, *, now: Any = NOW) -> tuple[Plan, str]:
    plan = actions.make_plan(draft(ready), by=MINA, now=now)
    actions.propose(plan, by=MINA, now=now)
    actions.confirm(plan, by=MINA, now=now)
    _, token = approval.make_link(plan, recipient="Ada of Glow", by=MINA, now=now)
    return Plan.objects.get(pk=plan.pk), token
