"""Gates on the evidence and on whether a post may be used, each a named threshold."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

from campaigns.rules.triage_facts import Facts, Rule

UNDATED = frozenset({"availability", "rights", "cover_left", "stock"})
"""Gates on what is kept as it is now, without its history."""

LABELS = {
    "views": "Views",
    "age": "Time since posted",
    "freshness": "Not too old",
    "availability": "Post is up",
    "product": "Product linked",
    "stock": "Stock lasts",
    "rights": "Rights",
    "gpm": "GMV per 1,000 views",
    "orders": "Orders",
    "product_ctr": "Product click rate",
    "view_ratio": "Against the creator's median",
    "engagement": "Engagement",
    "share_rate": "Share rate",
    "cover_left": "Cover left",
}
"""What people call the gates."""

STOCK_AT = 2
"""Paid distribution is expected to double the rate of sale (domain 3.6)."""


class Result(StrEnum):
    """What a gate says."""

    PASS = "pass"  # noqa: S105 - no password
    FAIL = "fail"
    UNKNOWN = "unknown"


class GateKind(StrEnum):
    """What a gate decides: whether there is enough to judge, whether a post may be used at all,
    how good it is, or what is missing before it is launched."""

    EVIDENCE = "evidence"
    HARD = "hard"
    SCORE = "score"
    LAUNCH = "launch"


@dataclass(frozen=True, slots=True)
class Gate:
    """One condition. `points` of `weight` count towards the score; None where there is no data."""

    name: str
    kind: GateKind
    value: str
    threshold: str
    result: Result
    sentence: str
    weight: int = 0
    points: Decimal | None = None


def evidence_gates(facts: Facts, rule: Rule) -> Iterator[Gate]:
    """Whether there is enough to judge: below these nothing is scored (U6)."""
    least = f"at least {rule.min_views:,}"
    if not facts.measured:
        yield Gate(
            "views",
            GateKind.EVIDENCE,
            "not read yet",
            least,
            Result.UNKNOWN,
            "The post's numbers have not been read yet. Wait for the next sync.",
        )
    else:
        enough = facts.views >= rule.min_views
        more = rule.min_views - facts.views
        yield Gate(
            "views",
            GateKind.EVIDENCE,
            f"{facts.views:,}",
            least,
            Result.PASS if enough else Result.UNKNOWN,
            "Enough views to judge rates." if enough else f"Not enough data: {more:,} views short.",
        )
    yield _young(facts, rule)


def _young(facts: Facts, rule: Rule) -> Gate:
    least = f"at least {rule.min_age_hours} h"
    if facts.published_at is None:
        sentence = "When it was published has not been read yet."
        return Gate("age", GateKind.EVIDENCE, "unknown", least, Result.UNKNOWN, sentence)
    age = facts.at - facts.published_at
    passed = age >= timedelta(hours=rule.min_age_hours)
    ready = facts.published_at + timedelta(hours=rule.min_age_hours)
    sentence = "It has run organically long enough."
    if not passed:
        sentence = f"Not enough data: let it run until {ready:%d %b %Y %H:%M} UTC."
    result = Result.PASS if passed else Result.UNKNOWN
    return Gate("age", GateKind.EVIDENCE, _age(age), least, result, sentence)


def hard_gates(facts: Facts, rule: Rule) -> Iterator[Gate]:
    """Whether the post may be used at all."""
    yield _old(facts, rule)
    yield _availability(facts)
    yield _product(facts)
    yield _stock(facts, rule)
    yield _rights(facts)


def _old(facts: Facts, rule: Rule) -> Gate:
    most = f"at most {rule.max_age_days} days"
    if facts.published_at is None:
        sentence = "When it was published has not been read yet."
        return Gate("freshness", GateKind.HARD, "unknown", most, Result.UNKNOWN, sentence)
    age = facts.at - facts.published_at
    passed = age <= timedelta(days=rule.max_age_days)
    sentence = "It is fresh." if passed else "It is too old: what it did then says little now."
    result = Result.PASS if passed else Result.FAIL
    return Gate("freshness", GateKind.HARD, _age(age), most, result, sentence)


_WORDS = {
    "public": (Result.PASS, "The post is public."),
    "ads_only": (Result.PASS, "The post shows through ads only; it may be promoted."),
    "private": (Result.FAIL, "The post is private. Ask the creator to make it public."),
    "deleted": (Result.FAIL, "The post was deleted."),
}


def _availability(facts: Facts) -> Gate:
    # A post that the shop's analytics list is up; its own state is read only once it is authorized.
    default = (
        (Result.PASS, "The shop's analytics list it; TikTok confirms it once it is authorized.")
        if facts.measured
        else (Result.UNKNOWN, "The post has not been read from TikTok yet.")
    )
    result, sentence = _WORDS.get(facts.availability, default)
    value = facts.availability.replace("_", " ")
    return Gate("availability", GateKind.HARD, value, "public", result, sentence)


def _product(facts: Facts) -> Gate:
    result = Result.PASS if facts.has_product else Result.FAIL
    value = "linked" if facts.has_product else "none"
    sentence = "A product of the shop is linked."
    if not facts.has_product:
        sentence = "No product of the shop is linked, so nothing it sells can be measured."
    return Gate("product", GateKind.HARD, value, "linked", result, sentence)


def _stock(facts: Facts, rule: Rule) -> Gate:
    threshold = f"at least {rule.min_stock_days} days at twice the rate"
    if facts.stock is None:
        sentence = "Not enough data: the shop does not tell the stock of the product."
        return Gate("stock", GateKind.HARD, "unknown", threshold, Result.UNKNOWN, sentence)
    units = f"{facts.stock:,} units"
    rate = (facts.units_per_day or Decimal(0)) * STOCK_AT
    if not rate:
        passed = facts.stock > 0
        sentence = "In stock, and nothing sold lately." if passed else "The product is sold out."
        result = Result.PASS if passed else Result.FAIL
        return Gate("stock", GateKind.HARD, units, threshold, result, sentence)
    days = Decimal(facts.stock) / rate
    passed = days >= rule.min_stock_days
    sentence = "The stock lasts." if passed else "The stock would run out. Restock first."
    result = Result.PASS if passed else Result.FAIL
    return Gate("stock", GateKind.HARD, f"{int(days)} days, {units}", threshold, result, sentence)


def _rights(facts: Facts) -> Gate:
    if facts.covered:
        return Gate(
            "rights",
            GateKind.HARD,
            "covered",
            "covered or can be asked for",
            Result.PASS,
            "An authorization and usage terms cover it now.",
        )
    passed = facts.creator_known
    sentence = "The creator can be asked for a Spark code and usage terms."
    if not passed:
        sentence = "Nobody knows its creator yet, so nobody can be asked."
    return Gate(
        "rights",
        GateKind.HARD,
        "can be asked for" if passed else "creator unknown",
        "covered or can be asked for",
        Result.PASS if passed else Result.UNKNOWN,
        sentence,
    )


def launch_gates(facts: Facts, rule: Rule) -> Iterator[Gate]:
    """What is missing before a launch; it does not say how good the post is."""
    threshold = f"at least {rule.min_cover_days} days"
    if not facts.covered:
        value, passed, sentence = "none", False, "Nothing covers it yet. Ask for the rights first."
    elif facts.cover_days is None:
        value, passed, sentence = "no end", True, "Its cover has no end of its own."
    else:
        passed = facts.cover_days >= rule.min_cover_days
        value = f"{facts.cover_days} days"
        sentence = "Enough days are left." if passed else "Its cover ends too soon. Renew it first."
    result = Result.PASS if passed else Result.FAIL
    yield Gate("cover_left", GateKind.LAUNCH, value, threshold, result, sentence)


def _age(age: timedelta) -> str:
    hours = max(int(age / timedelta(hours=1)), 0)
    return f"{hours} h" if hours < 72 else f"{hours // 24} days"
