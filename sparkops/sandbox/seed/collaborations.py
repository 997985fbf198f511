"""Plans with creators, samples and conversations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sparkops.sandbox.seed.plans import Scale
from sparkops.sandbox.world import (
    Brand,
    Conversation,
    Creator,
    OpenCollaboration,
    SampleApplication,
    TargetCollaboration,
    TargetCreator,
    TargetProduct,
    World,
)
from sparkops.sandbox.world.outreach import add_text, approve_sample, ship_sample

OPEN_RATES = ("0.15", "0.12", "0.18", "0.10", "0.15")
SHOP_ADS_RATES = ("0.10", "", "0.12", "", "0.08")


@dataclass(frozen=True)
class Terms:
    """The commission a creator gets for a product: the plan that governs, target before open."""

    rate: Decimal
    shop_ads_rate: Decimal | None
    open_collaboration_id: str = ""
    target_collaboration_id: str = ""


class Plans:
    """The collaborations of one brand."""

    def __init__(self, world: World, brand: Brand, creators: list[Creator]) -> None:
        self.world, self.brand, self.creators = world, brand, creators
        self.products = [p for p in world.products.values() if p.shop_id == brand.shop_id]
        self.open: dict[str, OpenCollaboration] = {}
        self.targets: list[TargetCollaboration] = []

    def add(self) -> None:
        started = self.world.started_at
        for index, product in enumerate(self.products):
            ads_rate = SHOP_ADS_RATES[index % len(SHOP_ADS_RATES)]
            plan = OpenCollaboration(
                id=self.world.new_id("open_collaboration"),
                shop_id=self.brand.shop_id,
                product_id=product.id,
                rate=Decimal(OPEN_RATES[index % len(OPEN_RATES)]),
                shop_ads_rate=Decimal(ads_rate) if ads_rate else None,
                created_at=started - timedelta(days=200),
                # The last product's plan is about to end.
                ends_at=started + timedelta(days=9) if product is self.products[-1] else None,
            )
            self.world.open_collaborations[plan.id] = plan
            self.open[product.id] = plan
        if self.creators:
            self._target("Core creators", self.creators[:6], 120, 75)
            self._target("Launch week", self.creators[6:10] or self.creators[:2], 40, 5)
            self._target("Spring test", self.creators[3:5], 100, -20)

    def _target(self, name: str, creators: list[Creator], began: int, ends_in: int) -> None:
        started = self.world.started_at
        created = started - timedelta(days=began)
        plan = TargetCollaboration(
            id=self.world.new_id("target_collaboration"),
            shop_id=self.brand.shop_id,
            name=f"{self.brand.name}: {name}",
            message="We liked your last post and would love to work with you.",
            created_at=created,
            updated_at=created,
            ends_at=started + timedelta(days=ends_in),
            products=[
                TargetProduct(product.id, Decimal("0.20"), Decimal("0.12"))
                for product in self.products[:2]
            ],
            creators=[
                TargetCreator(c.id, created, created + timedelta(days=2) if i % 3 != 2 else None)
                for i, c in enumerate(creators)
            ],
            contact_email=f"partners@{self.brand.key}.example",
        )
        self.world.target_collaborations[plan.id] = plan
        self.targets.append(plan)

    def terms(self, creator_id: str, product_id: str, moment: datetime) -> Terms | None:
        """What is paid for an order at that moment, or None without any plan."""
        for plan in self.targets:
            accepted = any(
                member.creator_id == creator_id
                and member.accepted_at is not None
                and member.accepted_at <= moment
                for member in plan.creators
            )
            offer = next((p for p in plan.products if p.product_id == product_id), None)
            if accepted and offer and plan.created_at <= moment < plan.ends_at:
                return Terms(offer.rate, offer.shop_ads_rate, target_collaboration_id=plan.id)
        own = self.open.get(product_id)
        if own is None or (own.ends_at and own.ends_at <= moment):
            return None
        return Terms(own.rate, own.shop_ads_rate, open_collaboration_id=own.id)


def add_samples(world: World, brand: Brand, plans: Plans, scale: Scale) -> None:
    """Sample applications from asked to fulfilled, late and refused, with their orders."""
    rng = world.random("samples", brand.key)
    now = world.started_at
    for index in range(scale.samples):
        creator = plans.creators[index % len(plans.creators)]
        product = plans.products[index % len(plans.products)]
        ago = [1.2, 3.5, 6.0, 12.0, 18.0, 26.0, 33.0, 41.0, 48.0, 55.0][index % 10]
        created = (now - timedelta(days=ago, hours=rng.randrange(20))).replace(microsecond=0)
        terms = plans.terms(creator.id, product.id, created)
        application = SampleApplication(
            id=world.new_id("sample"),
            shop_id=brand.shop_id,
            creator_id=creator.id,
            product_id=product.id,
            sku_id=product.skus[0].id,
            commission_rate=terms.rate if terms else Decimal("0.10"),
            created_at=created,
            approve_by=created + timedelta(days=7),
            target_collaboration_id=terms.target_collaboration_id if terms else "",
        )
        world.samples[application.id] = application
        if index % 10 < 2:
            continue
        if index % 7 == 6:
            application.rejected_at = created + timedelta(days=1)
            application.reject_reason = "NOT_MATCH"
            continue
        approve_sample(world, application, created + timedelta(hours=20))
        ship_sample(
            world, application, created + timedelta(hours=66), rng.randrange(10**15, 10**16)
        )
        _link_posts(world, application)


def _link_posts(world: World, application: SampleApplication) -> None:
    """The creator's first post with the product after delivery fulfils the sample."""
    delivered = application.delivered_at
    fitting = [
        post
        for post in world.posts.values()
        if post.creator_id == application.creator_id
        and application.product_id in post.product_ids
        and delivered is not None
        and post.posted_at > delivered
    ]
    first = min(fitting, key=lambda post: post.posted_at, default=None)
    if first:
        application.item_ids.append(first.item_id)


