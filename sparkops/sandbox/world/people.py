"""Brands, access to their accounts, creators, posts and Spark codes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal


@dataclass
class Brand:
    """One client brand: one market, one shop, one or more ad accounts.

    ``tax_rate`` is VAT inside the prices when ``prices_include_tax``, else sales tax on top.
    ``referral_rate`` is the platform's fee on item revenue plus buyer-paid shipping.
    """

    key: str
    name: str
    market: str
    currency: str
    zone: str
    language: str
    prices_include_tax: bool
    tax_rate: Decimal
    referral_rate: Decimal
    shop_id: str
    seller_id: str
    bc_id: str
    ads_user_id: str
    advertiser_ids: list[str] = field(default_factory=list)


@dataclass
class AdsApp:
    """A developer app of the Marketing API. ``redirect_uris`` empty = any address is accepted."""

    app_id: str
    secret: str
    name: str
    redirect_uris: list[str] = field(default_factory=list)
    scope: list[int] = field(default_factory=list)


@dataclass
class AdsUser:
    """A person who can grant an app access to ad accounts and Business Centers."""

    id: str
    name: str
    advertiser_ids: list[str]
    bc_ids: list[str]


@dataclass
class AdsToken:
    """A long-term Marketing API token: no expiry, ends by ``revoked_at`` or ``expired_at``."""

    access_token: str
    app_id: str
    user_id: str
    advertiser_ids: list[str]
    scope: list[int]
    created_at: datetime
    revoked_at: datetime | None = None
    expired_at: datetime | None = None


@dataclass
class OauthCode:
    """A code from a consent page, for the Marketing API or the Shop API.

    ``owner_id`` is an ``AdsUser.id`` for ``api="ads"``, a ``Seller.id`` for ``api="shop"`` and a
    ``Creator.id`` for ``api="creator"``. They live 1 hour, 30 and 10 minutes and work once.
    """

    code: str
    api: str
    app: str
    owner_id: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


@dataclass
class ShopApp:
    """A developer app of the TikTok Shop API. ``webhook_address`` gets the events of all shops."""

    app_key: str
    app_secret: str
    service_id: str
    name: str
    redirect_uri: str = ""
    scopes: list[str] = field(default_factory=list)
    webhook_address: str = ""


@dataclass
class Seller:
    """The account that owns shops. ``open_id`` is its id for the app."""

    id: str
    open_id: str
    name: str
    region: str
    shop_ids: list[str]


@dataclass
class ShopToken:
    """A pair of Shop API tokens. ``user_type`` 0 = seller, 1 = creator.

    A refresh makes a new pair and sets ``replaced_at`` here; afterwards neither token works.
    """

    access_token: str
    refresh_token: str
    app_key: str
    seller_id: str
    user_type: int
    scopes: list[str]
    created_at: datetime
    access_expires_at: datetime
    refresh_expires_at: datetime
    replaced_at: datetime | None = None
    revoked_at: datetime | None = None


@dataclass
class CreatorToken:
    """A short-term token of a creator's own login: a day, with a refresh token for a year."""

    access_token: str
    refresh_token: str
    creator_id: str
    open_id: str
    access_expires_at: datetime
    refresh_expires_at: datetime
    ended_at: datetime | None = None


@dataclass
class Creator:
    """A person who posts. ``open_id`` is the stable id in the Shop API, ``im_id`` in messages.

    ``handle`` may change: ``earlier_handles`` keeps the old ones. ``affiliate_authorized_from`` /
    ``_until`` is the switch "authorize sellers to boost my videos" (mass authorization).
    """

    id: str
    open_id: str
    im_id: str
    identity_id: str
    handle: str
    display_name: str
    market: str
    language: str
    follower_count: int
    brand_key: str
    gmv_30d: Decimal
    fulfilment_rate: Decimal
    earlier_handles: list[str] = field(default_factory=list)
    affiliate_authorized_from: datetime | None = None
    affiliate_authorized_until: datetime | None = None

    def boost_allowed(self, now: datetime) -> bool:
        start, end = self.affiliate_authorized_from, self.affiliate_authorized_until
        return start is not None and start <= now and (end is None or now < end)


