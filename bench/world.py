"""The generated data: a seed and a size give the same rows, around the hour of the run.

Written as the owner by COPY. The first client is the large one that pages and sweeps are measured
on. Its permissions are in every state; `Size.due` of them have a reminder due, all other ends were
noted already, so that due work is the same at every size.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from django.db import connections, transaction

from authorizations.models import Authorization, Redemption, Reminder, UsageTerms
from bench.copying import NULL, bare_tables, copy
from bench.databases import OWNER
from bench.sizes import Size
from campaigns.models import Ad, AdDay, AdGroup, Campaign
from creators.models import Creator, Post, PostDay, PostProduct
from profit.actions.setup import seed_fee_rules
from profit.models import AffiliateOrder, DayTotal, Entry, Order, OrderLine, ProductResult
from sparkops.accounts.models import User
from sparkops.alerts.models import Alert
from sparkops.catalog.models import AdAccount, Product, Shop, Sku, UnitCost
from sparkops.connections.models import Connection
from sparkops.isolation.scope import client_scope
from sparkops.landing.models import Cursor
from sparkops.tenants.models import Client, Membership, Organization

PRODUCTS = 20
ALERTS = 30
STEPS = (21, 14, 7, 3, 1)
"""The days before an end at which a permission is flagged; clients are made with these."""
FILLED = (
    Creator, Post, PostProduct, PostDay, Authorization, Redemption, Reminder, UsageTerms, Ad, AdDay,
    Order, OrderLine, AffiliateOrder, Entry, DayTotal, ProductResult, Alert,
)  # fmt: skip
ADS_STREAMS = ("authorized_posts", "ads", "ad_days")
SHOP_STREAMS = ("post_numbers", "orders")


@dataclass(frozen=True)
class World:
    """What was generated. `client` is the large one; ids are our own keys."""

    now: datetime
    organization: str
    clients: tuple[int, ...]
    client: int
    slug: str
    shop: int
    ad_account: int
    user_id: int


@dataclass(frozen=True)
class _Part:
    """One client's ranges of keys: the first and the number of each kind of row."""

    client: int
    place: int
    creators: range
    posts: range
    authorizations: range
    orders: range
    ads: range
    due: int


def fill(size: Size, *, seed: int, now: datetime | None = None) -> World:
    """Fill an empty, migrated database; rows are alike for equal seeds and moments."""
    now = now or datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    world = _registry(size, now)
    with transaction.atomic(using=OWNER), bare_tables(*FILLED):
        parts = list(_parts(size, world.clients))
        _nouns(world, now)
        for part in parts:
            _Writer(size, part, seed, now).write()
        _totals()
    for client in world.clients:
        with client_scope(client):
            seed_fee_rules()
    with connections[OWNER].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return world


def _registry(size: Size, now: datetime) -> World:
    """Organization, clients and one person, through the models: no client rows."""
    organization = Organization.objects.create(name="Bench", slug="bench", created_at=now)
    user = User.objects.create_user("bench@example.test", None, name="Bench")
    Membership.objects.create(user=user, organization=organization, role="owner", created_at=now)
    clients = [
        Client.objects.create(
            organization=organization,
            name=f"Brand {number:03}",
            slug=f"brand-{number}",
            timezone="America/Los_Angeles",
            reminder_days=list(STEPS),
            created_at=now,
        )
        for number in range(size.clients)
    ]
    keys = tuple(one.pk for one in clients)
    first = keys[0]
    return World(now, "bench", keys, first, "brand-0", first, first, user.pk)


def _parts(size: Size, clients: tuple[int, ...]) -> Iterator[_Part]:
    """Half of everything to the first client, equal shares to the others."""
    begin = dict.fromkeys(("creators", "posts", "authorizations", "orders", "ads"), 1)
    for place, client in enumerate(clients):
        ranges = {}
        for name in begin:
            whole = getattr(size, name)
            count = whole // 2 if place == 0 else whole // 2 // max(len(clients) - 1, 1)
            ranges[name] = range(begin[name], begin[name] + max(count, 1))
            begin[name] = ranges[name].stop
        yield _Part(client, place, due=size.due if place == 0 else 0, **ranges)


