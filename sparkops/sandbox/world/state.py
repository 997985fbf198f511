"""``World``: all state, one clock, one lock."""

from __future__ import annotations

import hashlib
import random
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sparkops.sandbox.world.ads import (
    Ad,
    AdGroup,
    Advertiser,
    BusinessCenter,
    Campaign,
    Comment,
    GmvMaxCampaign,
    Identity,
)
from sparkops.sandbox.world.commerce import (
    Cancellation,
    Conversation,
    Message,
    OpenCollaboration,
    Order,
    OutreachQuota,
    Product,
    Return,
    SampleApplication,
    Shop,
    StatementTransaction,
    TargetCollaboration,
    WebhookDelivery,
    WebhookSubscription,
)
from sparkops.sandbox.world.people import (
    AdsApp,
    AdsToken,
    AdsUser,
    Brand,
    Code,
    Creator,
    CreatorToken,
    OauthCode,
    Post,
    Redemption,
    Seller,
    ShopApp,
    ShopToken,
)

# Leading digits of the ids TikTok hands out, so that an id shows what it names.
ID_PREFIXES = {
    "advertiser": "7412",
    "bc": "7411",
    "campaign": "1810",
    "gmv_max": "1820",
    "adgroup": "1811",
    "ad": "1812",
    "comment": "6917",
    "creator": "6890",
    "creator_im": "2368",
    "shop": "7495",
    "warehouse": "7068",
    "product": "1729",
    "sku": "1730",
    "order": "5774",
    "order_line": "5775",
    "package": "1153",
    "return": "4035",
    "cancellation": "4036",
    "open_collaboration": "9429",
    "target_collaboration": "7365",
    "sample": "7501",
    "statement_row": "7563",
    "adjustment": "7238",
    "reserve": "5678",
    "conversation": "7451",
    "message": "7452",
    "music": "7300",
    "buyer": "7021",
    "user": "7100",
    "notification": "7560",
    "session": "1830",
    "task": "1840",
    "subscription": "1850",
}
ID_DIGITS = 19


class Clock:
    """The world's time. It ticks with real time unless frozen; it can be set and moved.

    ``state()`` survives a restart of the process: a ticking clock goes on as if never stopped.
    """

    def __init__(self, start: datetime, real: Callable[[], float] = time.time) -> None:
        self._real = real
        self._anchor = start
        self._real_anchor = real()
        self._frozen = False

    def now(self) -> datetime:
        if self._frozen:
            return self._anchor
        return self._anchor + timedelta(seconds=self._real() - self._real_anchor)

    def set(self, moment: datetime) -> None:
        self._anchor = moment.astimezone(UTC)
        self._real_anchor = self._real()

    def advance(self, seconds: float) -> None:
        self.set(self.now() + timedelta(seconds=seconds))

    def freeze(self, frozen: bool) -> None:
        self.set(self.now())
        self._frozen = frozen

    @property
    def frozen(self) -> bool:
        return self._frozen

    def state(self) -> dict[str, Any]:
        return {
            "anchor": self._anchor.isoformat(),
            "real_anchor": self._real_anchor,
            "frozen": self._frozen,
        }

    def restore(self, state: dict[str, Any]) -> None:
        self._anchor = datetime.fromisoformat(state["anchor"])
        self._real_anchor = state["real_anchor"]
        self._frozen = state["frozen"]


