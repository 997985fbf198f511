"""Posts whose right to spend ends, and what they made."""

from datetime import date, timedelta
from decimal import Decimal

from authorizations.actions.terms import record_terms
from creators.models import Post
from profit.models import DayTotal
from sparkops.catalog.models import Shop
from tests.factories import rights
from tests.factories.creators import make_product
from tests.factories.rights import NOW
from tests.sparkops.renewals import asking


def ending(item: str, handle: str, days: int, code: str, *, spend: str = "") -> Post:
    """A post whose code and terms end in so many days; ads spend on it."""
    post = rights.post(item, handle)
    rights.authorized(post, ends_at=NOW + timedelta(days=days), code=f"#{code}{rights.CODE[4:]}")
    record_terms(
        creator_id=post.creator_id or 0,
        post_id=post.pk,
        starts_on=date(2026, 9, 1),
        ends_on=date(2027, 6, 1),
        by=asking.MINA,
        now=NOW,
    )
    if spend:
        rights.spend(post, spend)
    return post


def earned(
    post: Post, per_day: str, currency: str = "USD", *, without_cost: str = "0", ads: str = "0"
) -> None:
    """Booked profit of the last seven full days: sales from which only `ads` is paid."""
    shop = Shop.objects.first() or make_product().shop
    for ago in range(1, 8):
        for account, amount in (
            ("gmv", per_day),
            ("ad_spend", ads),
            ("gmv_without_unit_cost", without_cost),
        ):
            if Decimal(amount):
                DayTotal.objects.create(
                    shop=shop,
                    basis="order",
                    day=NOW.date() - timedelta(days=ago),
                    account=account,
                    stage="estimate",
                    post=post,
                    amount=Decimal(amount),
                    currency=currency,
                )
