"""Rights of the cast's client, written through the same actions that production uses."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from authorizations.actions.reading import Listed, apply_readings
from authorizations.models import Authorization
from authorizations.rules.redemption import ReadBack
from creators.actions.known import know_posts
from creators.models import Post, PostDay
from sparkops.catalog.models import AdAccount
from sparkops.connections.models import Connection

NOW = datetime(2026, 9, 10, 18, 0, tzinfo=UTC)
CODE = "#AbCdEfGhIjKlMnOpQrStUvWxYz0123456789+/aBcDeFgHiJkLmNoPqRsTuVw="
OTHER_CODE = "#ZyXwVuTsRqPoNmLkJiHgFeDcBa9876543210+/zYxWvUtSrQpOnMlKjIhGfE="


def ad_account(advertiser_id: str = "7000000000000000001") -> AdAccount:
    """An ad account of the open scope's client."""
    connection, _ = Connection.objects.get_or_create(
        kind=Connection.Kind.ADS, defaults={"label": "Ads", "connected_at": NOW}
    )
    account, _ = AdAccount.objects.get_or_create(
        advertiser_id=advertiser_id,
        defaults={
            "connection": connection,
            "name": f"Account {advertiser_id[-2:]}",
            "currency": "USD",
            "timezone": "America/Los_Angeles",
            "utc_offset_minutes": -480,
        },
    )
    return account


def post(item_id: str = "7500000000000000001", handle: str = "maya.glow") -> Post:
    """A post of a creator."""
    ids = know_posts({item_id: handle}, now=NOW, source="test")
    return Post.objects.get(pk=ids[item_id])


def listed(
    of: Post,
    *,
    code: str = CODE,
    ends_at: datetime | None = NOW + timedelta(days=30),
    word: str = "AUTHORIZED",
    post_word: str = "HESITATE_RECOMMEND",
    duration: float = 31.0,
) -> Listed:
    """What TikTok's list says of a post."""
    return Listed(
        post_id=of.pk,
        creator_id=of.creator_id,
        item_id=of.item_id,
        code=code,
        identity_id=f"identity-{of.creator_id}",
        identity_type="AUTH_CODE",
        read=ReadBack(
            item_id=of.item_id,
            starts_at=NOW - timedelta(days=5),
            ends_at=ends_at,
            authorization_word=word,
            post_word=post_word,
            duration_seconds=duration,
        ),
    )


def read(*readings: Listed, account: AdAccount | None = None, now: datetime = NOW) -> None:
    """One page of the list of authorized posts, read at `now`."""
    apply_readings(readings, account or ad_account(), now=now)


def authorized(
    of: Post | None = None, *, ends_at: datetime, code: str = CODE, now: datetime = NOW
) -> Authorization:
    """A verified permission that TikTok lists."""
    of = of or post()
    read(listed(of, code=code, ends_at=ends_at), now=now)
    return Authorization.objects.filter(post=of).order_by("-generation").select_related("post")[0]


def spend(of: Post, per_day: str, *, before: datetime = NOW, days: int = 7) -> None:
    """Ad spend behind a post on each of the days before `before`."""
    PostDay.objects.bulk_create(
        PostDay(
            post=of,
            day=before.date() - timedelta(days=ago),
            paid_spend=Decimal(per_day),
            paid_currency="USD",
            observed_at=before,
        )
        for ago in range(1, days + 1)
    )
