"""Searches of the creator marketplace: asking, keeping what came, and taking creators over."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from statistics import median

from creators.actions.meet import CreatorFacts, meet_creators
from creators.models import Creator, MarketHit, MarketSearch
from creators.queries.market import creators_of
from creators.rules.market import Wish
from sparkops.audit.record import Actor, record
from sparkops.catalog.models import Shop
from sparkops.errors import Refusal
from sparkops.landing.models import Cursor

STREAM = "market_searches"
SOURCE = "market"


def search(shop: Shop, wish: Wish, *, name: str = "", by: Actor, now: datetime) -> MarketSearch:
    """Put a question to the shop's marketplace; it is saved under `name`, if there is one.

    Raises Refusal for a name that is taken.
    """
    if name and MarketSearch.objects.filter(name=name).exists():
        raise Refusal("name_taken", "A search has this name already.", field="name")
    row = MarketSearch.objects.create(
        shop=shop, name=name, filters=wish.kept(), asked_at=now, asked_by=by.label
    )
    record("market.searched", row, by=by, now=now, data={"filters": row.filters})
    return row


def search_again(row: MarketSearch, *, by: Actor, now: datetime) -> None:
    """Ask the same anew; what was found before stays until the answer comes."""
    row.state, row.asked_at, row.asked_by = MarketSearch.State.WAITING, now, by.label
    row.problem = ""
    row.save(update_fields=["state", "asked_at", "asked_by", "problem"])
    record("market.searched", row, by=by, now=now, data={"filters": row.filters})


def drop_search(row: MarketSearch, *, by: Actor, now: datetime) -> None:
    """Delete a search with what it found; creators who were taken over stay."""
    record("market.search_deleted", row, by=by, now=now)
    row.delete()


def ask_now(now: datetime) -> None:
    """Make the marketplace due for shops that somebody waits for; TikTok's own pauses hold."""
    waiting = MarketSearch.objects.filter(state=MarketSearch.State.WAITING)
    shops = waiting.values_list("shop__shop_id", flat=True)
    rows = Cursor.objects.filter(stream=STREAM, part__in=list(shops), failures=0)
    rows.exclude(state=Cursor.State.LATE).update(due_at=now)


def keep_hits(
    search_id: int,
    hits: Sequence[MarketHit],
    *,
    is_first: bool,
    is_last: bool,
    more: bool,
    now: datetime,
) -> int:
    """Keep one page of an answer; returns how many creators it holds.

    The first page replaces what was found before, and the last one ends the search.
    """
    row = MarketSearch.objects.filter(pk=search_id).first()
    if row is None:
        return 0  # deleted while TikTok was asked
    if is_first:
        row.found.all().delete()
    before = row.found.count()
    for place, hit in enumerate(hits):
        hit.search, hit.position = row, before + place
    MarketHit.objects.bulk_create(hits, ignore_conflicts=True)
    row.hits = row.found.count()
    if is_last:
        row.state, row.read_at, row.has_more = MarketSearch.State.DONE, now, more
        row.problem = ""
    row.save(update_fields=["hits", "state", "read_at", "has_more", "problem"])
    return len(hits)


def refuse_search(search_id: int, sentence: str) -> None:
    """TikTok does not take the filters: the search ends with its words."""
    MarketSearch.objects.filter(pk=search_id).update(
        state=MarketSearch.State.REFUSED, problem=sentence
    )


def own_followers() -> int | None:
    """The median of followers of creators who sold in 30 days; None when fewer than three did."""
    sellers = Creator.objects.filter(gmv_30d__gt=0, follower_count__gt=0)
    counts = [one for one in sellers.values_list("follower_count", flat=True) if one is not None]
    return round(median(counts)) if len(counts) >= 3 else None


def take_over(hits: Iterable[MarketHit], *, by: Actor, now: datetime) -> dict[str, int]:
    """Make creators of what a search found: own ids by handle, without who is blocked.

    Who is known already is brought up to date and keeps owner, tags and notes. Raises Refusal
    when nobody is left.
    """
    chosen = list(hits)
    blocked = _blocked(chosen)
    left = [one for one in chosen if one.creator_id not in blocked and one.handle not in blocked]
    if not left:
        text = "Everybody you chose is blocked." if chosen else "Choose creators in the list first."
        raise Refusal("none_chosen", text)
    known = {row.pk for row in creators_of(left)}
    ids = meet_creators([_facts(one) for one in left], now=now, source=SOURCE)
    fresh = Creator.objects.filter(pk__in=set(ids.values()) - known)
    for creator in fresh:
        record("creator.found", creator, by=by, now=now)
    return ids


def _blocked(hits: Sequence[MarketHit]) -> set[str]:
    rows = [one for one in creators_of(hits) if one.blocked_at]
    return {one.creator_id or one.handle for one in rows} | {
        one.creator_id for one in hits if one.is_blocked
    }


def _facts(hit: MarketHit) -> CreatorFacts:
    return CreatorFacts(
        handle=hit.handle,
        creator_id=hit.creator_id,
        display_name=hit.display_name,
        follower_count=hit.follower_count,
        avatar_url=hit.avatar_url,
        region=hit.region,
    )
