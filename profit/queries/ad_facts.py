"""Facts of ad days: Ads Manager ads per day, GMV Max campaigns per day, permission."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from django.db.models import Q

from authorizations.models import Authorization, UsageTerms
from campaigns.models import AdDay, Campaign, GmvMaxDay
from creators.models import Post
from profit.rules import facts
from sparkops.catalog.models import Shop
from sparkops.money import ZERO

FOREVER = datetime(9999, 1, 1, tzinfo=UTC)
NO_PERMISSION = (
    Authorization.State.DRAFT,
    Authorization.State.REQUESTED,
    Authorization.State.REJECTED,
)
# Given without an end: they last until they are switched off.
OPEN_ENDED = (Authorization.Kind.ACCOUNT, Authorization.Kind.AFFILIATE_CREATIVE)
REST = "rest"


@dataclass(frozen=True)
class Permission:
    """P28 facts of some posts; None where the client keeps no such records at all."""

    authorizations: tuple[facts.Authorization, ...] | None
    usage_rights: tuple[facts.UsageRights, ...] | None


def ad_day_subject(ad_id: str, day: date) -> str:
    """How an ad's day is named in the queue and in the ledger."""
    return f"{ad_id}:{day.isoformat()}"


def ad_rows(shop: Shop, subjects: Collection[str]) -> dict[str, facts.AdRow]:
    """Ad days of the shop by subject. One query."""
    pairs = dict(_parsed(subjects))
    days = AdDay.objects.filter(
        ad__ad_id__in={subject.rpartition(":")[0] for subject in pairs},
        day__in=set(pairs.values()),
        ad__ad_account__shop=shop,
    ).select_related("ad__ad_account", "ad__ad_group__campaign", "ad__post")
    found = {ad_day_subject(row.ad.ad_id, row.day): row for row in days}
    return {subject: _ad_row(subject, row) for subject, row in found.items() if subject in pairs}


def gmv_rows(shop: Shop, subjects: Collection[str]) -> dict[str, list[facts.AdRow]]:
    """GMV Max days of the shop by subject, each as rows that sum to the campaign's day. One query.

    Creative rows come first; without any, product rows. What they leave of the campaign's own
    number is one more row without a post, so exactly the campaign's cost is booked.
    """
    pairs = dict(_parsed(subjects))
    days = GmvMaxDay.objects.filter(
        campaign__campaign_id__in={subject.rpartition(":")[0] for subject in pairs},
        day__in=set(pairs.values()),
        campaign__ad_account__shop=shop,
    ).select_related("campaign__ad_account", "product", "post")
    found: dict[str, list[GmvMaxDay]] = {}
    for row in days.order_by("grain", "key"):
        found.setdefault(ad_day_subject(row.campaign.campaign_id, row.day), []).append(row)
    return {
        subject: list(_campaign_day(subject, rows))
        for subject, rows in found.items()
        if subject in pairs
    }


def promoted_products(rows: Iterable[GmvMaxDay]) -> tuple[str, ...]:
    """The products a GMV Max campaign promoted on a day, as its report names them."""
    return tuple(sorted({row.product.product_id for row in rows if row.product is not None}))


def rest_row_id(campaign_id: str, day: date) -> str:
    """The row of what a GMV Max campaign spent beyond its creatives."""
    return f"gmv-{campaign_id}-{day.isoformat()}-{REST}"


def reports_gmv_max(shop: Shop) -> bool:
    """Whether an ad account reports GMV Max cost of this shop, so that a settlement need not."""
    return Campaign.objects.filter(
        ad_account__shop=shop,
        kind__in=[Campaign.Kind.GMV_MAX_PRODUCT, Campaign.Kind.GMV_MAX_LIVE],
    ).exists()


def permission_of(item_ids: Collection[str]) -> Permission:
    """Authorizations and usage rights of posts, those of their creators' accounts included."""
    posts = list(Post.objects.filter(item_id__in=set(item_ids)))
    creators = {post.creator_id for post in posts if post.creator_id}
    of_posts = Q(post__in=posts) | Q(post=None, creator__in=creators)
    authorizations = list(Authorization.objects.filter(of_posts).exclude(state__in=NO_PERMISSION))
    terms = list(UsageTerms.objects.filter(of_posts))
    keeps_permissions = bool(authorizations) or Authorization.objects.exists()
    keeps_terms = bool(terms) or UsageTerms.objects.exists()
    return Permission(
        tuple(_authorizations(authorizations, posts)) if keeps_permissions else None,
        tuple(_rights(terms, posts)) if keeps_terms else None,
    )


