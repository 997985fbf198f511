"""Posts and Spark codes in every state a team meets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sparkops.sandbox.seed.plans import BrandPlan, Scale
from sparkops.sandbox.world import Brand, Creator, Music, Post, Redemption, World
from sparkops.sandbox.world.access import make_code


@dataclass(frozen=True)
class CodePlan:
    """A post with a code. ``ends_in`` is days from now until the code ends (negative: past).

    ``fate``: live, expired, revoked, deleted, private, unredeemed, renewed, music, dropped.
    ``lost_ago`` days ago the fate happened. ``ad``: whether an enabled Spark ad uses the post.
    """

    fate: str
    days: int
    ends_in: float
    ad: bool
    lost_ago: float = 0


# The order matters for small worlds: they take the first ones.
CODE_PLANS = (
    CodePlan("live", 60, 48.3, ad=True),
    CodePlan("live", 30, 0.6, ad=True),
    CodePlan("live", 30, 2.4, ad=True),
    CodePlan("expired", 30, -2.2, ad=True),
    CodePlan("live", 30, 5.6, ad=True),
    CodePlan("revoked", 60, 31.4, ad=True, lost_ago=1.5),
    CodePlan("live", 30, 12.7, ad=True),
    CodePlan("deleted", 60, 25.8, ad=True, lost_ago=3.1),
    CodePlan("live", 30, 19.2, ad=False),
    CodePlan("private", 60, 38.5, ad=True, lost_ago=0.8),
    CodePlan("unredeemed", 30, 24.4, ad=False),
    CodePlan("renewed", 30, 27.9, ad=True),
    CodePlan("live", 365, 301.2, ad=True),
    CodePlan("live", 60, 33.3, ad=True),
    CodePlan("live", 30, 2.8, ad=False),
    CodePlan("live", 30, 6.6, ad=True),
    CodePlan("live", 30, 13.4, ad=False),
    CodePlan("live", 30, 17.1, ad=True),
    CodePlan("live", 30, 20.6, ad=True),
    CodePlan("live", 60, 41.9, ad=True),
    CodePlan("live", 60, 44.0, ad=False),
    CodePlan("live", 365, 330.5, ad=True),
    CodePlan("live", 60, 29.7, ad=False),
    CodePlan("live", 60, 36.1, ad=True),
    CodePlan("expired", 30, -9.5, ad=False),
    CodePlan("expired", 7, -21.4, ad=False),
    CodePlan("expired", 30, -14.3, ad=False),
    CodePlan("expired", 30, -30.8, ad=False),
    CodePlan("expired", 30, -0.4, ad=True),
    CodePlan("revoked", 30, 11.2, ad=False, lost_ago=6.0),
    CodePlan("revoked", 60, 40.2, ad=False, lost_ago=11.0),
    CodePlan("deleted", 30, 9.1, ad=False, lost_ago=8.2),
    CodePlan("private", 30, 15.5, ad=False, lost_ago=5.0),
    CodePlan("unredeemed", 60, 51.3, ad=False),
    CodePlan("unredeemed", 30, 4.2, ad=False),
    CodePlan("unredeemed", 30, -3.0, ad=False),
    CodePlan("renewed", 30, 22.2, ad=True),
    CodePlan("renewed", 30, 3.7, ad=True),
    CodePlan("music", 60, 47.0, ad=False),
    CodePlan("music", 30, 18.8, ad=False),
    CodePlan("dropped", 60, 35.0, ad=True, lost_ago=2.0),
)
SONGS = (("late summer", "The Someones"), ("tape hiss", "Nora Vale"), ("go slow", "Ludo K"))


@dataclass
class PlannedAd:
    """A post that wants an enabled Spark ad, from the moment its first code was redeemed."""

    post: Post
    redeemed_at: datetime
    plan: CodePlan


class PostSeed:
    """Makes the posts of one brand."""

    def __init__(
        self, world: World, brand: Brand, plan: BrandPlan, creators: list[Creator], scale: Scale
    ) -> None:
        self.world, self.brand, self.plan, self.scale = world, brand, plan, scale
        self.creators = creators
        self.rng = world.random("posts", brand.key)
        self.products = [p for p in world.products.values() if p.shop_id == brand.shop_id]
        self.count = 0

    def run(self) -> list[PlannedAd]:
        """All posts; returns those that get an enabled Spark ad."""
        planned = []
        coded = CODE_PLANS[: min(len(CODE_PLANS), self.scale.posts * 6 // 10)]
        for plan in coded:
            planned.append(self._coded(plan))
        for index in range(self.scale.posts - len(coded)):
            ago = self.scale.days * (index + self.rng.random()) / (self.scale.posts - len(coded))
            self._post(self.world.started_at - timedelta(days=ago))
        if self.scale.posts:
            self._ahead()
        return [one for one in planned if one.plan.ad]

    def _ahead(self) -> None:
        """Posts of the days to come, for a clock that runs forward."""
        for index in range(self.scale.posts // 6):
            ahead = self.scale.future_days * (index + self.rng.random()) * 6 / self.scale.posts
            self._post(self.world.started_at + timedelta(days=ahead))

    def _post(self, posted_at: datetime) -> Post:
        rng, world = self.rng, self.world
        creator = self._creator()
        chosen = self._products()
        title = chosen[0]
        caption = self._caption(title.title, title.skus[0].price)
        seconds = int(posted_at.timestamp())
        self.count += 1
        carousel = self.count % 14 == 9
        song = SONGS[self.count % len(SONGS)] if self.count % 4 == 0 else None
        post = Post(
            item_id=str((seconds << 32) + rng.getrandbits(24) * 256 + self.count % 256),
            creator_id=creator.id,
            brand_key=self.brand.key,
            posted_at=posted_at.replace(microsecond=0),
            caption=caption,
            duration=round(rng.uniform(9, 75), 3),
            product_ids=[product.id for product in chosen],
            reach=int(10 ** rng.uniform(2.9, 4.7) * (creator.follower_count / 20000) ** 0.3),
            item_type="CAROUSEL" if carousel else "VIDEO",
            hash_tags=[word for word in caption.split() if word.startswith("#")],
            music=Music(world.new_id("music"), song[0], song[1], licensed=True) if song else None,
            disclosed=self.count % 11 != 7,
        )
        if self.count % 13 == 5:
            post.viral_at = post.posted_at + timedelta(days=rng.uniform(2, 12))
            post.reach *= 4
        world.posts[post.item_id] = post
        return post

    def _creator(self) -> Creator:
        """A few creators make most of the posts."""
        place = int(len(self.creators) * self.rng.random() ** 1.7)
        return self.creators[min(place, len(self.creators) - 1)]

    def _products(self):
        weights = [plan.share for plan in self.plan.products]
        first = self.rng.choices(self.products, weights)[0]
        others = [product for product in self.products if product is not first]
        return [first, self.rng.choice(others)] if self.rng.random() < 0.08 else [first]

    def _caption(self, product: str, price: object) -> str:
        tag = next(plan.tag for plan in self.plan.products if plan.title == product)
        text = self.rng.choice(self.plan.captions)
        return text.format(product=product, price=price, tag=tag) + f" #{tag} #tiktokshop"

    def _coded(self, plan: CodePlan) -> PlannedAd:
        now, rng = self.world.started_at, self.rng
        starts_at = now + timedelta(days=plan.ends_in - plan.days)
        if plan.fate == "renewed":
            starts_at -= timedelta(days=plan.days - 3)
        post = self._post(starts_at - timedelta(days=rng.uniform(0.5, 4)))
        post.item_type, post.reach = "VIDEO", max(post.reach, 9000)
        code = make_code(self.world, post.item_id, starts_at, plan.days)
        redeemed_at = starts_at + timedelta(hours=rng.uniform(3, 40))
        self._happen(plan, post)
        if plan.fate == "unredeemed":
            return PlannedAd(post, redeemed_at, plan)
        self._redeem(post, code.text, redeemed_at)
        if plan.fate == "renewed":
            again = code.ends_at - timedelta(days=3)
            renewed = make_code(self.world, post.item_id, again, plan.days)
            self._redeem(post, renewed.text, again + timedelta(hours=9))
        return PlannedAd(post, redeemed_at, plan)

    def _happen(self, plan: CodePlan, post: Post) -> None:
        at = (self.world.started_at - timedelta(days=plan.lost_ago)).replace(microsecond=0)
        if plan.fate == "revoked":
            self.world.codes_of(post.item_id)[0].revoked_at = at
        elif plan.fate == "deleted":
            post.deleted_at = at
        elif plan.fate == "private":
            post.private_at = at
        elif plan.fate == "dropped":
            post.link_dropped_at = at
        elif plan.fate == "music":
            title, author = SONGS[0]
            post.music = Music(self.world.new_id("music"), title, author, licensed=False)

    def _redeem(self, post: Post, code_text: str, at: datetime) -> None:
        """Redeemed in the account the post's ads run in; every third post in all accounts."""
        accounts = self.brand.advertiser_ids
        used = accounts if self.count % 3 == 0 else [accounts[self.count % len(accounts)]]
        moment = at.replace(microsecond=0)
        for advertiser_id in used:
            self.world.redemptions.append(
                Redemption(advertiser_id, post.item_id, code_text, moment)
            )
