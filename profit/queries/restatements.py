"""What was restated since a moment: rows, and one sentence per month."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum

from profit.models import Look, Restatement
from profit.rules.moved import reasons
from sparkops.accounts.models import User
from sparkops.catalog.models import Shop
from sparkops.money import ZERO

FIRST_LOOK = timedelta(days=7)
SHOWN = 3


@dataclass
class Moved:
    """How a month's net (cm3, before agency fees) of a shop moved, and why.

    `things` counts the subjects per kind; `rules` are the fee rules that are followed now.
    """

    shop: Shop
    month: date
    effect: Decimal = ZERO
    things: dict[str, int] = field(default_factory=dict)
    rules: tuple[str, ...] = ()

    @property
    def reasons(self) -> str:
        return reasons(self.things, self.rules)


def seen_until(user: User) -> datetime | None:
    """Until when a person has seen what was restated; None for somebody who never looked."""
    return Look.objects.filter(user=user).values_list("seen_until", flat=True).first()


def looking_since(user: User, *, now: datetime) -> datetime:
    """From when on a person is shown what moved: the last look, or a week ago."""
    return seen_until(user) or now - FIRST_LOOK


def latest_moves(user: User, *, now: datetime) -> list[Moved]:
    """The newest months that moved since a person looked. Two queries where none did."""
    return moved_since(looking_since(user, now=now))[:SHOWN]


def find_restatements(values: Mapping[str, Any], since: datetime | None) -> QuerySet[Restatement]:
    """Restatements booked after a moment (None: all) that fit the list's filters."""
    rows = Restatement.objects.select_related("shop")
    if since is not None:
        rows = rows.filter(booked_at__gt=since)
    for name in ("shop", "kind", "month"):
        if values.get(name):
            rows = rows.filter(**{name: values[name]})
    if values.get("order"):
        rows = rows.filter(order_id__startswith=values["order"])
    return rows


def moved_since(since: datetime | None) -> list[Moved]:
    """Every month of every shop that was restated after a moment, newest first. At most three
    queries; one where nothing was restated."""
    rows = find_restatements({}, since).order_by().select_related(None)
    sums = rows.values_list("shop_id", "month", "kind").annotate(
        effect=Sum("effect"), things=Count("subject", distinct=True)
    )
    moves = list(sums)
    shops = Shop.objects.in_bulk({shop_id for shop_id, *_ in moves}) if moves else {}
    found: dict[tuple[int, date], Moved] = {}
    for shop_id, month, kind, effect, things in moves:
        one = found.setdefault((shop_id, month), Moved(shops[shop_id], month))
        one.effect += effect
        one.things[kind] = things
    fee_rule = Restatement.Kind.FEE_RULE.value
    if any(kind == fee_rule for _, _, kind, _, _ in moves):
        rules = rows.filter(kind=fee_rule).values_list("shop_id", "month", "rule")
        for shop_id, month, rule in rules.distinct():
            one = found[shop_id, month]
            one.rules = tuple(sorted({*one.rules, rule}))
    return sorted(found.values(), key=lambda one: (one.month, one.shop.name), reverse=True)