CHATS = (
    ("Hi {name}, we love your last video. Would you try our {product}?", "Sure, send it over!"),
    ("Hi {name}, could you share an ad code for your {product} post?", "Sending it tonight"),
    ("Hi {name}, your code ends soon. Could you extend it by 30 days?", ""),
    ("Hi {name}, thanks for posting!", "It was fun. What rate do you offer for ads?"),
)


def add_conversations(world: World, brand: Brand, plans: Plans) -> None:
    """Threads with some creators; a few wait for an answer, one hands in a code nobody used."""
    unused = [
        code
        for code in world.codes.values()
        if world.posts[code.item_id].brand_key == brand.key
        and not any(r.code_text == code.text for r in world.redemptions)
    ]
    quota = world.quotas[brand.shop_id]
    for index, creator in enumerate(plans.creators[:12]):
        asked = world.started_at - timedelta(days=1.3 * index + 0.4)
        conversation = Conversation(
            id=world.new_id("conversation"),
            shop_id=brand.shop_id,
            creator_id=creator.id,
            created_at=asked.replace(microsecond=0),
        )
        world.conversations[conversation.id] = conversation
        quota.contacted_creator_ids.append(creator.id)
        question, answer = CHATS[index % len(CHATS)]
        product = plans.products[index % len(plans.products)].title
        add_text(
            world,
            conversation,
            question.format(name=creator.display_name, product=product),
            asked,
            False,
        )
        if answer:
            add_text(world, conversation, answer, asked + timedelta(hours=5), True)
            conversation.unread_count = 1
    for code in unused[:2]:
        thread = next(
            (c for c in world.conversations.values() if c.creator_id == code.creator_id), None
        )
        if thread:
            add_text(world, thread, f"here is the code: {code.text}", code.starts_at, True)
