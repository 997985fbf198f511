"""What the brands' people wrote to creators in the weeks before today, and what came back.

TikTok's clock is set back for what was sent then, so that it is of its day on both sides; what
creators did since is the world's own history.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
from django.conf import settings

from creators.actions.creators import edit_creator
from creators.actions.meet import CreatorFacts, meet_creators
from creators.models import Creator
from sparkops import clock
from sparkops.accounts.models import User
from sparkops.audit.record import Actor
from sparkops.catalog.models import Product, Shop
from sparkops.connections.apis import shop_api
from sparkops.isolation.scope import client_scope
from sparkops.landing.models import Cursor
from sparkops.landing.streams import pull_due
from sparkops.outbox.queue import drain
from sparkops.outreach.actions.inbox import answer, assign, save_words
from sparkops.outreach.actions.outreaches import Draft, FollowUp, save_outreach, start
from sparkops.outreach.actions.segments import save_segment
from sparkops.outreach.actions.sending import plan
from sparkops.outreach.inbound import CONVERSATIONS, QUOTA
from sparkops.outreach.models import Outreach, Recipient, Segment, Thread
from sparkops.outreach.outbound import HANDLERS, ON_REFUSAL
from sparkops.outreach.queries.segments import members
from sparkops.outreach.rules.offers import EMAIL, SHOP, TARGET
from sparkops.tenants.models import Client

THEO, LUCIA = Actor("Theo Lang"), Actor("Lucia Ferro")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
AUTUMN, INVITATION, STRANGERS, LETTER = (
    "Autumn hello",
    "Try the new ones",
    "First hello",
    "Winter letter",
)
LEFT_THIS_WEEK = 3
STRANGERS_MET = 6
NOT_TAKEN = {
    "kind": "code",
    "api": "shop",
    "path": "/affiliate_seller/202412/conversations",
    "code": 16030010,
    "status": 200,
    "message": "The creator does not accept messages from shops.",
}
WORDS_BACK = (
    "Yes please, I would love to try it!",
    "What commission do you offer?",
    "Not interested right now, sorry.",
)


@dataclass(frozen=True)
class Plan:
    """One outreach of the demo, started `ago` before now."""

    name: str
    channel: str
    ago: timedelta
    by: Actor
    body: str
    segment: str
    filters: dict[str, str] = field(default_factory=dict)
    subject: str = ""
    quiet_days: int = 14
    follow_ups: tuple[FollowUp, ...] = ()


PLANS = (
    Plan(
        name=AUTUMN,
        channel=SHOP,
        ago=35 * DAY,
        by=LUCIA,
        segment="Everyone we know",
        body="Hi {creator}, {brand} here. We have something new for autumn. May we send it to you?",
        quiet_days=0,
    ),
    Plan(
        name=INVITATION,
        channel=TARGET,
        ago=12 * DAY,
        by=THEO,
        segment="Posted in the last 30 days",
        filters={"posted": "30"},
        body="We liked your last post. Here is a higher commission on our two favourites.",
    ),
    Plan(
        name=STRANGERS,
        channel=SHOP,
        ago=2 * HOUR,
        by=LUCIA,
        segment="Never posted for us",
        filters={"posted": "no"},
        body="Hi {creator}, {brand} here. Your videos fit us well. Would you try one of our "
        "products?",
        follow_ups=(FollowUp(4, "Hi {creator}, did you see our message? We would love to talk."),),
    ),
    Plan(
        name=LETTER,
        channel=EMAIL,
        ago=HOUR,
        by=LUCIA,
        segment="Everyone we know",
        subject="{brand}: what comes in winter",
        body="Dear {creator},\n\nhere is what we plan for winter. Reply if you want to be part.",
        follow_ups=(FollowUp(5, "Dear {creator},\n\nthere are a few places left. Are you in?"),),
    ),
)


def is_written(client: Client) -> bool:
    """Whether this step was finished for the client: the last outreach is on its way."""
    with client_scope(client.pk):
        started = Outreach.objects.exclude(state=Outreach.State.DRAFT)
        return started.filter(name=LETTER).exists()


def write(client: Client, *, now: datetime) -> None:
    """Four outreaches over three channels, and the inbox. `now` is the present."""
    _meet_strangers(client, now)
    with _tiktok_clock() as set_clock:
        for one in PLANS:
            set_clock(now - one.ago)
            _begin(client, one, now - one.ago)
            if one.name == AUTUMN:
                set_clock(now - one.ago + DAY)
                _write_back(client)
    _read_and_answer(client, now)


def _begin(client: Client, one: Plan, at: datetime) -> None:
    """Start it unless it was started before or nobody is in its segment, and send."""
    with client_scope(client.pk):
        segment = _segment(one, at)
        found = Outreach.objects.filter(name=one.name).first()
        if not members(segment, zone=client.timezone, now=at).exists():
            return
        if found is None or found.is_draft:
            draft = found or _draft(client, one, segment, at)
            if one.channel == EMAIL:
                _addresses(at)
            start(draft, zone=client.timezone, by=one.by, now=at)
            if one.name == STRANGERS:
                _tiktok("POST", "quota_left", shop_id=_shop().shop_id, left=LEFT_THIS_WEEK)
                if members(segment, zone=client.timezone, now=at).exclude(creator_id="").exists():
                    _tiktok("POST", "faults", **NOT_TAKEN)
    _send(client, at)


def _segment(one: Plan, at: datetime) -> Segment:
    found = Segment.objects.filter(name=one.segment).first()
    return found or save_segment(one.segment, filters=one.filters, handles="", by=one.by, now=at)[0]


def _draft(client: Client, one: Plan, segment: Segment, at: datetime) -> Outreach:
    is_offer = one.channel == TARGET
    draft = Draft(
        name=one.name,
        channel=one.channel,
        segment=segment,
        subject=one.subject,
        body=one.body,
        rate=Decimal("0.22") if is_offer else None,
        shop_ads_rate=Decimal("0.12") if is_offer else None,
        ends_on=(at + 60 * DAY).date() if is_offer else None,
        has_free_sample=is_offer,
        contact_email=f"partners@{client.slug}.example" if is_offer else "",
        quiet_days=one.quiet_days,
    )
    products = list(Product.objects.order_by("pk")[:2]) if is_offer else []
    return save_outreach(None, draft, products, one.follow_ups, by=one.by, now=at)


def _addresses(at: datetime) -> None:
    """E-mail addresses of every other creator who was not invited lately."""
    invited = Recipient.objects.filter(outreach__name=INVITATION).values("creator")
    rows = Creator.objects.filter(email="").exclude(pk__in=invited).order_by("pk")
    for creator in rows[::2]:
        address = f"{creator.handle}@creators.example"
        edit_creator(
            creator, email=address, notes=creator.notes, timezone=creator.timezone, by=LUCIA, now=at
        )


def _send(client: Client, at: datetime) -> None:
    """What the outbound worker does, as of `at`."""
    with client_scope(client.pk):
        Cursor.objects.filter(stream=QUOTA.name).update(due_at=at)
    pull_due(client.pk, [QUOTA], now=lambda: at)
    with client_scope(client.pk):
        plan(zone=client.timezone, now=at)
    drain(client.pk, HANDLERS, now=lambda: at, on_refusal=ON_REFUSAL)


def _meet_strangers(client: Client, now: datetime) -> None:
    """A few creators of the marketplace who never posted for the brand."""
    with client_scope(client.pk):
        shop = _shop()
        known = set(Creator.objects.values_list("creator_id", flat=True))
    with shop_api(client.pk, shop.connection_id, shop.cipher) as api:
        rows = [row for page in api.creators.search(page_size=20) for row in page.items]
    strangers = [row for row in rows if row.creator_open_id not in known][:STRANGERS_MET]
    facts = [
        CreatorFacts(
            handle=row.username,
            creator_id=row.creator_open_id,
            display_name=row.nickname,
            follower_count=row.follower_count,
            region=row.selection_region,
        )
        for row in strangers
    ]
    with client_scope(client.pk):
        meet_creators(facts, now=now, source="shop")


def _write_back(client: Client) -> None:
    """What the first three creators answered a day later, unless they did before."""
    with client_scope(client.pk):
        shop = _shop()
        rows = Recipient.objects.filter(outreach__name=AUTUMN, state=Recipient.State.SENT)
        handles = list(rows.order_by("number").values_list("creator__handle", flat=True))
        if Outreach.objects.filter(name=INVITATION).exists():
            return
    for handle, text in zip(handles[:: max(1, len(handles) // 3)], WORDS_BACK, strict=False):
        _tiktok("POST", "creator_message", shop_id=shop.shop_id, handle=handle, text=text)


def _read_and_answer(client: Client, now: datetime) -> None:
    """The inbox as it is today: one answered by a person, one assigned, the others wait."""
    pull_due(client.pk, [CONVERSATIONS], now=lambda: now)
    with client_scope(client.pk):
        lucia = User.objects.get(email="affiliate@demo.example")
        threads = Thread.objects.order_by("-last_at", "pk")[:2]
        for number, thread in enumerate(threads):
            assign(thread, lucia, by=THEO, now=now)
            if number == 0 and thread.waits:
                answer(thread, "Thank you! The parcel leaves tomorrow.", by=LUCIA, now=now)
        save_words("Where the parcel is", "Hi {creator}, your parcel is on its way.")
    drain(client.pk, HANDLERS, now=lambda: now, on_refusal=ON_REFUSAL)


def _shop() -> Shop:
    return Shop.objects.order_by("pk")[0]


@contextmanager
def _tiktok_clock() -> Iterator[Callable[[datetime], None]]:
    """A way to set TikTok's clock; afterwards it goes on as if never touched."""
    began = clock.now()
    told = _tiktok("GET", "clock")
    theirs = datetime.fromisoformat(told["now"])
    if theirs < began - DAY:
        theirs = began  # a run before this one was cut off in the past

    def set_clock(moment: datetime) -> None:
        _tiktok("POST", "clock", set=moment.isoformat())

    try:
        yield set_clock
    finally:
        passed = timedelta(0) if told["frozen"] else clock.now() - began
        set_clock(theirs + passed)


def _tiktok(method: str, action: str, **content: Any) -> dict[str, Any]:
    """A control call of the sandbox."""
    address = f"{settings.TIKTOK['shop_url']}/_sandbox/{action}"
    reply = httpx.request(method, address, json=content or None, timeout=60)
    found: dict[str, Any] = reply.raise_for_status().json()
    return found
