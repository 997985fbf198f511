"""Ad days as facts: Spark ads by ad, GMV Max by creative with the rest of each campaign."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import timedelta, timezone
from decimal import Decimal

from authorizations.models import Authorization, UsageTerms
from campaigns.models import AdDay, GmvMaxDay
from profit.rules import facts
from sparkops.catalog.models import AdAccount
from sparkops.money import ZERO, allocate, round_money


def ad_rows(days: Collection[AdDay]) -> dict[int, facts.AdRow]:
    """The row of each ad day, by the day's own key."""
    return {
        day.pk: facts.AdRow(
            row_id=f"{day.ad.ad_id}-{day.day.isoformat()}",
            day=day.day,
            ad_account_id=day.ad.ad_account.advertiser_id,
            offset=offset_of(day.ad.ad_account),
            campaign_kind=facts.SPARK if day.ad.item_id else "in_feed",
            campaign_id=day.ad.ad_group.campaign.campaign_id,
            cost=day.spend,
            currency=day.currency,
            credit_used=day.credit,
            platform_gross_revenue=day.claimed_revenue,
            ad_id=day.ad.ad_id,
            post_id=day.ad.post.item_id if day.ad.post else None,
            stage=facts.Stage.SETTLED,
            reference=f"Ad {day.ad.ad_id}, report of {day.day.isoformat()}",
        )
        for day in days
    }


def gmv_max_rows(days: Iterable[GmvMaxDay]) -> list[facts.AdRow]:
    """Rows of whole campaign days: one per creative with cost, and one for what is left.

    The credit of a day (cost less net cost) is spread over its rows by their cost, because TikTok
    gives it per campaign only (contract 7.3). Give every row of the campaign days asked for.
    """
    by_day: dict[tuple[int, object], list[GmvMaxDay]] = defaultdict(list)
    for day in days:
        by_day[(day.campaign_id, day.day)].append(day)
    return [row for rows in by_day.values() for row in _campaign_day(rows)]


def _campaign_day(rows: list[GmvMaxDay]) -> Iterable[facts.AdRow]:
    whole = next((row for row in rows if row.grain == GmvMaxDay.Grain.CAMPAIGN), None)
    if whole is None:
        return []
    creatives = [row for row in rows if row.grain == GmvMaxDay.Grain.CREATIVE and row.cost]
    spent = sum((row.cost for row in creatives), ZERO)
    costs = {row.key: row.cost for row in creatives}
    rest = whole.cost - spent
    if rest != ZERO:
        costs["rest"] = rest
    credits = _credits(whole, costs)
    by_key = {row.key: row for row in creatives}
    return [
        _row(whole, by_key.get(key), key, cost, credits.get(key, ZERO))
        for key, cost in costs.items()
    ]


def _credits(whole: GmvMaxDay, costs: dict[str, Decimal]) -> dict[str, Decimal]:
    if whole.net_cost is None or not costs:
        return {}
    credit = round_money(whole.cost - whole.net_cost, whole.currency)
    weights = {key: max(cost, ZERO) for key, cost in costs.items()}
    return allocate(credit, weights, whole.currency)


def _row(
    whole: GmvMaxDay, row: GmvMaxDay | None, key: str, cost: Decimal, credit: Decimal
) -> facts.AdRow:
    campaign = whole.campaign
    return facts.AdRow(
        row_id=f"gmv-{campaign.campaign_id}-{whole.day.isoformat()}-{key}",
        day=whole.day,
        ad_account_id=campaign.ad_account.advertiser_id,
        offset=offset_of(campaign.ad_account),
        campaign_kind=campaign.kind,
        campaign_id=campaign.campaign_id,
        cost=cost,
        currency=whole.currency,
        credit_used=credit,
        # The campaign's claim is stored once, with what has no creative.
        platform_gross_revenue=row.gross_revenue if row else ZERO,
        post_id=row.post.item_id if row and row.post else None,
        product_id=row.product.product_id if row and row.product else None,
        stage=facts.Stage.SETTLED,
        reference=f"GMV Max {campaign.campaign_id}, report of {whole.day.isoformat()}",
    )


def offset_of(account: AdAccount) -> timezone:
    """The account's fixed offset (P5)."""
    return timezone(timedelta(minutes=account.utc_offset_minutes))


def permissions_of(
    item_ids: Collection[str],
) -> tuple[list[facts.Authorization], list[facts.UsageRights]]:
    """Platform permissions and usage rights of posts, for P28."""
    rows = (
        Authorization.objects.filter(post__item_id__in=item_ids)
        .exclude(starts_at=None)
        .select_related("post")
    )
    windows = [
        facts.Authorization(
            authorization_id=str(row.pk),
            post_id=row.post.item_id,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
        )
        for row in rows
        if row.post is not None and row.starts_at is not None
    ]
    terms = (
        UsageTerms.objects.filter(post__item_id__in=item_ids)
        .exclude(ends_on=None)
        .select_related("post")
    )
    rights = [
        facts.UsageRights(
            usage_rights_id=str(row.pk),
            post_id=row.post.item_id,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
        )
        for row in terms
        if row.post is not None and row.ends_on is not None
    ]
    return windows, rights