def _nouns(world: World, now: datetime) -> None:
    """Connections, shop, ad account, products and campaign of each client; keys follow the client,
    whose own key is used for its one shop, account, campaign and group."""
    clients = world.clients
    copy(
        Connection,
        "id client_id kind external_id label access_token connected_at connected_by",
        (
            (client * 2 + step, client, kind, f"{kind}-{client}", kind, "", now, "Bench")
            for client in clients
            for step, kind in enumerate(("ads", "shop"))
        ),
    )
    copy(
        Shop,
        "id client_id connection_id shop_id cipher name market currency timezone",
        (
            (one, one, one * 2 + 1, f"74{one:08}", f"c{one}", f"Shop {one}", "US", "USD",
             "America/Los_Angeles")
            for one in clients
        ),
    )  # fmt: skip
    copy(
        AdAccount,
        "id client_id connection_id shop_id advertiser_id name currency timezone"
        " utc_offset_minutes",
        (
            (one, one, one * 2, one, f"70{one:08}", f"Account {one}", "USD",
             "America/Los_Angeles", -480)
            for one in clients
        ),
    )  # fmt: skip
    products = [(client, _product(client, step)) for client in clients for step in range(PRODUCTS)]
    copy(
        Product,
        "id client_id shop_id product_id title status",
        ((key, one, one, f"17{key:08}", f"Serum no. {key}", "ACTIVATE") for one, key in products),
    )
    copy(
        Sku,
        "id client_id product_id sku_id name price currency",
        ((key, one, key, f"18{key:08}", "30 ml", 25, "USD") for one, key in products),
    )
    copy(
        UnitCost,
        "client_id sku_id amount currency effective_from source created_at",
        ((one, key, 7, "USD", "2020-01-01", "bench", now) for one, key in products),
    )
    copy(
        ProductResult,
        "client_id shop_id product_id as_of days currency gmv affiliate_commission net_ad_cost"
        " cm_before_ads cm3 complete",
        (
            (one, one, key, now.date(), 30, "USD", 100, 10, 20, 30, 10 - key % 7 * 3, key % 9 > 0)
            for one, key in products
        ),
    )
    copy(
        Campaign,
        "id client_id ad_account_id campaign_id name kind seen_at",
        ((one, one, one, f"19{one:08}", f"Campaign {one}", "spark", now) for one in clients),
    )
    copy(
        AdGroup,
        "id client_id campaign_id adgroup_id name seen_at",
        ((one, one, one, f"20{one:08}", f"Group {one}", now) for one in clients),
    )
    copy(
        Cursor,
        "client_id connection_id stream due_at state last_ok_at",
        (
            (one, one * 2 + step, stream, now + timedelta(days=9), "fresh", now)
            for one in clients
            for step, streams in enumerate((ADS_STREAMS, SHOP_STREAMS))
            for stream in streams
        ),
    )
    copy(
        Alert,
        "client_id kind key severity title path subject_type subject_id raised_at",
        (
            (one, "bench", f"bench:{step}", "warning", f"Something to do, no. {step}", "/",
             "client", one, now)
            for one in clients
            for step in range(ALERTS)
        ),
    )  # fmt: skip


def _product(client: int, step: int) -> int:
    return client * PRODUCTS + step


