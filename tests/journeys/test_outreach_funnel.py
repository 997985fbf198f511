"""The funnel of the demo's outreach against a count from the sandbox's own world (AB10).

The demo's own step writes over HTTP; the sandbox tells what was said, sent, posted and sold.
"""

import csv
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client as Browser
from django.urls import reverse

from creators.inbound import STREAMS as CREATORS
from profit.actions.costs import set_unit_cost
from sparkops import clock
from sparkops.accounts.models import User
from sparkops.catalog.inbound import STREAMS as CATALOG
from sparkops.catalog.models import Sku
from sparkops.demo import outreach
from sparkops.demo.business import JONAS
from sparkops.demo.people import make_agency, make_people
from sparkops.isolation.scope import client_scope
from sparkops.landing.streams import pull_due
from sparkops.outreach.models import Outreach, Recipient, Thread
from sparkops.outreach.queries.outreaches import counts_of
from sparkops.outreach.rules.offers import EMAIL, TARGET
from sparkops.tenants.actions import create_client
from sparkops.tenants.models import Client
from tests.factories.connected import connect
from tests.factories.world import own_transaction
from tests.sandbox_server import SandboxServer

pytestmark = pytest.mark.journey
STAGES = ("Contacted", "Replied", "Accepted", "Sampled", "Posted", "Sold")
COST_SHARE = Decimal("0.25")
MAILED: list[str] = []
"""Addresses in the mailbox, which is emptied before each test."""


@pytest.fixture(scope="module")
def brand(
    django_db_setup: None, django_db_blocker: Any, sandbox: SandboxServer
) -> Iterator[Client]:
    """One brand with its creators read, unit costs, and the demo's outreach written."""
    sandbox.do("clock", frozen=True)
    with django_db_blocker.unblock(), transaction.atomic():
        now = clock.now()
        agency = make_agency(now=now)
        client = create_client(
            agency, "Lumen Skin", timezone="America/Los_Angeles", currency="USD", slug="lumen",
            by=JONAS, now=now,
        )  # fmt: skip
        make_people(agency, {"lumen": client}, now=now)
        connect(client, sandbox, "lumen")
        for streams in (CATALOG, CREATORS):
            pull_due(client.pk, streams, now=clock.now)
        with client_scope(client.pk):
            for sku in Sku.objects.exclude(price=None):
                cost = ((sku.price or Decimal(0)) * COST_SHARE).quantize(Decimal("0.01"))
                day = (now - timedelta(days=120)).date()
                set_unit_cost(sku, cost, "USD", day, by=JONAS, now=now)
        outreach.write(client, now=clock.now())
        MAILED.extend(one.to[0] for one in mail.outbox if one.subject.endswith("in winter"))
        yield client
        transaction.set_rollback(True)


@pytest.fixture
def client(brand: Client, django_db_blocker: Any) -> Iterator[Client]:
    with own_transaction(django_db_blocker):
        yield brand


