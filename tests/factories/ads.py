"""Ads of the cast's client with days, as the sync would have written them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from authorizations.models import Authorization, Redemption, UsageTerms
from campaigns.models import Ad, AdDay, AdGroup, Campaign, GmvMaxDay
from creators.actions.known import know_posts
from creators.models import Post, PostProduct
from sparkops.catalog.models import AdAccount, Product, ProductTarget, Shop
from sparkops.connections.models import Connection

NOW = datetime(2026, 9, 10, 18, 0, tzinfo=UTC)


def account(advertiser_id: str = "7000000000000000001", *, currency: str = "USD") -> AdAccount:
    """An ad account of the open scope's client."""
    connection, _ = Connection.objects.get_or_create(
        kind=Connection.Kind.ADS,
        defaults={"label": "Ads", "connected_at": NOW, "access_token": b""},
    )
    found, _ = AdAccount.objects.get_or_create(
        advertiser_id=advertiser_id,
        defaults={
            "connection": connection,
            "name": f"Account {advertiser_id[-2:]}",
            "currency": currency,
            "timezone": "America/Los_Angeles",
            "utc_offset_minutes": -480,
        },
    )
    return found


def a_post(item_id: str = "7500000000000000001", handle: str = "maya.glow") -> Post:
    """A public post of a creator."""
    ids = know_posts({item_id: handle}, now=NOW, source="test")
    Post.objects.filter(pk=ids[item_id]).update(availability="public", duration_seconds=31)
    return Post.objects.select_related("creator").get(pk=ids[item_id])


def an_ad(
    name: str,
    post: Post | None = None,
    *,
    state: str = "live",
    word: str = "AD_STATUS_DELIVERY_OK",
    switched: str = "ENABLE",
    of: AdAccount | None = None,
) -> Ad:
    """An ad in a campaign and ad group of its own."""
    of = of or account()
    number = f"{Ad.objects.count() + 1:04d}"
    campaign = Campaign.objects.create(
        ad_account=of, campaign_id=f"c{number}", name=name, kind="spark", seen_at=NOW
    )
    group = AdGroup.objects.create(
        campaign=campaign, adgroup_id=f"g{number}", name=name, seen_at=NOW
    )
    return Ad.objects.create(
        ad_group=group,
        ad_account=of,
        post=post,
        ad_id=f"a{number}",
        name=name,
        item_id=post.item_id if post else "",
        state=state,
        secondary_status=word,
        operation_status=switched,
        created_at=NOW,
        seen_at=NOW,
    )


def a_day(ad: Ad, ago: int, spend: str, *, now: datetime = NOW, **numbers: int | Decimal) -> AdDay:
    """Numbers of one day, `ago` days before `now`."""
    return AdDay.objects.create(
        ad=ad,
        day=(now - timedelta(days=ago)).date(),
        currency=ad.ad_account.currency,
        spend=Decimal(spend),
        read_at=now,
        **numbers,
    )


def covered(post: Post, *, days: int = 30, now: datetime = NOW) -> Authorization:
    """A verified Spark code and usage terms on a post, for `days` from `now`."""
    UsageTerms.objects.create(
        creator_id=post.creator_id,
        post=post,
        starts_on=(now - timedelta(days=5)).date(),
        ends_on=(now + timedelta(days=days + 30)).date(),
        hold_until=(now + timedelta(days=days + 37)).date(),
        created_at=now,
    )
    return Authorization.objects.create(
        post=post,
        creator_id=post.creator_id,
        kind="video_code",
        state="verified",
        starts_at=now - timedelta(days=5),
        ends_at=now + timedelta(days=days),
        end_source="api",
        created_at=now,
    )


def redeemed(right: Authorization, of: AdAccount | None = None) -> AdAccount:
    """The ad account after it has redeemed the code of a right."""
    of = of or account()
    Redemption.objects.create(
        authorization=right,
        ad_account=of,
        state="redeemed",
        identity_id="i1",
        identity_type="AUTH_CODE",
        requested_at=right.created_at,
    )
    return of


def gmv_max_day(name: str, post: Post, cost: str, *, now: datetime = NOW) -> Campaign:
    """A GMV Max campaign that spent `cost` yesterday, all of it on one post."""
    campaign = Campaign.objects.create(
        ad_account=account(),
        campaign_id=f"g{Campaign.objects.count()}",
        name=name,
        kind="gmv_max_product",
        operation_status="ENABLE",
        seen_at=now,
    )
    for grain, key, of in (("campaign", "", None), ("creative", "p/1", post)):
        GmvMaxDay.objects.create(
            campaign=campaign,
            day=(now - timedelta(days=1)).date(),
            grain=grain,
            key=key,
            post=of,
            currency="USD",
            cost=Decimal(cost),
            gross_revenue=3 * Decimal(cost),
            read_at=now,
        )
    return campaign


def needs(post: Post, roas: str, *, product_id: str = "p1", now: datetime = NOW) -> None:
    """Link a product to a post and publish the ROAS at which it breaks even."""
    shop, _ = Shop.objects.get_or_create(
        shop_id="shop1",
        defaults={"connection": account().connection, "name": "Glow", "market": "US",
                  "currency": "USD", "timezone": "America/Los_Angeles"},
    )  # fmt: skip
    product, _ = Product.objects.get_or_create(
        shop=shop, product_id=product_id, defaults={"title": f"Product {product_id}"}
    )
    PostProduct.objects.create(post=post, product=product)
    ProductTarget.objects.update_or_create(
        product=product,
        as_of=now.date(),
        defaults={"currency": "USD", "break_even_roas": Decimal(roas)},
    )
