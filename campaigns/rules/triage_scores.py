"""Gates on how good a post is. A rate is told with its counts, and not at all over few views."""

from collections.abc import Iterator
from decimal import Decimal

from campaigns.rules.triage_facts import Facts, Rule
from campaigns.rules.triage_gates import Gate, GateKind, Result


def score_gates(facts: Facts, rule: Rule) -> Iterator[Gate]:
    """How good it is: weights add up to a hundred, a near miss earns part of its points."""
    yield _gpm(facts, rule)
    yield _orders(facts, rule)
    yield _clicks(facts, rule)
    yield _view_ratio(facts, rule)
    yield _engagement(facts, rule)
    yield _rate("share_rate", 10, facts.shares, "shares", rule.share_rate, facts, rule)


def break_even_gpm(rule: Rule, break_even_roas: Decimal) -> Decimal:
    """GMV per 1,000 views at which a paid impression earns its price: CPM / margin before ads.

    `break_even_roas` is gmv / cm_before_ads, the reciprocal of that margin (domain 3.6, 6.5).
    """
    return rule.cpm * break_even_roas * rule.gpm_factor


def _gpm(facts: Facts, rule: Rule) -> Gate:
    if facts.break_even_roas is None:
        threshold = f"break-even at a CPM of {rule.cpm:,.2f} {rule.currency}"
        sentence = (
            "Not enough data: profit published no margin for its products. Enter unit costs first."
        )
        return _no_data("gpm", 25, _money(_per_thousand(facts), facts), threshold, sentence)
    needed = break_even_gpm(rule, facts.break_even_roas)
    threshold = f"at least {needed:,.2f} {rule.currency}"
    if facts.currency and facts.currency != rule.currency:
        sentence = f"The rule's CPM is in {rule.currency}, the post sells in {facts.currency}."
        return _no_data("gpm", 25, _money(_per_thousand(facts), facts), threshold, sentence)
    if _thin(facts, rule):
        return _no_data("gpm", 25, "—", threshold, _THIN)
    value = _per_thousand(facts)
    passed = value >= needed
    sentence = (
        "A paid impression would earn its price."
        if passed
        else "A paid impression would cost more than it earns."
    )
    return _scored("gpm", 25, value, needed, _money(value, facts), threshold, sentence)


def _orders(facts: Facts, rule: Rule) -> Gate:
    value, needed = facts.orders, rule.min_orders
    sentence = "It sells." if value >= needed else "It has sold too little to say that it sells."
    if not facts.measured:
        return _no_data("orders", 20, "—", f"at least {needed:,}", _THIN)
    return _scored(
        "orders",
        20,
        Decimal(value),
        Decimal(needed),
        f"{value:,}",
        f"at least {needed:,}",
        sentence,
    )


def _clicks(facts: Facts, rule: Rule) -> Gate:
    """Few clicks say nothing where even a good post would have few."""
    expected = facts.views * rule.product_ctr
    if facts.product_clicks < rule.min_clicks and expected < rule.min_clicks:
        threshold = f"at least {_percent(rule.product_ctr)}"
        value = f"{facts.product_clicks:,} of {facts.views:,}"
        sentence = f"Not enough data: fewer than {rule.min_clicks} clicks."
        return _no_data("product_ctr", 15, value, threshold, sentence)
    return _rate("product_ctr", 15, facts.product_clicks, "clicks", rule.product_ctr, facts, rule)


def _view_ratio(facts: Facts, rule: Rule) -> Gate:
    threshold = f"at least {rule.view_ratio:g}× the creator's median"
    if facts.prior_posts < rule.min_prior_posts or not facts.baseline_views:
        sentence = (
            f"No baseline: {facts.prior_posts} earlier posts of the creator are known,"
            f" {rule.min_prior_posts} are needed."
        )
        return _no_data("view_ratio", 15, "no baseline", threshold, sentence)
    ratio = facts.views / facts.baseline_views
    value = f"{ratio:.2f}×, median {facts.baseline_views:,.0f}"
    passed = ratio >= rule.view_ratio
    sentence = (
        "It outruns the creator's other posts." if passed else "It runs like the creator's others."
    )
    return _scored("view_ratio", 15, ratio, rule.view_ratio, value, threshold, sentence)


def _engagement(facts: Facts, rule: Rule) -> Gate:
    counted = facts.likes + facts.comments + facts.shares
    needed = max(rule.engagement_rate, facts.shop_engagement or Decimal(0))
    return _rate("engagement", 15, counted, "reactions", needed, facts, rule)


def _rate(
    name: str,
    weight: int,
    counted: int,
    noun: str,
    needed: Decimal,
    facts: Facts,
    rule: Rule,
) -> Gate:
    """A rate over views, always with the counts behind it."""
    threshold = f"at least {_percent(needed)}"
    value = f"{counted:,} of {facts.views:,}"
    if _thin(facts, rule):
        return _no_data(name, weight, value, threshold, _THIN)
    rate = Decimal(counted) / facts.views
    passed = rate >= needed
    sentence = f"Enough {noun} for its views." if passed else f"Too few {noun} for its views."
    shown = f"{_percent(rate)}, {value}"
    return _scored(name, weight, rate, needed, shown, threshold, sentence)


_THIN = "Not enough data: a rate over so few views says nothing."


def _thin(facts: Facts, rule: Rule) -> bool:
    return not facts.measured or facts.views < max(rule.min_views, 1)


def _scored(
    name: str,
    weight: int,
    value: Decimal,
    needed: Decimal,
    shown: str,
    threshold: str,
    sentence: str,
) -> Gate:
    share = min(value / needed, Decimal(1)) if needed > 0 else Decimal(1)
    points = (weight * max(share, Decimal(0))).quantize(Decimal("0.1"))
    result = Result.PASS if value >= needed else Result.FAIL
    return Gate(name, GateKind.SCORE, shown, threshold, result, sentence, weight, points)


def _no_data(name: str, weight: int, shown: str, threshold: str, sentence: str) -> Gate:
    return Gate(name, GateKind.SCORE, shown, threshold, Result.UNKNOWN, sentence, weight)


def _per_thousand(facts: Facts) -> Decimal:
    return facts.gmv * 1000 / facts.views if facts.views else Decimal(0)


def _money(amount: Decimal, facts: Facts) -> str:
    return f"{amount:,.2f} {facts.currency}".strip()


def _percent(rate: Decimal) -> str:
    return f"{rate * 100:.1f} %"