def at(row: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(row["at"])


def first_contacts(plan: outreach.Plan, world: list[dict[str, Any]]) -> dict[str, datetime]:
    """Handle and moment of the first contact by a plan, as the sandbox or the mailbox holds it."""
    found: dict[str, datetime] = {}
    if plan.channel == EMAIL:
        return {one.removesuffix("@creators.example"): sent_at(plan) for one in MAILED}
    for creator in world:
        if plan.channel == TARGET:
            moments = [at(one) for one in creator["invited"] if one["name"].startswith(plan.name)]
        else:
            words = plan.body.partition("{brand}")[2]
            moments = [
                at(one)
                for one in creator["written"]
                if words in json.loads(one["content"])["content"]
            ]
        if moments:
            assert len(moments) == 1, creator["handle"]
            found[creator["handle"]] = moments[0]
    return found


def sent_at(plan: outreach.Plan) -> datetime:
    """When mails left: TikTok knows nothing of them."""
    row = Recipient.objects.filter(outreach__name=plan.name, state="sent")[0]
    assert row.sent_at is not None
    return row.sent_at


def counted(
    contacts: dict[str, datetime], world: list[dict[str, Any]], costs: dict[str, Decimal]
) -> tuple[list[int], Decimal]:
    """The six stages and the cost of samples, counted from what the world holds."""
    facts = {one["handle"]: one for one in world}
    stages, cost = [0] * len(STAGES), Decimal(0)
    for handle, since in contacts.items():
        one = facts.get(handle, {"answers": [], "samples": [], "posts": []})
        answers = [each for each in one["answers"] if at(each) >= since]
        samples = [each for each in one["samples"] if at(each) >= since]
        posts = [each for each in one["posts"] if at(each) >= since]
        sent = [each for each in samples if each["sent"]]
        cost += sum((costs[each["product_id"]] for each in sent), Decimal(0))
        reached = (
            True,
            bool(answers),
            bool(samples or posts),
            bool(sent),
            bool(posts),
            any(each["sold"] for each in posts),
        )
        stages = [count + one for count, one in zip(stages, reached, strict=True)]
    return stages, cost


def exported(client: Client, **query: str) -> dict[str, dict[str, str]]:
    browser = Browser()
    browser.force_login(User.objects.get(email="affiliate@demo.example"))
    url = reverse("outreach:funnel", kwargs={"client": client.slug})
    sheet = browser.get(url, {"export": "csv", **query}).content.decode("utf-8-sig")
    header, *rows = csv.reader(sheet.splitlines())
    return {row[0]: dict(zip(header, row, strict=True)) for row in rows}


def test_ab10_the_demo_s_funnel_equals_the_world_s_own_count(
    client: Client, sandbox: SandboxServer
) -> None:
    """AB10: by campaign, by owner and over all, with rates and the cost per activated creator."""
    [truth] = sandbox.look("world?brand=lumen")["brands"]
    world, found, owners = truth["reached"], exported(client), exported(client, by="owner")
    with client_scope(client.pk):
        costs: dict[str, Decimal] = {}
        for sku in Sku.objects.exclude(price=None).select_related("product"):
            cost = ((sku.price or Decimal(0)) * COST_SHARE).quantize(Decimal("0.01"))
            product_id = sku.product.product_id
            costs[product_id] = max(cost, costs.get(product_id, cost))
        contacts = {one.name: first_contacts(one, world) for one in outreach.PLANS}
    groups = {name: [name] for name in contacts} | {"All outreach": list(contacts)}
    for person in (outreach.LUCIA, outreach.THEO):
        groups[person.label] = [one.name for one in outreach.PLANS if one.by == person]
    for group, names in groups.items():
        merged: dict[str, datetime] = {}
        for name in names:
            for handle, moment in contacts[name].items():
                merged[handle] = min(moment, merged.get(handle, moment))
        stages, cost = counted(merged, world, costs)
        row = (found | owners)[group]
        assert [int(row[one]) for one in STAGES] == stages, group
        for stage, count in zip(STAGES[1:], stages[1:], strict=True):
            assert Decimal(row[f"{stage} share"]) == Decimal(count) / stages[0], group
        if cost:
            assert Decimal(row["Sample cost"]) == cost, group
        if cost and stages[4]:
            assert Decimal(row["Cost per activated"]) == cost / stages[4], group
    # The world is worth looking at: every stage is reached, and none by everybody.
    every = [int(found["All outreach"][one]) for one in STAGES]
    assert all(0 < count < every[0] for count in every[1:]), every


def test_u1_the_demo_shows_every_result_on_several_channels(client: Client) -> None:
    """U1: sent, queued until Sunday, skipped and failed, each with its reason; answers wait."""
    with client_scope(client.pk):
        rows = {one.name: one for one in Outreach.objects.all()}
        assert {one.channel for one in rows.values()} == {"shop", "target", "email"}
        assert {one.state for one in rows.values()} == {"done", "running"}
        states: dict[str, int] = {}
        for one in rows.values():
            counts = counts_of(one)
            assert sum(counts.values()) == one.total
            states = {key: states.get(key, 0) + count for key, count in counts.items()}
        assert all(states[one] for one in ("sent", "queued", "skipped", "failed")), states
        blank = Recipient.objects.filter(state__in=["queued", "skipped", "failed"], reason="")
        assert not blank.exists()
        assert Thread.objects.filter(waits=True).exists()
        assert Thread.objects.filter(waits=False, answers__state="sent").exists()
        assert Thread.objects.filter(assigned_to__email="affiliate@demo.example").exists()


def test_a_second_start_of_the_demo_writes_nothing_again(
    client: Client, sandbox: SandboxServer
) -> None:
    """Cut off at its end and started again, it sends nothing twice; TikTok's clock is as before."""
    assert outreach.is_written(client)
    before = sandbox.look("clock")["now"]
    [truth] = sandbox.look("world?brand=lumen")["brands"]
    outreach.write(client, now=clock.now())
    [after] = sandbox.look("world?brand=lumen")["brands"]

    def said(world: dict[str, Any]) -> dict[str, int]:
        return {one["handle"]: len(one["written"]) for one in world["reached"]}

    assert sandbox.look("clock")["now"] == before
    assert said(after) == said(truth)
