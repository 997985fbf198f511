"""The sections of an evidence pack, read from the rows that hold them (N21).

Each section is a list of records of plain values; codes are masked, times ISO in UTC, money text.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Min, Model, Q, Sum

from authorizations.models import (
    Authorization,
    Case,
    Fee,
    Finding,
    Redemption,
    Sight,
    Transition,
    UsageTerms,
)
from campaigns.models import Ad, AdDay, GmvMaxDay, Incident
from creators.models import Post
from sparkops.audit.models import Event

Record = dict[str, Any]


def _post(post: Post) -> list[Record]:
    return [
        {
            "item_id": post.item_id,
            "url": post.url,
            "creator": post.creator.shown_handle if post.creator else "",
            "caption": post.caption,
            "availability": post.availability,
            "published_at": _plain(post.published_at),
            "first_seen_at": _plain(post.first_seen_at),
        }
    ]


def _terms(post: Post) -> list[Record]:
    """Whatever is stored of the terms, so that texts and hashes come along with their version."""
    rows = UsageTerms.objects.filter(
        Q(post=post) | Q(post=None, creator=post.creator, creator__isnull=False)
    )
    return [_whole(row) for row in rows.order_by("starts_on", "pk")]


def _generations(post: Post) -> list[Record]:
    rows = Authorization.objects.filter(post=post).order_by("kind", "generation", "pk")
    return [
        {
            "id": row.pk,
            "kind": row.kind,
            "method": row.method,
            "seen_in": row.evidence,
            "generation": row.generation,
            "state": row.state,
            "code": row.code_mask,
            "starts_at": _plain(row.starts_at),
            "ends_at": _plain(row.ends_at),
            "end_source": row.end_source,
            "stated_ends_at": _plain(row.stated_ends_at),
            "problem": row.problem,
            "source": row.source,
            "known_since": _plain(row.created_at),
            "ended_at": _plain(row.ended_at),
            "moves": [
                {
                    "at": _plain(move.at),
                    "from": move.before,
                    "to": move.after,
                    "by": move.actor,
                    "reason": move.reason,
                }
                for move in Transition.objects.filter(authorization=row).order_by("at", "pk")
            ],
        }
        for row in rows
    ]


def _redemptions(post: Post) -> list[Record]:
    rows = Redemption.objects.filter(authorization__post=post).select_related(
        "ad_account", "authorization"
    )
    return [
        {
            "authorization": row.authorization_id,
            "code": row.authorization.code_mask,
            "ad_account": row.ad_account.name,
            "advertiser_id": row.ad_account.advertiser_id,
            "state": row.state,
            "identity_type": row.identity_type,
            "tiktok_says": row.status_word,
            "problem": row.problem,
            "requested_at": _plain(row.requested_at),
            "answered_at": _plain(row.answered_at),
            "listed_at": _plain(row.listed_at),
        }
        for row in rows.order_by("pk")
    ]


def _fees(post: Post) -> list[Record]:
    rows = Fee.objects.filter(authorization__post=post).order_by("pk")
    return [_whole(row) for row in rows]


def _delivery(post: Post) -> list[Record]:
    """Per ad the first and the last day with spend or impressions, in days of its account."""
    days = Q(days__spend__gt=0) | Q(days__impressions__gt=0)
    ads = Ad.objects.filter(post=post).select_related("ad_account")
    ads = ads.annotate(
        first=Min("days__day", filter=days),
        last=Max("days__day", filter=days),
        total_days=Count("days", filter=days),
    )
    return [
        {
            "ad_id": ad.ad_id,
            "name": ad.name,
            "advertiser_id": ad.ad_account.advertiser_id,
            "ad_account": ad.ad_account.name,
            "state": ad.state,
            "identity_type": ad.identity_type,
            "first_day": _plain(ad.first),
            "last_day": _plain(ad.last),
            "days": ad.total_days,
        }
        for ad in ads.order_by("pk")
    ]


def _spend(post: Post) -> list[Record]:
    """Spend per day and account: of ads, and of GMV Max on this post, apart."""
    ads = (
        AdDay.objects.filter(ad__post=post, spend__gt=0)
        .values("day", "ad__ad_account__advertiser_id", "currency")
        .annotate(total=Sum("spend"))
        .order_by("day", "ad__ad_account__advertiser_id")
    )
    gmv_max = (
        GmvMaxDay.objects.filter(post=post, grain=GmvMaxDay.Grain.CREATIVE, cost__gt=0)
        .values("day", "campaign__ad_account__advertiser_id", "currency")
        .annotate(total=Sum("cost"))
        .order_by("day", "campaign__ad_account__advertiser_id")
    )
    rows = [("ads", row, "ad__ad_account__advertiser_id") for row in ads]
    rows += [("gmv_max", row, "campaign__ad_account__advertiser_id") for row in gmv_max]
    return [
        {
            "day": _plain(row["day"]),
            "advertiser_id": row[account],
            "by": by,
            "amount": _plain(row["total"]),
            "currency": row["currency"],
        }
        for by, row, account in rows
    ]


def _snapshots(post: Post) -> list[Record]:
    rows = Sight.objects.filter(post=post).select_related("ad_account").order_by("pk")
    return [{**_whole(row), "advertiser_id": row.ad_account.advertiser_id} for row in rows]


def _incidents(post: Post) -> list[Record]:
    found: list[Model] = [
        *Finding.objects.filter(post=post).order_by("pk"),
        *Case.objects.filter(post=post).order_by("pk"),
        *Incident.objects.filter(ad__post=post).order_by("pk"),
    ]
    return [{"record": row._meta.model_name, **_whole(row)} for row in found]


def _audit(post: Post) -> list[Record]:
    subjects = {
        "post": [post.pk],
        "authorization": Authorization.objects.filter(post=post).values_list("pk", flat=True),
        "usageterms": UsageTerms.objects.filter(post=post).values_list("pk", flat=True),
        "case": Case.objects.filter(post=post).values_list("pk", flat=True),
        "ad": Ad.objects.filter(post=post).values_list("pk", flat=True),
    }
    named = Q()
    for kind, ids in subjects.items():
        named |= Q(subject_type=kind, subject_id__in=[str(one) for one in ids])
    return [
        {
            "at": _plain(row.at),
            "actor": row.actor,
            "verb": row.verb,
            "subject": f"{row.subject_type} {row.subject_id}",
            "reason": row.reason,
            "data": row.data,
        }
        for row in Event.objects.filter(named).order_by("at", "id")
    ]


SECTIONS: Mapping[str, tuple[str, Callable[[Post], list[Record]]]] = {
    "post": ("Post", _post),
    "usage_terms": ("Usage terms", _terms),
    "generations": ("Code generations", _generations),
    "redemptions": ("Redemptions per ad account", _redemptions),
    "fees": ("Fees", _fees),
    "delivery": ("Delivery dates", _delivery),
    "spend": ("Spend per day and account", _spend),
    "snapshots": ("Snapshots of the post", _snapshots),
    "incidents": ("Incidents", _incidents),
    "audit": ("Audit trail", _audit),
}


def size_of(post_id: int) -> int:
    """About how many rows a pack of the post has: what decides who builds it."""
    return (
        AdDay.objects.filter(ad__post=post_id).count()
        + Sight.objects.filter(post=post_id).count()
        + Event.objects.filter(subject_type="post", subject_id=str(post_id)).count()
    )


def _whole(row: Model) -> Record:
    """Every stored value of a row but its client and secrets."""
    return {
        field.attname: _plain(getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if field.attname != "client_id" and field.get_internal_type() != "BinaryField"
    }


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