class _Writer:
    """The rows of one client that grow with the size."""

    def __init__(self, size: Size, part: _Part, seed: int, now: datetime) -> None:
        self.size, self.part, self.seed, self.now = size, part, seed, now
        self.random = Random(f"{seed} {part.place}")
        self.today: date = (now - timedelta(hours=8)).date()

    def write(self) -> None:
        """Everything of the client, in the order of the references."""
        copy(
            Creator,
            "id client_id creator_id handle display_name follower_count source created_at"
            " post_count first_posted_at last_posted_at views_30d gmv_30d gmv_currency",
            self._creators(),
        )
        copy(
            Post,
            "id client_id item_id creator_id caption availability published_at first_seen_at"
            " source views orders gmv currency paid_views paid_spend paid_currency measured_at",
            self._posts(),
        )
        client, now = self.part.client, self.now
        copy(
            PostProduct,
            "client_id post_id product_id",
            ((client, post, _product(client, post % PRODUCTS)) for post in self.part.posts),
        )
        copy(
            PostDay,
            "client_id post_id day views orders gmv currency paid_views paid_spend paid_currency"
            " observed_at",
            self._post_days(),
        )
        ends = list(self._ends())
        copy(
            Authorization,
            "id client_id kind state post_id creator_id code_fingerprint code_mask starts_at"
            " ends_at end_source source created_at verified_at ended_at",
            self._authorizations(ends),
        )
        copy(
            Redemption,
            "client_id authorization_id ad_account_id state requested_at answered_at",
            ((client, one, client, "redeemed", now, now) for one in self.part.authorizations),
        )
        copy(
            Reminder,
            "client_id authorization_id step_days ends_at raised_at",
            (
                (client, key, step, end, now)
                for key, (end, is_due) in zip(self.part.authorizations, ends, strict=True)
                if not is_due and end > now
                for step in STEPS
                if end < now + timedelta(days=step, hours=2)
            ),
        )
        copy(
            UsageTerms,
            "client_id creator_id post_id starts_on ends_on hold_until source created_at",
            (
                (client, self._creator(post), post, "2024-01-01", "2034-01-01", "2034-01-01",
                 "bench", now)
                for post in self.part.posts
            ),
        )  # fmt: skip
        copy(
            Ad,
            "id client_id ad_group_id ad_account_id post_id ad_id name state item_id created_at"
            " seen_at",
            self._ads(),
        )
        self._sales()

    def _creator(self, post: int) -> int:
        creators = self.part.creators
        return creators.start + post * 7 % len(creators)

    def _creators(self) -> Iterator[tuple[Any, ...]]:
        for key in self.part.creators:
            posted = self._ago(60)
            yield (
                key, self.part.client, f"open-{key}", f"creator{key:07}", f"Creator {key}",
                self.random.randrange(1_000, 2_000_000), "bench", self._ago(300), 10, posted,
                posted, self.random.randrange(100_000), self.random.randrange(9_000), "USD",
            )  # fmt: skip

    def _posts(self) -> Iterator[tuple[Any, ...]]:
        for key in self.part.posts:
            published, paid = self._ago(365), key % 5 == 0
            yield (
                key, self.part.client, f"75{key:017}", self._creator(key),
                f"Why I keep this serum in my bag, part {key}", "public", published, published,
                "bench", self.random.randrange(1_000_000), self.random.randrange(300),
                self.random.randrange(9_000), "USD", 9_000 if paid else 0, 300 if paid else 0,
                "USD" if paid else "", self.now,
            )  # fmt: skip

    def _post_days(self) -> Iterator[tuple[Any, ...]]:
        for post in self.part.posts:
            paid = post % 5 == 0
            for ago in range(1, self.size.post_days + 1):
                views = self.random.randrange(5_000)
                yield (
                    self.part.client, post, self.today - timedelta(days=ago), views, views // 500,
                    views // 20, "USD", 900 if paid else 0, 30 if paid else 0,
                    "USD" if paid else "", self.now,
                )  # fmt: skip

    def _ends(self) -> Iterator[tuple[datetime, bool]]:
        """Each permission's end, and whether its reminder is due.

        Ends lie half a day off every step, so that none becomes due while the run goes on.
        """
        half = timedelta(hours=12)
        for place in range(len(self.part.authorizations)):
            if place < self.part.due:
                yield self.now + timedelta(days=2 + place % 11) + half, True
                continue
            kind = place % 20
            if kind == 0:  # flagged already
                days = 1 + place // 20 % 20
            elif kind < 6:  # long over
                days = -4 - self.random.randrange(300)
            else:
                days = 23 + self.random.randrange(340)
            yield self.now + timedelta(days=days) + half, False

    def _authorizations(self, ends: list[tuple[datetime, bool]]) -> Iterator[tuple[Any, ...]]:
        posts, now = self.part.posts, self.now
        for place, (key, (end, is_due)) in enumerate(
            zip(self.part.authorizations, ends, strict=True)
        ):
            post = posts.start + place % len(posts)
            soon = end < now + timedelta(days=21)
            state = "expired" if end < now else "verified" if is_due or not soon else "expiring"
            start = min(end, now) - timedelta(days=30)
            yield (
                key, self.part.client, "video_code", state, post, self._creator(post),
                f"{key:064}", "#Ab…7=", start, end, "api", "bench", start, start,
                end if end < now else NULL,
            )  # fmt: skip

    def _ads(self) -> Iterator[tuple[Any, ...]]:
        """Nine of ten are live, on posts whose permission lasts."""
        posts, client = self.part.posts, self.part.client
        lasting = [
            posts.start + place
            for place in range(min(len(posts), len(self.part.authorizations)))
            if place >= self.part.due and place % 20 >= 6
        ]
        for key in self.part.ads:
            post = lasting[key % len(lasting)] if lasting else NULL
            yield (
                key, client, client, client, post, f"21{key:08}", f"Ad {key}",
                "paused" if key % 10 == 0 else "live", "", self.now, self.now,
            )  # fmt: skip

    def _sales(self) -> None:
        client, now = self.part.client, self.now
        copy(
            Order,
            "id client_id shop_id order_id status currency created_at updated_at order_day paid_at"
            " read_at",
            (
                (key, client, client, f"57{key:010}", "COMPLETED", "USD", at, at, day, at, now)
                for key, at, day, *_ in self._sold()
            ),
        )
        copy(
            OrderLine,
            "client_id order_id line_id sku_id product_id quantity unit_price",
            ((client, key, "1", product, product, 1, price)
             for key, _, _, product, _, price in self._sold()),
        )  # fmt: skip
        copy(
            AffiliateOrder,
            "client_id order_id sku_id creator_id post_id plan status standard_rate currency"
            " created_at",
            (
                (client, f"57{key:010}", f"18{product:08}", self._creator(post), post, "open",
                 "ORDERED", "0.15", "USD", at)
                for key, at, _, product, post, _ in self._sold()
                if post
            ),
        )  # fmt: skip
        copy(
            Entry,
            "client_id shop_id subject key account amount currency raw_amount raw_currency"
            " order_day event_day stage order_id line_id product_id creator_id post_id rule source"
            " booked_at",
            self._entries(),
        )

    def _sold(self) -> Iterator[tuple[int, datetime, date, int, int, int]]:
        """Key, time, shop day, product, post (0: of nobody) and price of each order.

        Most of what posts sell is sold by few of them.
        """
        random = Random(f"{self.seed} sold {self.part.place}")
        posts = self.part.posts
        for key in self.part.orders:
            at = self.now - timedelta(seconds=random.randrange(self.size.order_days * 86_400))
            day = (at - timedelta(hours=8)).date()
            post = posts.start + int(len(posts) * random.random() ** 4) if key % 5 else 0
            product = _product(self.part.client, (post or key) % PRODUCTS)
            yield key, at, day, product, post, random.randrange(15, 60)

    def _entries(self) -> Iterator[tuple[Any, ...]]:
        client = self.part.client
        for key, _, day, product, post, price in self._sold():
            order, creator = f"57{key:010}", self._creator(post) if post else NULL
            stage = "settled" if key % 3 else "estimated"
            for account, cents in (
                ("gmv", price * 100),
                ("cogs", 700),
                ("referral_fee", price * 6),
                ("affiliate_commission", price * 15 if post else 0),
            ):
                if cents:
                    amount = f"{cents // 100}.{cents % 100:02}"
                    yield (
                        client, client, f"order/{order}", f"order/{order}/1/{account}", account,
                        amount, "USD", amount, "USD", day, day, stage, order, "1", product,
                        creator, post or NULL, "bench", f"Order {order}", self.now,
                    )  # fmt: skip

    def _ago(self, days: int) -> datetime:
        return self.now - timedelta(seconds=self.random.randrange(days * 86_400))


def _totals() -> None:
    """The rollup of everything, as the product builds it for a day."""
    with connections[OWNER].cursor() as cursor:
        for basis, column in (("order", "order_day"), ("event", "event_day")):
            cursor.execute(
                "INSERT INTO profit_daytotal (client_id, shop_id, basis, day, account, stage,"
                " product_id, creator_id, post_id, amount, currency)"
                f" SELECT client_id, shop_id, %s, {column}, account, stage,"
                " product_id, creator_id, post_id, sum(amount), currency FROM profit_entry"
                f" GROUP BY client_id, shop_id, {column}, account, stage,"
                " product_id, creator_id, post_id, currency HAVING sum(amount) <> 0",
                [basis],
            )
