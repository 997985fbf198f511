"""The five answers, for one client and for a portfolio, from the same queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import F, QuerySet
from django.urls import reverse

from authorizations.queries import RightsAnswer, rights_answers
from campaigns.queries import LiveAnswer, live_answers
from creators.queries import PostedAnswer, posted_answers
from profit.queries.today import ProductAnswer, product_answers
from sparkops.alerts.kinds import PERSONAL
from sparkops.alerts.models import Alert
from sparkops.clock import shop_day, shop_day_start
from sparkops.connections.models import Connection
from sparkops.landing.models import Cursor
from sparkops.landing.queries import lost_sentence
from sparkops.tenants.models import Client

DAYS = 30
NOBODY = PostedAnswer(0, 0, 0)
NO_RIGHTS = RightsAnswer(0, 0, 0, 0, 0)
NOT_LIVE = LiveAnswer(0, 0, 0, 0)
NO_PRODUCTS = ProductAnswer(0, 0, 0, {}, None)
# The streams behind each answer, in the order of the cards.
BEHIND = (
    ("post_numbers",),
    ("authorized_posts",),
    ("ads",),
    ("authorized_posts",),
    ("orders", "ad_days"),
)


@dataclass(frozen=True)
class Answers:
    """The five answers of one client. `unread` names the answers that no data is behind yet."""

    client: Client
    posted: PostedAnswer
    rights: RightsAnswer
    live: LiveAnswer
    products: ProductAnswer
    unread: tuple[bool, ...]
    late: tuple[str, ...]


def answers_for(clients: Iterable[Client], *, now: datetime) -> list[Answers]:
    """The answers of several clients in a fixed number of queries.

    The last 30 days end today in each client's zone; the widest window is asked for and zones
    differ by less than a day, so each zone is asked once.
    """
    rights, live, products = rights_answers(now), live_answers(now), product_answers()
    unread, late = _streams()
    posted: dict[str, dict[int, PostedAnswer]] = {}
    found = []
    for client in clients:
        if client.timezone not in posted:
            posted[client.timezone] = posted_answers(*_window(client, now))
        missing = unread.get(client.pk, set())
        known = client.pk in unread
        found.append(
            Answers(
                client=client,
                posted=posted[client.timezone].get(client.pk, NOBODY),
                rights=rights.get(client.pk, NO_RIGHTS),
                live=live.get(client.pk, NOT_LIVE),
                products=products.get(client.pk, NO_PRODUCTS),
                unread=tuple(
                    not known or any(name in missing for name in names) for names in BEHIND
                ),
                late=late.get(client.pk, ()),
            )
        )
    return found


def _window(client: Client, now: datetime) -> tuple[datetime, datetime]:
    today = shop_day(now, client.timezone)
    first = shop_day_start(today - timedelta(days=DAYS - 1), client.timezone)
    return first, shop_day_start(today + timedelta(days=1), client.timezone)


def _streams() -> tuple[dict[int, set[str]], dict[int, tuple[str, ...]]]:
    """Streams that were never read, and what is late, per client."""
    unread: dict[int, set[str]] = {}
    problems: dict[int, list[str]] = {}
    lost: dict[int, dict[tuple[str, str], list[str]]] = {}
    wanted = {name for names in BEHIND for name in names}
    seen: dict[int, set[str]] = {}
    rows = Cursor.objects.values_list(
        "client_id",
        "stream",
        "last_ok_at",
        "last_error",
        "connection__state",
        "connection__label",
        "connection__lost_reason",
    ).order_by("connection__label", "stream", "part")
    for client_id, stream, last_ok_at, error, state, label, reason in rows:
        if state == Connection.State.LOST:
            lost.setdefault(client_id, {}).setdefault((label, reason), []).append(stream)
        if stream not in wanted:
            continue
        unread.setdefault(client_id, set())
        seen.setdefault(client_id, set()).add(stream)
        if last_ok_at is None:
            unread[client_id].add(stream)
        if error and state != Connection.State.LOST:
            problems.setdefault(client_id, []).append(_since(f"{label}: {error}", last_ok_at))
    for client_id in unread:
        unread[client_id] |= wanted - seen[client_id]
    for client_id, connections in lost.items():
        problems.setdefault(client_id, []).extend(
            lost_sentence(label, reason, streams)
            for (label, reason), streams in connections.items()
        )
    return unread, {key: tuple(dict.fromkeys(some)) for key, some in problems.items()}


def _since(sentence: str, last_ok_at: datetime | None) -> str:
    if last_ok_at is None:
        return sentence
    return f"{sentence} The numbers are from {last_ok_at:%d %b %Y %H:%M} UTC."


def cards(one: Answers) -> list[dict[str, object]]:
    """The five cards of a client as the template draws them; each leads to the exact list."""
    slug = one.client.slug
    rights = reverse("authorizations:list", kwargs={"client": slug})
    ads = reverse("campaigns:list", kwargs={"client": slug})
    products = reverse("profit:table", kwargs={"client": slug, "view": "products"})
    creators = reverse("creators:creators", kwargs={"client": slug})
    sold = one.products.made_money + one.products.lost_money + one.products.unknown
    made = [
        {
            "question": "Which creators posted?",
            "icon_name": "users",
            "url": f"{creators}?posted=30",
            "value": one.posted.creators,
            "of": f"of {one.posted.all_creators} known",
            "fact": f"{one.posted.posts} posts in {DAYS} days",
        },
        {
            "question": "Which posts are authorized?",
            "icon_name": "key",
            "url": f"{rights}?tab=usable",
            "value": one.rights.authorized_posts,
            "of": "posts",
            "fact": f"{one.rights.unverified} waiting for TikTok" if one.rights.unverified else "",
        },
        {
            "question": "What is live in paid?",
            "icon_name": "mega",
            "url": f"{ads}?tab=live",
            "value": one.live.live_ads,
            "of": f"ads on {one.live.live_posts} posts",
            "fact": f"{one.live.lost_permission} lost permission"
            if one.live.lost_permission
            else "",
            "fact_tone": "bad",
            "more": f"{one.live.gmv_max_posts} posts in GMV Max",
        },
        {
            "question": "What expired or will?",
            "icon_name": "hourglass",
            "url": f"{rights}?tab=expiring",
            "value": one.rights.expiring_30,
            "of": f"end in {DAYS} days",
            "fact": f"{one.rights.expiring_7} within 7 days" if one.rights.expiring_7 else "",
            "fact_tone": "warn",
            "more": f"{one.rights.ended_30} ended lately",
        },
        {
            "question": "Which products made money?",
            "icon_name": "dollar",
            "url": f"{products}?days={DAYS}",
            "value": one.products.made_money,
            "of": f"of {sold} sold",
            "fact": f"{one.products.lost_money} lost money" if one.products.lost_money else "",
            "fact_tone": "bad",
            "more": f"{one.products.unknown} without unit cost" if one.products.unknown else "",
        },
    ]
    for card, unread in zip(made, one.unread, strict=True):
        if unread:
            card |= {"value": "–", "of": "", "stale": "Not read from TikTok yet"}
    return made


def queue(limit: int = 30) -> QuerySet[Alert]:
    """Open alerts of the open scope: most money at risk first, then the newest."""
    return (
        Alert.objects.filter(resolved_at=None)
        .exclude(kind__in=PERSONAL)
        .select_related("client")
        .order_by(F("at_risk").desc(nulls_last=True), "-raised_at", "-pk")[:limit]
    )


def at_risk_per_day(alerts: Iterable[Alert]) -> dict[str, Decimal]:
    """Money per day behind alerts, by currency; a subject counts once."""
    worst: dict[tuple[str, int, str], Decimal] = {}
    for alert in alerts:
        if alert.at_risk is not None:
            key = (alert.subject_type, alert.subject_id, alert.currency)
            worst[key] = max(worst.get(key, Decimal(0)), alert.at_risk)
    sums: dict[str, Decimal] = {}
    for (_, _, currency), amount in worst.items():
        sums[currency] = sums.get(currency, Decimal(0)) + amount
    return sums


def totals_of(rows: Iterable[Answers]) -> dict[str, int]:
    """The five answers of an agency: sums over its clients. Money is never summed here."""
    some = list(rows)
    return {
        "creators": sum(row.posted.creators for row in some),
        "posts": sum(row.posted.posts for row in some),
        "authorized": sum(row.rights.authorized_posts for row in some),
        "live": sum(row.live.live_ads for row in some),
        "lost": sum(row.live.lost_permission for row in some),
        "expiring": sum(row.rights.expiring_30 for row in some),
        "ended": sum(row.rights.ended_30 for row in some),
        "made_money": sum(row.products.made_money for row in some),
        "lost_money": sum(row.products.lost_money for row in some),
    }