def _parsed(subjects: Iterable[str]) -> Iterator[tuple[str, date]]:
    for subject in subjects:
        yield subject, date.fromisoformat(subject.rpartition(":")[2])


def _ad_row(subject: str, row: AdDay) -> facts.AdRow:
    ad, account = row.ad, row.ad.ad_account
    campaign = ad.ad_group.campaign
    return facts.AdRow(
        row_id=subject,
        day=row.day,
        ad_account_id=account.advertiser_id,
        offset=account.zone,
        campaign_kind=campaign.kind,
        campaign_id=campaign.campaign_id,
        cost=row.spend,
        currency=row.currency,
        credit_used=row.credit,
        platform_gross_revenue=row.claimed_revenue,
        ad_id=ad.ad_id,
        post_id=ad.post.item_id if ad.post else None,
        reference=f"Ad {ad.ad_id} on {row.day}, ad account {account.advertiser_id}",
    )


def _campaign_day(subject: str, rows: Sequence[GmvMaxDay]) -> Iterator[facts.AdRow]:
    grains = GmvMaxDay.Grain
    whole = next((row for row in rows if row.grain == grains.CAMPAIGN), None)
    finer = [row for row in rows if row.grain == grains.CREATIVE]
    finer = finer or [row for row in rows if row.grain == grains.PRODUCT]
    for row in finer:
        yield _gmv_row(row, f"gmv-{row.campaign.campaign_id}-{row.day}-{row.key}", row.cost)
    if whole is None:
        return
    yield _gmv_row(
        whole,
        rest_row_id(whole.campaign.campaign_id, whole.day),
        whole.cost - sum((row.cost for row in finer), ZERO),
        credit=_credit(whole) - sum((_credit(row) for row in finer), ZERO),
        claimed=whole.gross_revenue - sum((row.gross_revenue for row in finer), ZERO),
        promoted=promoted_products(finer),
    )


def _credit(row: GmvMaxDay) -> Decimal:
    """TikTok's net cost leaves out what credits and coupons paid (P23)."""
    return ZERO if row.net_cost is None else row.cost - row.net_cost


def _gmv_row(
    row: GmvMaxDay,
    row_id: str,
    cost: Decimal,
    *,
    credit: Decimal | None = None,
    claimed: Decimal | None = None,
    promoted: tuple[str, ...] = (),
) -> facts.AdRow:
    account = row.campaign.ad_account
    return facts.AdRow(
        row_id=row_id,
        day=row.day,
        ad_account_id=account.advertiser_id,
        offset=account.zone,
        campaign_kind=row.campaign.kind,
        campaign_id=row.campaign.campaign_id,
        cost=cost,
        currency=row.currency,
        credit_used=_credit(row) if credit is None else credit,
        platform_gross_revenue=row.gross_revenue if claimed is None else claimed,
        post_id=row.post.item_id if row.post else None,
        product_id=row.product.product_id if row.product else None,
        promoted_products=promoted,
        reference=f"GMV Max {row.campaign.campaign_id} on {row.day}, "
        f"ad account {account.advertiser_id}",
    )


def _authorizations(
    rows: Iterable[Authorization], posts: Sequence[Post]
) -> Iterator[facts.Authorization]:
    for row in rows:
        ends = row.ends_at
        if ends is None and row.kind in OPEN_ENDED:
            ends = FOREVER
        if row.ended_at is not None:
            ends = min(ends or FOREVER, row.ended_at)
        for post in _covered(row.post_id, row.creator_id, posts):
            yield facts.Authorization(
                authorization_id=str(row.pk),
                post_id=post.item_id,
                starts_at=row.starts_at or row.verified_at or row.created_at,
                ends_at=ends,
            )


def _rights(rows: Iterable[UsageTerms], posts: Sequence[Post]) -> Iterator[facts.UsageRights]:
    for row in rows:
        for post in _covered(row.post_id, row.creator_id, posts):
            yield facts.UsageRights(
                usage_rights_id=str(row.pk),
                post_id=post.item_id,
                starts_on=row.starts_on,
                ends_on=row.ends_on or date.max,
            )


def _covered(post_id: int | None, creator_id: int | None, posts: Sequence[Post]) -> Iterator[Post]:
    """The one post, or every post of the creator."""
    for post in posts:
        if post.pk == post_id or (post_id is None and post.creator_id == creator_id):
            yield post
