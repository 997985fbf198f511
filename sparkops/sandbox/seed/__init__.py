"""Seeded worlds: ``demo`` (three brands, 90 days), ``tiny`` (one brand, 30 days), ``empty``."""

from __future__ import annotations

from datetime import datetime

from sparkops.sandbox.seed.accounts import add_apps, add_brand, add_creators
from sparkops.sandbox.seed.campaigns import add_campaigns
from sparkops.sandbox.seed.collaborations import Plans, add_conversations, add_samples
from sparkops.sandbox.seed.orders import OrderSeed
from sparkops.sandbox.seed.plans import BRANDS, SCALES, BrandPlan, Scale
from sparkops.sandbox.seed.posts import PostSeed
from sparkops.sandbox.seed.statements import add_adjustments
from sparkops.sandbox.world import Clock, World

DEFAULT_SEED = 7


def build(name: str, seed: int, started_at: datetime) -> World:
    """The world of that name as of ``started_at``, with its clock ticking from there.

    Raises ``ValueError`` for an unknown name.
    """
    if name not in SCALES:
        raise ValueError(f"There is no world {name!r}. Choose one of {', '.join(SCALES)}.")
    started_at = started_at.replace(microsecond=0)
    world = World(name, seed, started_at, Clock(started_at))
    scale = SCALES[name]
    add_apps(world)
    for plan in BRANDS[: scale.brands]:
        _add(world, plan, scale)
    world.changed()
    return world


def _add(world: World, plan: BrandPlan, scale: Scale) -> None:
    brand = add_brand(world, plan)
    creators = add_creators(world, brand, plan, scale)
    planned = PostSeed(world, brand, plan, creators, scale).run()
    add_campaigns(world, brand, planned)
    plans = Plans(world, brand, creators)
    plans.add()
    if scale.orders:
        OrderSeed(world, brand, plan, plans, scale).run()
        add_adjustments(world, brand)
    if creators:
        add_samples(world, brand, plans, scale)
        add_conversations(world, brand, plans)
