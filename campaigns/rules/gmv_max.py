"""The gate of a planned GMV Max campaign (TA6, TA10, N3, PD11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from authorizations.rules.cover import Cover
from campaigns.rules.economics import Bounds, target_check
from campaigns.rules.launch import Check, Gate, Plan, Policy, budget_checks, flight_check

WAITS = ("primary_account", "free_products")
"""What TikTok is asked right before anything is created."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A post that is to run, with its cover for the whole flight and what a cap says against it."""

    title: str
    cover: Cover
    links_product: bool
    stop: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A campaign as it is planned. `only_chosen` says that it runs the chosen posts alone."""

    products: int
    target: Decimal
    chosen: Sequence[Chosen]
    only_chosen: bool


def gmv_max_gate(
    wanted: Wanted, plan: Plan, bounds: Bounds, *, now: datetime, policy: Policy
) -> Gate:
    """Every check of one campaign; what TikTok is asked only later does not refuse yet."""
    running = wanted.chosen if wanted.only_chosen else ()
    return Gate(
        (
            flight_check(plan, now),
            _products(wanted),
            *((_posts(wanted),) if wanted.only_chosen else ()),
            *(_cover(running) if running else ()),
            *(Check("agreed_cap", one.title, "room left", False, f"{one.title}: {one.stop}")
              for one in running if one.stop),
            *budget_checks(plan, policy),
            target_check(wanted.target, bounds),
            Check("primary_account", "", "this ad account", False,
                  "TikTok is asked who holds the shop's GMV Max right before anything is created."),
            Check("free_products", "", "in no other ad", False,
                  "TikTok is asked which ads use the products before anything is created."),
        )
    )  # fmt: skip


def _products(wanted: Wanted) -> Check:
    passed = wanted.products > 0
    sentence = "It has products to sell." if passed else "Choose at least one product of the shop."
    return Check("products", str(wanted.products), "at least 1", passed, sentence)


def _posts(wanted: Wanted) -> Check:
    without = [one.title for one in wanted.chosen if not one.links_product]
    passed = bool(wanted.chosen) and not without
    sentence = "Each post links a product of the campaign."
    if without:
        sentence = f"No product of the campaign is linked by {', '.join(without)}. Take it out."
    elif not passed:
        sentence = "Choose the posts that it may run, or let TikTok choose."
    return Check("posts", str(len(wanted.chosen)), "linking a product", passed, sentence)


def _cover(running: Sequence[Chosen]) -> Sequence[Check]:
    lacking = [one for one in running if not one.cover.covered]
    sentence = " ".join(f"{one.title}: {one.cover.sentence}" for one in lacking)
    return (
        Check(
            "cover",
            f"{len(running) - len(lacking)} of {len(running)}",
            "for the whole flight",
            not lacking,
            sentence or "The permission of every post outlasts the campaign.",
        ),
    )