@dataclass
class World:
    """Everything TikTok would know. Same ``name``, ``seed`` and ``started_at`` = same world.

    The 90 days before ``started_at`` are filled in; the days after it are already planned (orders,
    posts), so that running the clock forward keeps the shops busy. Read only what is not in the
    future: ``now`` of the request decides.

    Handlers run under ``lock``, so they never need it themselves. ``replaying`` is true while a
    journal of earlier writes is applied again at start: nothing may leave the process then.
    """

    name: str
    seed: int
    started_at: datetime
    clock: Clock
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)
    replaying: bool = False

    brands: dict[str, Brand] = field(default_factory=dict)
    ads_apps: dict[str, AdsApp] = field(default_factory=dict)
    ads_users: dict[str, AdsUser] = field(default_factory=dict)
    ads_tokens: dict[str, AdsToken] = field(default_factory=dict)
    oauth_codes: dict[str, OauthCode] = field(default_factory=dict)
    shop_apps: dict[str, ShopApp] = field(default_factory=dict)
    sellers: dict[str, Seller] = field(default_factory=dict)
    shop_tokens: dict[str, ShopToken] = field(default_factory=dict)

    creators: dict[str, Creator] = field(default_factory=dict)
    creator_tokens: dict[str, CreatorToken] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    redemptions: list[Redemption] = field(default_factory=list)

    business_centers: dict[str, BusinessCenter] = field(default_factory=dict)
    advertisers: dict[str, Advertiser] = field(default_factory=dict)
    identities: list[Identity] = field(default_factory=list)
    campaigns: dict[str, Campaign] = field(default_factory=dict)
    adgroups: dict[str, AdGroup] = field(default_factory=dict)
    ads: dict[str, Ad] = field(default_factory=dict)
    gmv_max: dict[str, GmvMaxCampaign] = field(default_factory=dict)
    comments: dict[str, Comment] = field(default_factory=dict)
    tasks: dict[str, dict[str, Any]] = field(default_factory=dict)
    changes: list[dict[str, Any]] = field(default_factory=list)
    subscriptions: dict[str, dict[str, Any]] = field(default_factory=dict)
    create_requests: dict[tuple[str, str], datetime] = field(default_factory=dict)

    shops: dict[str, Shop] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)
    open_collaborations: dict[str, OpenCollaboration] = field(default_factory=dict)
    target_collaborations: dict[str, TargetCollaboration] = field(default_factory=dict)
    samples: dict[str, SampleApplication] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    returns: dict[str, Return] = field(default_factory=dict)
    cancellations: dict[str, Cancellation] = field(default_factory=dict)
    statement_rows: dict[str, StatementTransaction] = field(default_factory=dict)
    quotas: dict[str, OutreachQuota] = field(default_factory=dict)
    conversations: dict[str, Conversation] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    webhooks: dict[tuple[str, str], WebhookSubscription] = field(default_factory=dict)
    webhook_log: list[WebhookDelivery] = field(default_factory=list)
    outbox: Any = field(default=None, repr=False)

    counters: dict[str, int] = field(default_factory=dict)
    revision: int = 0
    cache: dict[Any, Any] = field(default_factory=dict, repr=False)
    past: dict[Any, Any] = field(default_factory=dict, repr=False)

    def changed(self) -> None:
        """To be called after every change: what was derived before is forgotten."""
        self.revision += 1
        self.cache.clear()

    def derived(self, key: Any, compute: Callable[[], Any]) -> Any:
        """The value for ``key``, computed once until the next change."""
        if key not in self.cache:
            self.cache[key] = compute()
        return self.cache[key]

    def lasting(self, key: Any, compute: Callable[[], Any]) -> Any:
        """Like ``derived`` for what no later change can touch: days that are over for good."""
        if key not in self.past:
            self.past[key] = compute()
        return self.past[key]

    def time_moved(self) -> None:
        """To be called after the clock was set: nothing is over for good any more."""
        self.past.clear()
        self.cache.clear()

    def now(self) -> datetime:
        """The present, whole seconds: TikTok's times carry no fractions."""
        return self.clock.now().replace(microsecond=0)

    def new_id(self, kind: str) -> str:
        """The next id of that kind: text of 19 digits, never used before in this world."""
        number = self.counters.get(kind, 0) + 1
        self.counters[kind] = number
        prefix = ID_PREFIXES[kind]
        return f"{prefix}{self.seed % 1000:03d}{number:0{ID_DIGITS - len(prefix) - 3}d}"

    def new_secret(self, kind: str, length: int = 40) -> str:
        """The next token-like text of that kind: hex digits that follow from the seed."""
        number = self.counters.get(kind, 0) + 1
        self.counters[kind] = number
        text = ""
        while len(text) < length:
            part = f"{self.seed}:{self.name}:{kind}:{number}:{len(text)}"
            text += hashlib.sha256(part.encode()).hexdigest()
        return text[:length]

    def random(self, *key: object) -> random.Random:
        """A generator of its own for ``key``: the same numbers whatever was drawn elsewhere."""
        return random.Random(":".join(map(str, (self.seed, *key))))

    def brand_of_shop(self, shop_id: str) -> Brand:
        return self.brands[self.shops[shop_id].brand_key]

    def shop_of(self, brand_key: str) -> Shop:
        return self.shops[self.brands[brand_key].shop_id]

    def codes_of(self, item_id: str) -> list[Code]:
        return [code for code in self.codes.values() if code.item_id == item_id]

    def creator_by_handle(self, handle: str) -> Creator | None:
        matches = (c for c in self.creators.values() if c.handle == handle)
        return next(matches, None)

    def creator_by_open_id(self, open_id: str) -> Creator | None:
        return next((c for c in self.creators.values() if c.open_id == open_id), None)

    def redemptions_of(self, advertiser_id: str) -> Iterable[Redemption]:
        return (r for r in self.redemptions if r.advertiser_id == advertiser_id)