@dataclass
class Music:
    """The sound of a post. ``licensed`` = cleared for commercial use; None = original sound."""

    id: str
    title: str
    author: str
    licensed: bool


@dataclass
class Post:
    """A TikTok post. ``item_id`` is the id in every API (``content_id``, ``tiktok_item_id``).

    ``reach`` is the number of organic views the post ends up with; ``viral_at`` adds a second wave.
    What happened to it later is kept as moments, so that any clock setting tells its state.
    ``original_item_id`` is the post a stitch or duet was made of. ``regions`` are those of its
    product links where they are not the shop's.
    """

    item_id: str
    creator_id: str
    brand_key: str
    posted_at: datetime
    caption: str
    duration: float
    product_ids: list[str]
    reach: int
    item_type: str = "VIDEO"
    hash_tags: list[str] = field(default_factory=list)
    music: Music | None = None
    viral_at: datetime | None = None
    deleted_at: datetime | None = None
    private_at: datetime | None = None
    audit_removed_at: datetime | None = None
    link_dropped_at: datetime | None = None
    disclosed: bool = True
    original_item_id: str = ""
    regions: list[str] = field(default_factory=list)

    def status(self, now: datetime) -> str:
        """The post word of the Marketing API, without prefix."""
        if self.deleted_at and self.deleted_at <= now:
            return "USER_DELETE"
        if self.audit_removed_at and self.audit_removed_at <= now:
            return "AUDIT_DELETE"
        if self.private_at and self.private_at <= now:
            return "ONLY_AUTHOR_SEE"
        return "HESITATE_RECOMMEND"

    def is_public(self, now: datetime) -> bool:
        return self.posted_at <= now and self.status(now) == "HESITATE_RECOMMEND"

    def exists(self, now: datetime) -> bool:
        return self.posted_at <= now and self.status(now) not in {"USER_DELETE", "AUDIT_DELETE"}

    def links_product(self, now: datetime) -> bool:
        dropped = self.link_dropped_at is not None and self.link_dropped_at <= now
        return bool(self.product_ids) and not dropped

    def ends_at(self) -> datetime | None:
        """The moment it stopped being public, or None."""
        moments = [self.deleted_at, self.private_at, self.audit_removed_at]
        return min((moment for moment in moments if moment), default=None)


@dataclass
class Code:
    """A Spark code a creator made for one post. Valid from ``starts_at`` to before ``ends_at``.

    ``handed_in`` tells whether the brand ever got it; a code nobody redeemed has no ``Redemption``.
    ``lapses`` are the gaps between an end and a later extension.
    """

    text: str
    item_id: str
    creator_id: str
    starts_at: datetime
    ends_at: datetime
    revoked_at: datetime | None = None
    handed_in: bool = True
    lapses: list[tuple[datetime, datetime]] = field(default_factory=list)

    def extend(self, days: int, now: datetime) -> None:
        """The creator adds days; after the end the new days count from now."""
        if self.ends_at <= now:
            self.lapses.append((self.ends_at, now))
        self.ends_at = max(self.ends_at, now) + timedelta(days=days)

    def state(self, now: datetime) -> str:
        """pending, active, expired or revoked."""
        if self.revoked_at and self.revoked_at <= now:
            return "revoked"
        if now < self.starts_at:
            return "pending"
        return "active" if now < self.ends_at else "expired"

    def over_at(self) -> datetime:
        return min(self.ends_at, self.revoked_at) if self.revoked_at else self.ends_at


@dataclass
class Redemption:
    """A code applied in one ad account. A renewed code of the same post is a second redemption."""

    advertiser_id: str
    item_id: str
    code_text: str
    redeemed_at: datetime
    unbound_at: datetime | None = None
