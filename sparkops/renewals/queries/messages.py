"""Messages as one creator would read them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as dated
from django.utils.formats import get_format
from django.utils.translation import override

from authorizations.models import Authorization
from authorizations.queries import USABLE_WORDS, SpendPerDay, spend_per_day
from creators.models import Creator
from sparkops.clock import shop_day
from sparkops.isolation.scope import current_client_id
from sparkops.renewals.models import Cadence, SavedMessage
from sparkops.renewals.queries.own_page import client_has_terms, to_show
from sparkops.renewals.rules.messages import ADDRESS, filled
from sparkops.renewals.rules.recipients import language_of, zone_of
from sparkops.renewals.rules.texts import PHRASES, SHIPPED, Kind, Words
from sparkops.tenants.models import Client
from sparkops.web import formats

SAMPLES = 3
_CANDIDATES = 60


@dataclass(frozen=True)
class Offer:
    """What is asked for: days, and a price (None: as agreed before) in `currency`."""

    days: int
    price: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True)
class Written:
    """One message, ready to be sent or copied."""

    language: str
    subject: str
    text: str


def cadence_of_client() -> Cadence:
    """The client's cadence, or the defaults, unsaved, while nobody has decided."""
    found = Cadence.objects.select_related("escalate_to").first()
    return found if found is not None else Cadence()


def words_of(kind: Kind, language: str) -> Words:
    """The client's own words, else the shipped ones."""
    return own_words().get((kind.value, language), SHIPPED[language][kind])


def own_words() -> dict[tuple[str, str], Words]:
    """Every message the client saved, by kind and language. One query."""
    return {
        (row.kind, row.language): Words(row.subject, row.body) for row in SavedMessage.objects.all()
    }


def saved_message(kind: Kind, language: str) -> SavedMessage | None:
    """The client's own message, if there is one."""
    return SavedMessage.objects.filter(kind=kind.value, language=language).first()


def link_for(row: Authorization, language: str, days: int, *, has_terms: bool) -> str:
    """How the creator of `row` answers. The only place that fills in {link}: with the creator's
    own page, whose address is put in only when the message is sent (`own_page`), or where the
    client has no terms to show there, with the way to a code in the app."""
    phrases = PHRASES[language]
    if has_terms and row.post is not None and row.post.creator_id is not None:
        return f"{phrases.own_page} {ADDRESS}"
    return phrases.how_to.replace("{days}", _days(days, language))


def language_for(creator: Creator | None, cadence: Cadence) -> str:
    """The language a creator is written to in."""
    return language_of(creator.region if creator else "", cadence.language)


def zone_for(creator: Creator | None, client: Client) -> ZoneInfo:
    """The zone a creator's quiet hours are in."""
    own, region = (creator.timezone, creator.region) if creator else ("", "")
    try:
        return ZoneInfo(zone_of(own, region, client.timezone))
    except (OSError, ValueError, LookupError):
        return ZoneInfo(client.timezone)


def written(
    row: Authorization,
    words: Words,
    *,
    language: str,
    offer: Offer,
    spend: SpendPerDay | None,
    client: Client,
    now: datetime,
    has_terms: bool,
) -> Written:
    """A message about `row` in full, but for the address of the creator's own page. Days are of
    the creator's zone.

    `row` is the permission that ends, with its post and creator at hand.
    """
    values = _values(row, language, offer, spend, client, now)
    values["link"] = link_for(row, language, offer.days, has_terms=has_terms)
    return Written(language, filled(words.subject, values), filled(words.body, values))


def sample_rows() -> list[Authorization]:
    """Up to three permissions of different creators, those that end next first: for previews."""
    rows = (
        Authorization.objects.exclude(post=None)
        .exclude(creator=None)
        .filter(state__in=USABLE_WORDS)
        .select_related("post__creator", "creator")
        .order_by("ends_at", "pk")[:_CANDIDATES]
    )
    by_creator: dict[int, Authorization] = {}
    for row in rows:
        by_creator.setdefault(row.creator_id or 0, row)
    return list(by_creator.values())[:SAMPLES]


def previews(
    rows: Iterable[Authorization],
    words: Words,
    *,
    language: str,
    cadence: Cadence,
    now: datetime,
) -> list[tuple[Authorization, Written]]:
    """The message for each of some permissions, with a stand-in for the creator's own address,
    which is made only when it is sent. Three queries for any number."""
    listed = list(rows)
    client = Client.objects.get(pk=current_client_id())
    spend = spend_of(listed, client, now)
    offer = Offer(cadence.days, cadence.price, cadence.currency)
    has_terms = client_has_terms()
    return [
        (
            row,
            shown(
                written(
                    row,
                    words,
                    language=language,
                    offer=offer,
                    spend=spend.get(row.post_id or 0),
                    client=client,
                    now=now,
                    has_terms=has_terms,
                )
            ),
        )
        for row in listed
    ]


def shown(message: Written) -> Written:
    """For eyes other than the creator's: the address is a secret."""
    text, subject = to_show(message.text), to_show(message.subject)
    return replace(message, text=text, subject=subject)


def spend_of(
    rows: Iterable[Authorization], client: Client, now: datetime
) -> Mapping[int, SpendPerDay]:
    """Average spend per day behind the posts of some permissions, by post. One query."""
    ids = [row.post_id for row in rows if row.post_id is not None]
    return spend_per_day(ids, shop_day(now, client.timezone))


def _values(
    row: Authorization,
    language: str,
    offer: Offer,
    spend: SpendPerDay | None,
    client: Client,
    now: datetime,
) -> dict[str, str]:
    phrases, zone = PHRASES[language], zone_for(row.creator, client)
    begin = max(row.ends_at, now) if row.ends_at else now
    # Days of the calendar, as people count them; an hour more or less changes nothing.
    left = (begin.astimezone(zone).date() - now.astimezone(zone).date()).days
    price = phrases.as_before
    if offer.price is not None:
        price = formats.money(offer.price, offer.currency)
    return {
        "creator": _name(row.creator),
        "post": row.post.url if row.post else "",
        "brand": client.shown_name,
        "until": _day(begin, zone, language),
        "days_left": _days(left, language),
        "days": _days(offer.days, language),
        "new_until": _day(begin + timedelta(days=offer.days), zone, language),
        "price": price,
        "spend": formats.money(spend.amount, spend.currency) if spend else phrases.no_spend,
    }


def _name(creator: Creator | None) -> str:
    if creator is None:
        return "@creator"
    return creator.display_name or f"@{creator.shown_handle}"


def _day(moment: datetime, zone: ZoneInfo, language: str) -> str:
    """A day as people write it in the language."""
    with override(language):
        return dated(moment.astimezone(zone).date(), get_format("DATE_FORMAT", lang=language))


def _days(count: int, language: str) -> str:
    phrases = PHRASES[language]
    return f"{count} {phrases.day if count == 1 else phrases.days}"
