"""What only people know: unit costs, exchange rates, usage terms, fees, codes from chats."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
from django.conf import settings

import authorizations.tasks
import campaigns.tasks
import profit.tasks
import sparkops.renewals.tasks
from authorizations.actions.hand_in import hand_in_codes
from authorizations.actions.terms import record_terms
from authorizations.models import Authorization, UsageTerms
from authorizations.queries import USABLE_WORDS
from profit.actions.costs import add_creator_fee, set_fx_rate, set_unit_cost
from profit.models import CreatorFee
from sparkops.audit.record import Actor
from sparkops.catalog.models import AdAccount, Shop, Sku, UnitCost
from sparkops.isolation.scope import client_scope
from sparkops.tenants.models import Client

THEO = Actor("Theo Lang")
JONAS = Actor("Jonas Berg")
COST_SHARE = Decimal("0.28")
# Units of the second currency per one of the first, near what they were in autumn 2026.
RATES = {("USD", "EUR"): "0.86", ("EUR", "USD"): "1.16", ("USD", "GBP"): "0.75",
         ("GBP", "USD"): "1.33", ("EUR", "GBP"): "0.87", ("GBP", "EUR"): "1.15"}  # fmt: skip


def is_entered(client: Client) -> bool:
    """Whether this step was finished for the client: the terms are its last rows."""
    with client_scope(client.pk):
        return UsageTerms.objects.exists()


def enter(client: Client, brand: dict[str, Any], *, now: datetime) -> None:
    """Costs of all products but one, rates, fees, terms and handed-in codes; all or nothing."""
    codes = _codes_from_chats(brand["key"])
    with client_scope(client.pk):
        for shop in Shop.objects.order_by("pk"):
            _costs(shop, now)
            _rates(shop, now)
        _hand_in(codes, now)
        _terms(now)
        _fees(now)


def work(client: Client) -> None:
    """What the workers would do next: redeem, watch, flag, book."""
    authorizations.tasks.send_commands(client_id=client.pk)
    campaigns.tasks.watch_permission(client_id=client.pk)
    authorizations.tasks.flag_expiring(client_id=client.pk)
    profit.tasks.book(client_id=client.pk)
    sparkops.renewals.tasks.count_stakes(client_id=client.pk)


def _costs(shop: Shop, now: datetime) -> None:
    """One product stays without a cost, so that the demo shows what that looks like."""
    since = (now - timedelta(days=120)).date()
    skus = list(Sku.objects.filter(product__shop=shop).order_by("product_id", "pk"))
    left_out = skus[-1].product_id if skus else None
    for sku in skus:
        known = UnitCost.objects.filter(sku=sku).exists()
        if sku.price is not None and sku.product_id != left_out and not known:
            amount = (sku.price * COST_SHARE).quantize(Decimal("0.01"))
            set_unit_cost(sku, amount, shop.currency, since, by=JONAS, now=now)


def _rates(shop: Shop, now: datetime) -> None:
    day = (now - timedelta(days=120)).date()
    for (base, quote), rate in RATES.items():
        if quote == shop.currency:
            set_fx_rate(base, quote, day, Decimal(rate), source="Demo", by=JONAS, now=now)


def _terms(now: datetime) -> None:
    """Usage terms for nine of ten permissions; the tenth shows what is missing."""
    rows = Authorization.objects.filter(state__in=USABLE_WORDS).exclude(post=None)
    for number, row in enumerate(rows.select_related("post").order_by("pk")):
        creator = row.creator_id or (row.post.creator_id if row.post else None)
        if number % 10 == 9 or creator is None:
            continue
        start = (row.starts_at or now).date()
        record_terms(
            creator_id=creator,
            post_id=row.post_id,
            starts_on=start - timedelta(days=1),
            ends_on=start + timedelta(days=90),
            hold_until=start + timedelta(days=97),
            note="Paid use on TikTok, no edits",
            source="demo",
            by=THEO,
            now=now,
        )


def _fees(now: datetime) -> None:
    """A usage fee for a few posts, spread over their window."""
    if CreatorFee.objects.exists():
        return
    rows = Authorization.objects.filter(state__in=USABLE_WORDS, post__creator__isnull=False)
    shop = Shop.objects.order_by("pk").first()
    for row in rows.select_related("post__creator").order_by("pk")[:6]:
        if shop is None or row.post is None or row.post.creator is None:
            continue
        start: date = (row.starts_at or now).date()
        add_creator_fee(
            row.post.creator,
            post=row.post,
            shop=shop,
            kind="usage_fee",
            amount=Decimal("150.00"),
            currency=shop.currency,
            starts_on=start,
            ends_on=start + timedelta(days=29),
            reference="Spark rights, 30 days",
            by=THEO,
            now=now,
        )


def _codes_from_chats(brand: str) -> list[str]:
    """Codes that creators made and nobody handed in yet."""
    address = f"{settings.TIKTOK['ads_url']}/_sandbox/world"
    world = httpx.get(address, params={"brand": brand}, timeout=60).json()
    found = world["brands"][0]["unredeemed_codes"]
    return [one["auth_code"] for one in found if one["state"] in {"active", "expired"}]


def _hand_in(codes: list[str], now: datetime) -> None:
    accounts = list(AdAccount.objects.order_by("pk")[:1])
    if codes and accounts:
        hand_in_codes("\n".join(codes), ad_accounts=accounts, by=THEO, now=now)
