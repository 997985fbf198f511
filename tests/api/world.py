"""One client with something of every kind that the API shows."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from authorizations.actions.fees import agree_fee
from authorizations.actions.links import make_link
from authorizations.actions.terms import record_terms
from authorizations.models import Authorization, Case, Finding, Redemption
from campaigns.actions.caps import CapDraft, set_cap
from campaigns.actions.gmv_max_launch import GmvMaxDraft, plan_gmv_max
from campaigns.actions.plans import Draft, make_plan, set_limit
from campaigns.actions.templates import TemplateDraft, make_template
from campaigns.models import (
    Ad,
    AdComment,
    AdDay,
    AdGroup,
    AdHour,
    ApprovalLink,
    BackTest,
    Campaign,
    EvidencePack,
    GmvMaxChoice,
    GmvMaxDay,
    GuardCheck,
    GuardRule,
    Launch,
    Plan,
)
from creators.actions.applications import apply
from creators.models import (
    Block,
    Collaboration,
    Creator,
    CreatorBatch,
    MarketHit,
    MarketSearch,
    MatchClues,
    Post,
    PostBatch,
    PostMatch,
    RateChange,
    Sample,
)
from profit.actions.costs import CostEntered, add_creator_fee, add_custom_cost, set_unit_cost
from profit.models import CreatorFee, CustomCost, FeeRule, Restatement
from sparkops.alerts.models import Alert
from sparkops.audit.record import Actor
from sparkops.catalog.models import AdAccount, FxRate, Product, Sku
from sparkops.desk.models import SavedView
from sparkops.hooks.models import Delivery, Endpoint
from sparkops.intake.actions.start import start_pasted
from sparkops.outreach.models import (
    Collision,
    Exclusivity,
    Outreach,
    Recipient,
    Reply,
    SavedAnswer,
    Segment,
    Thread,
)
from sparkops.renewals.actions.runs import start_run
from sparkops.renewals.models import Ask
from sparkops.renewals.queries.messages import Offer
from sparkops.reports.models import Link, Report
from sparkops.talk.models import Comment, Task
from sparkops.tenants.models import Client
from tests.factories import rights
from tests.factories.creators import day_numbers, make_post, make_sample
from tests.factories.terms import terms
from tests.factories.triage import on_the_board
from tests.profit.conftest import NOW, Books, make_books

OLA = Actor("Ola Owner", 1)
TODAY = date(2026, 11, 20)
# Days that hold the orders of the samples.
PERIOD = {"since": "2026-10-15", "until": "2026-11-20"}


@dataclass
class World:
    """The rows that tests name."""

    books: Books
    creator: Creator
    post: Post
    authorization: Authorization
    redemption: Redemption
    account: AdAccount
    ad: Ad
    launch: Launch
    sku: Sku
    rows: dict[str, int]

    def more(self, number: int) -> None:
        """Another row of each kind that costs queries per row where a list is careless."""
        code = f"#{number:02}{rights.CODE[3:]}"
        post = make_post(f"more{number}", days={TODAY: day_numbers(3, "1.00")})
        row = rights.authorized(post, ends_at=NOW + timedelta(days=20), code=code, now=NOW)
        creator = row.creator
        assert creator is not None
        make_sample(creator, "delivered", post=post)
        _terms(creator, post)
        _collaboration(self.books, f"9{number}")
        ad = _ad(self.account, post, f"18{number:02}")
        _launch(post, self.account, ad)
        _alert(f"more-{number}", post)
        _fee(creator, self.books)
        programme(creator, post, ad, self.account, f"more{number}")
        _custom_cost(self.books)
        _restated(self.books, f"57743000000000010{number}")
        product = Product.objects.create(
            shop=self.books.shop, product_id=f"p{number}", title=f"Product {number}"
        )
        sku = Sku.objects.create(product=product, sku_id=f"s{number}")
        _cost(sku)
        MatchClues.objects.create(product=product, keywords=["glow"])


def make_world(client_id: int) -> World:
    """The samples of the contracts, booked, and beside them one row of everything else."""
    books = make_books(client_id)
    books.read_samples()
    books.book()
    post = make_post("maya.glow", days={TODAY: day_numbers(900, "120.50")})
    authorization = rights.authorized(post, ends_at=NOW + timedelta(days=10), now=NOW)
    creator = authorization.creator
    assert creator is not None
    account = AdAccount.objects.get()
    make_sample(creator, "overdue", post=post)
    _terms(creator, post)
    _collaboration(books, "1")
    ad = _ad(account, post, "17")
    sku = Sku.objects.order_by("pk")[0]
    _cost(sku)
    MatchClues.objects.create(product=sku.product, keywords=["serum"])
    _fee(creator, books)
    _custom_cost(books)
    _restated(books, "577430000000000001")
    FxRate.objects.create(day=TODAY, base="EUR", quote="USD", rate=Decimal("1.1"), source="Bank")
    _alert("one", post)
    return World(
        books,
        creator,
        post,
        authorization,
        Redemption.objects.get(),
        account,
        ad,
        _launch(post, account, ad),
        sku,
        programme(creator, post, ad, account, "one"),
    )


def _terms(creator: Creator, post: Post) -> None:
    record_terms(
        creator_id=creator.pk,
        post_id=post.pk,
        starts_on=date(2026, 11, 1),
        ends_on=date(2026, 12, 31),
        price=Decimal("250"),
        currency="USD",
        by=OLA,
        now=NOW,
    )


def _collaboration(books: Books, number: str) -> None:
    Collaboration.objects.create(
        shop=books.shop, kind="open", collaboration_id=number, status="ONGOING"
    )


def _ad(account: AdAccount, post: Post, number: str) -> Ad:
    campaign = Campaign.objects.create(
        ad_account=account,
        campaign_id=f"{number}1",
        name="Autumn",
        kind="spark",
        budget=Decimal("50"),
        seen_at=NOW,
    )
    group = AdGroup.objects.create(
        campaign=campaign, adgroup_id=f"{number}2", name="All", seen_at=NOW
    )
    ad = Ad.objects.create(
        ad_group=group,
        ad_account=account,
        post=post,
        ad_id=f"{number}3",
        name="Glow",
        state="live",
        item_id=post.item_id,
        seen_at=NOW,
    )
    AdDay.objects.create(ad=ad, day=TODAY, currency="USD", spend=Decimal("12.34"), read_at=NOW)
    AdHour.objects.create(
        ad=ad, day=TODAY, hour=9, currency="USD", spend=Decimal("1.25"), read_at=NOW
    )
    GmvMaxDay.objects.create(
        campaign=campaign,
        grain="creative",
        key=post.item_id,
        day=TODAY,
        post=post,
        currency="USD",
        cost=Decimal("3"),
        read_at=NOW,
    )
    return ad


def _launch(post: Post, account: AdAccount, ad: Ad) -> Launch:
    return Launch.objects.create(
        post=post,
        ad_account=account,
        ad=ad,
        name="Spark maya.glow",
        objective="VIDEO_VIEWS",
        daily_budget=Decimal("50"),
        currency="USD",
        starts_at=NOW,
        ends_at=NOW + timedelta(days=5),
        state="failed",
        created_at=NOW,
        created_by="Ola",
    )


def _cost(sku: Sku) -> None:
    set_unit_cost(sku, Decimal("4.1250"), "USD", date(2026, 1, 1), by=OLA, now=NOW)


def _fee(creator: Creator, books: Books) -> None:
    add_creator_fee(
        creator,
        kind="flat_fee",
        amount=Decimal("300"),
        currency="USD",
        starts_on=TODAY,
        shop=books.shop,
        by=OLA,
        now=NOW,
    )


def _custom_cost(books: Books) -> None:
    cost = CostEntered(
        name="Studio", amount=Decimal("70"), currency="USD", starts_on=TODAY, shop=books.shop
    )
    add_custom_cost(cost, by=OLA, now=NOW)


def _restated(books: Books, order_id: str) -> None:
    Restatement.objects.create(
        shop=books.shop,
        subject=f"order/{order_id}",
        order_id=order_id,
        account="cogs",
        month=TODAY.replace(day=1),
        before=Decimal("0"),
        after=Decimal("4.125"),
        effect=Decimal("-4.125"),
        currency="USD",
        kind="unit_cost",
        cause="Unit cost",
        booked_at=NOW,
    )


def _alert(key: str, post: Post) -> None:
    Alert.objects.create(
        kind="authorization.expiring",
        key=key,
        severity="warning",
        title="An authorization ends",
        path="/",
        subject_type="post",
        subject_id=post.pk,
        at_risk=Decimal("14.2"),
        currency="USD",
        raised_at=NOW,
    )


def programme(
    creator: Creator, post: Post, ad: Ad, account: AdAccount, name: str
) -> dict[str, int]:
    """One row of what people decide about, by the address that shows it."""
    plan = make_plan(
        Draft(name, [post], account, "VIDEO_VIEWS", Decimal(20), NOW, NOW + timedelta(days=3)),
        by=OLA,
        now=NOW,
    )
    cap = set_cap(CapDraft(TODAY, post=post, amount=Decimal(40), currency="USD"), by=OLA, now=NOW)
    rule = GuardRule.objects.create(
        name=name, level="ad", action="pause", mode="suggest", created_at=NOW, created_by="Ola",
        changed_at=NOW, changed_by="Ola",
    )  # fmt: skip
    check = GuardCheck.objects.create(
        rule=rule, version=1, level="ad", ad=ad, outcome="suggested", at=NOW, last_at=NOW,
        inputs=[
            {"metric": "spend", "op": "above", "value": "10", "times": "", "measured": "12.00",
             "threshold": "10.00", "passed": True},
        ],
    )  # fmt: skip
    comment = AdComment.objects.create(
        ad=ad, comment_id=f"c-{name}", text="Fake!", status="PUBLIC", written_at=NOW, seen_at=NOW,
        risk="fake", due_at=NOW + timedelta(hours=4),
    )  # fmt: skip
    application = apply(handle=f"new.{name}", email="new@example.com", message="Hi", now=NOW)
    change = RateChange.objects.create(
        collaboration=Collaboration.objects.order_by("-pk")[0], state="proposed",
        standard_after=Decimal("0.2"), proposed_at=NOW, proposed_by="Ola",
    )  # fmt: skip
    segment = Segment.objects.create(name=name, handles="a", created_at=NOW, created_by="Ola")
    outreach = Outreach.objects.create(
        name=name, segment=segment, body="Hi", actor="Ola", created_at=NOW, state="running"
    )
    recipient = Recipient.objects.create(outreach=outreach, creator=creator, number=1)
    thread, _ = Thread.objects.get_or_create(creator=creator, defaults={"last_at": NOW})
    task, _ = Task.objects.get_or_create(
        subject_type="post", subject_id=post.pk, defaults={"set_by": "Ola", "set_at": NOW}
    )
    Comment.objects.create(
        subject_type="post", subject_id=post.pk, label="Post", author_name="Ola", text="Good",
        created_at=NOW,
    )  # fmt: skip
    client = Client.objects.get(pk=post.client_id)
    endpoint = Endpoint.objects.create(
        organization=client.organization, name=name, url="https://example.com/", secret=b"x",
        created_at=NOW, created_by="Ola", disabled_at=NOW,
    )  # fmt: skip
    delivery = Delivery.objects.create(
        endpoint=endpoint, message_id=f"msg_{name}", event="creator.edited", body="{}",
        happened_at=NOW, created_at=NOW, state="held",
    )  # fmt: skip
    permission = Authorization.objects.get(post=post)
    fee = agree_fee(permission, amount=Decimal(90), currency="USD", by=OLA, now=NOW)
    finding = Finding.objects.create(
        post=post, kind="caption", sentence="The caption differs.", noticed_at=NOW
    )
    case = Case.objects.create(post=post, finding=finding, hold_until=TODAY, opened_at=NOW)
    template = terms(name, now=NOW)
    link = make_link(post, template, days=30, by=OLA, now=NOW).link
    run = start_run([permission], Offer(30), "", by=OLA, now=NOW)
    message = Ask.objects.get(run=run)
    view = SavedView.objects.create(
        page="posts/", section="Posts", name=name, query="q=a", owner_name="Ola", is_shared=True,
        created_at=NOW,
    )  # fmt: skip
    Block.objects.create(
        creator=creator, reason="Bought views", blocked_at=NOW, blocked_by="Ola", lifted_at=NOW,
        lifted_by="Ola",
    )  # fmt: skip
    SavedAnswer.objects.create(name=name, body="Hi {creator}")
    Reply.objects.create(
        creator=creator, conversation_id="c", message_id=name, text="Yes, please", sent_at=NOW
    )
    collision = Collision.objects.create(kind="bid", subject=name, post=post, ads=2, since=NOW)
    held = Exclusivity.objects.create(
        creator=creator, starts_on=TODAY, ends_on=TODAY, actor="Ola", created_at=NOW
    )
    done = {"kind": "tag", "tag": name, "chosen": 1, "changed": 1, "done_at": NOW, "done_by": "Ola"}
    of_posts = PostBatch.objects.create(before={str(post.pk): None}, **done)
    of_creators = CreatorBatch.objects.create(before={str(creator.pk): None}, **done)
    launches = launching(plan, ad, post, account, name)
    match = PostMatch.objects.create(
        post=post, state="review", reasons=["Two products fit."], seen_at=NOW,
        evidence=[{"sentence": "The caption says “serum”.", "product": "1"}],
    )  # fmt: skip
    verdict = on_the_board(post)
    tried = BackTest.objects.create(
        settings={}, created_at=NOW, created_by="Ola", total=1, done=1, finished_at=NOW,
        lines=[{
            "post_id": post.pk, "post": str(post), "day": TODAY.isoformat(), "score": 80,
            "profit": "12.5", "currency": "USD",
        }],
    )  # fmt: skip
    pack = EvidencePack.objects.create(
        post=post, steps=2, progress=2, state="ready", document="{}", sha256="44136fa3",
        requested_at=NOW, requested_by="Ola", ready_at=NOW,
    )  # fmt: skip
    number = 1 if name == "one" else 3
    lines = [f"@{name}.{one}" for one in range(number)]
    sheet = start_pasted("\n".join(["handle", *lines]), by=OLA, now=NOW)
    return {
        "imports": sheet.pk, "post-matches": match.pk, "verdicts": verdict.pk,
        "back-tests": tried.pk, "evidence-packs": pack.pk, **launches,
        **read_elsewhere(name, number),
        "post-batches": of_posts.pk, "creator-batches": of_creators.pk, "collisions": collision.pk,
        "exclusivities": held.pk, "outreach-recipients": recipient.pk,
        "fees": fee.pk, "findings": finding.pk, "cases": case.pk, "creator-links": link.pk,
        "terms-versions": template.pk, "requests": run.pk, "request-messages": message.pk,
        "saved-views": view.pk, "guards": rule.pk,
        "comments": Comment.objects.order_by("-pk")[0].pk,
        "creator-fees": CreatorFee.objects.order_by("pk")[0].pk,
        "custom-costs": CustomCost.objects.order_by("pk")[0].pk,
        "exchange-rates": FxRate.objects.order_by("pk")[0].pk,
        "fee-rules": FeeRule.objects.order_by("pk")[0].pk,
        "plans": plan.pk, "caps": cap.pk, "guard-checks": check.pk, "ad-comments": comment.pk,
        "applications": application.pk, "rate-changes": change.pk, "outreaches": outreach.pk,
        "conversations": thread.pk, "tasks": task.pk, "webhook-messages": delivery.pk,
        "collaborations": change.collaboration_id, "samples": Sample.objects.order_by("pk")[0].pk,
    }  # fmt: skip


def launching(plan: Plan, ad: Ad, post: Post, account: AdAccount, name: str) -> dict[str, int]:
    """A template, a limit, a GMV Max campaign in a plan, a chosen post, and a link for approval."""
    template = make_template(
        TemplateDraft(
            name, "{client} {post}", "VIDEO_VIEWS", "ENGAGED_VIEW", Decimal(50), None, "tiktok", 1,
            7,
        ),
        by=OLA,
        now=NOW,
    )  # fmt: skip
    set_limit("USD", max_daily=Decimal(1000), max_total=None, by=OLA, now=NOW)
    product = Product.objects.select_related("shop").order_by("pk")[0]
    ends_at = NOW + timedelta(days=5)
    planned = GmvMaxDraft(
        f"GMV Max {name}", product.shop, account, [product], Decimal(100), Decimal(2), NOW, ends_at,
        posts="only", picks=[post],
    )  # fmt: skip
    plan_gmv_max(planned, by=OLA, now=NOW)
    choice = GmvMaxChoice.objects.create(
        campaign=ad.ad_group.campaign, post=post, included=True, state="done", asked_at=NOW,
        asked_by="Ola",
    )  # fmt: skip
    link = ApprovalLink.objects.create(
        plan=plan, secret_hash=name, recipient="Ada of Glow", snapshot={}, created_at=NOW,
        created_by="Ola", expires_at=ends_at,
    )  # fmt: skip
    return {
        "launch-templates": template.pk, "gmv-max-choices": choice.pk, "approval-links": link.pk,
    }  # fmt: skip


def read_elsewhere(name: str, number: int) -> dict[str, int]:
    """A search of the marketplace that found `number` creators, and a report with a link."""
    shop = Product.objects.select_related("shop").order_by("pk")[0].shop
    search = MarketSearch.objects.create(
        shop=shop, name=name, state="done", asked_at=NOW, asked_by="Ola", hits=number
    )
    for position in range(number):
        MarketHit.objects.create(
            search=search, creator_id=f"9{position}", handle=f"found.{position}", fit=70,
            position=position, gmv_least=Decimal(100), gmv_most=Decimal(1000), currency="USD",
            reasons=[{"text": "Sells what you sell."}],
        )  # fmt: skip
    first = TODAY - timedelta(weeks=Report.objects.count() + 4)
    report = Report.objects.create(
        every="week", first=first, last=first + timedelta(days=6), parts=["spend"],
        content={"answers": [["Their posts", 3]]}, made_at=NOW, made_by="Ola",
    )  # fmt: skip
    link = Link.objects.create(
        report=report, recipient="ada@glow.example", created_at=NOW, created_by="Ola",
        expires_at=NOW + timedelta(days=9),
    )  # fmt: skip
    return {"market-searches": search.pk, "reports": report.pk, "report-links": link.pk}
