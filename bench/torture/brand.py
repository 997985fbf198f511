"""One client on the sandbox's first brand, and what its people do, the same in every run."""

from datetime import datetime, timedelta
from decimal import Decimal

from authorizations.actions.terms import record_terms
from authorizations.models import Authorization, Redemption
from authorizations.queries import USABLE_WORDS
from bench.torture.tiktok import TikTok
from campaigns.actions.launch import LaunchPlan, plan_launch
from campaigns.models import Launch
from profit.actions.costs import set_fx_rate, set_unit_cost
from sparkops import clock
from sparkops.accounts.models import User
from sparkops.api.keys import create_key
from sparkops.api.scopes import SCOPES
from sparkops.audit.record import Actor
from sparkops.catalog.models import AdAccount, Shop, Sku
from sparkops.connections.actions import connect_ads, connect_shop
from sparkops.isolation.scope import client_scope
from sparkops.outreach.actions.outreaches import Draft, save_outreach, start
from sparkops.outreach.actions.segments import save_segment
from sparkops.outreach.models import Outreach
from sparkops.outreach.rules.offers import SHOP
from sparkops.tenants.actions import create_client, create_organization
from sparkops.tenants.models import Client

THEO = Actor("Theo")
HELLO = "Hello"
COST_SHARE = Decimal("0.28")
BUDGET = Decimal("60.00")
FLIGHT = timedelta(days=4)
LASTS = timedelta(days=8)


def make_client(tiktok: TikTok) -> Client:
    """An agency with one client, connected to the brand by its consent codes."""
    brand, now = tiktok.brand(), clock.now()
    owner = User.objects.create_user("owner@torture.example", "torture-2026", name="Owner")
    agency = create_organization("Torture House", owner=owner, by=THEO, now=now)
    client = create_client(
        agency, brand["name"], timezone=brand["zone"], currency=brand["currency"], by=THEO, now=now
    )
    connect_shop(client.pk, brand["shop_auth_code"], by=THEO, now=now)
    connect_ads(client.pk, brand["oauth_code"], by=THEO, now=now)
    return client


def make_key(client: Client) -> str:
    """The secret of an API key that may do everything in the client."""
    return create_key(
        client.organization,
        "Torture",
        client=client,
        scopes=list(SCOPES),
        expires_at=None,
        by=THEO,
        now=clock.now(),
    ).secret


def enter_costs(client: Client, *, share: Decimal = COST_SHARE, days: int = 120) -> None:
    """A unit cost for every SKU from `days` ago, and a rate between the currencies."""
    now = clock.now()
    since = (now - timedelta(days=days)).date()
    with client_scope(client.pk):
        shop = Shop.objects.get()
        for sku in Sku.objects.exclude(price=None).order_by("sku_id"):
            amount = ((sku.price or Decimal(0)) * share).quantize(Decimal("0.01"))
            set_unit_cost(sku, amount, shop.currency, since, by=THEO, now=now)
        if days == 120:
            set_fx_rate("EUR", "USD", since, Decimal("1.16"), source="Torture", by=THEO, now=now)


def enter_terms(client: Client, *, days: int = 60) -> None:
    """Usage terms for every post that is authorized and has no terms yet."""
    now = clock.now()
    with client_scope(client.pk):
        rows = (
            Authorization.objects.filter(
                state__in=USABLE_WORDS, post__creator__isnull=False, post__usage_terms=None
            )
            .select_related("post")
            .order_by("post__item_id")
        )
        for row in {row.post_id: row for row in rows}.values():
            assert row.post is not None and row.post.creator_id is not None
            record_terms(
                creator_id=row.post.creator_id,
                post_id=row.post_id,
                starts_on=(now - timedelta(days=40)).date(),
                ends_on=(now + timedelta(days=days)).date(),
                hold_until=(now + timedelta(days=days + 7)).date(),
                by=THEO,
                now=now,
            )


def codes_of(tiktok: TikTok) -> str:
    """The codes that creators made and nobody handed in, as one paste."""
    return "\n".join(sorted(one["auth_code"] for one in tiktok.truth()["unredeemed_codes"]))


def first_account(client: Client) -> str:
    """TikTok's id of the ad account in which codes are used."""
    with client_scope(client.pk):
        return AdAccount.objects.order_by("advertiser_id")[0].advertiser_id


def write_to_creators(client: Client) -> None:
    """One message to everyone the client knows, sent by the workers; nothing when it was begun."""
    now = clock.now()
    with client_scope(client.pk):
        if Outreach.objects.exists():
            return
        everyone, _ = save_segment("Everyone", filters={}, handles="", by=THEO, now=now)
        draft = Draft(
            name=HELLO,
            channel=SHOP,
            segment=everyone,
            subject="",
            body="Hi {creator}, {brand} here. May we send you something new?",
            rate=None,
            shop_ads_rate=None,
            ends_on=None,
            has_free_sample=False,
            contact_email="",
            quiet_days=0,
        )
        outreach = save_outreach(None, draft, [], by=THEO, now=now)
        start(outreach, zone=client.timezone, by=THEO, now=now)


def launch_some(client: Client, number: int, *, starts: datetime) -> list[Launch]:
    """Plan launches of the posts whose permission lasts longest, whatever rows have which ids."""
    with client_scope(client.pk):
        rows = (
            Redemption.objects.filter(
                state=Redemption.State.REDEEMED,
                authorization__state__in=USABLE_WORDS,
                authorization__ends_at__gt=starts + LASTS,
                authorization__post__availability="public",
            )
            .select_related("authorization__post", "ad_account")
            .order_by("-authorization__ends_at", "authorization__post__item_id", "ad_account_id")
        )
        by_post = {row.authorization.post_id: row for row in reversed(rows)}
        chosen = list(reversed(by_post.values()))[:number]
        plans = [
            LaunchPlan(
                post=row.authorization.post,
                ad_account=row.ad_account,
                objective="VIDEO_VIEWS",
                daily_budget=BUDGET,
                starts_at=starts + timedelta(hours=1),
                ends_at=starts + FLIGHT,
            )
            for row in chosen
            if row.authorization.post is not None
        ]
        known = set(Launch.objects.values_list("post_id", flat=True))
        return [
            plan_launch(plan, by=THEO, now=clock.now())
            for plan in plans
            if plan.post.pk not in known
        ]
