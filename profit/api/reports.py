"""The P&L of a shop, and of its products, creators, posts, campaigns and sources."""

from dataclasses import dataclass, replace
from typing import Any

from django import forms
from rest_framework import serializers

from profit.api.asked import Asked, PnlAsked, asked
from profit.queries.groups import grouped
from profit.queries.origins import origin_names, origin_table
from profit.queries.pnl import Stages, shop_pnl, stages
from profit.queries.report import counts
from profit.queries.subjects import names_of
from profit.rules.origins import Origin
from profit.rules.pnl import TREE, Dimension, Level, Pnl
from profit.rules.ratios import Ratios, ratios
from sparkops.api.call import Call
from sparkops.api.fields import MoneyField
from sparkops.api.gate import client_endpoint
from sparkops.api.operations import Detail

TAG = "Profit"
LINES = tuple(item.name if isinstance(item, Level) else item.value for item in TREE)
NEED_COSTS = ("cm1", "cm2", "cm_before_ads", "cm3", "net_profit")
BY: dict[str, Dimension | Origin] = {
    "product": Dimension.PRODUCT,
    "creator": Dimension.CREATOR,
    "post": Dimension.POST,
    "campaign": Origin.CAMPAIGN,
    "source": Origin.SOURCE,
}


class PnlLinesShape(serializers.Serializer):
    """The P&L tree. While `complete` is false goods were sold whose cost is not known: then the
    levels that need costs are null, because nobody can state them."""

    complete = serializers.BooleanField()
    gmv_without_unit_cost = MoneyField("gmv_without_unit_cost", "currency")

    def get_fields(self) -> dict[str, Any]:
        lines = {name: MoneyField(name, "currency") for name in LINES}
        return {**lines, **super().get_fields()}

    def to_representation(self, pnl: Pnl) -> dict[str, Any]:
        shown = super().to_representation(pnl)
        return shown if pnl.complete else {**shown, **dict.fromkeys(NEED_COSTS)}


class StagesShape(serializers.Serializer):
    """Shares of GMV by how final its figures are."""

    estimated = serializers.DecimalField(max_digits=9, decimal_places=4, allow_null=True)
    processing = serializers.DecimalField(max_digits=9, decimal_places=4, allow_null=True)
    settled = serializers.DecimalField(max_digits=9, decimal_places=4, allow_null=True)


class RatiosShape(serializers.Serializer):
    """Null without a valid denominator, never zero."""

    blended_roas = serializers.DecimalField(max_digits=18, decimal_places=4, allow_null=True)
    break_even_roas = serializers.DecimalField(max_digits=18, decimal_places=4, allow_null=True)
    mer = serializers.DecimalField(max_digits=18, decimal_places=4, allow_null=True)
    max_cpa = serializers.DecimalField(max_digits=18, decimal_places=4, allow_null=True)
    cm3_margin = serializers.DecimalField(max_digits=18, decimal_places=4, allow_null=True)


class PnlShape(serializers.Serializer):
    shop_id = serializers.CharField(source="asked.shop.shop_id")
    since = serializers.DateField(source="asked.period.first")
    until = serializers.DateField(source="asked.period.last")
    basis = serializers.CharField(source="asked.basis.value")
    currency = serializers.CharField(source="pnl.currency")
    orders = serializers.IntegerField()
    lines = PnlLinesShape(source="pnl")
    stages = StagesShape()
    ratios = RatiosShape()


class GroupShape(serializers.Serializer):
    """One product, creator, post, campaign or source; with `unattributed` they sum to the shop up
    to `cm3`."""

    key = serializers.CharField(
        help_text="TikTok's id, a handle, the word of a source, or `unattributed`."
    )
    name = serializers.CharField()
    lines = PnlLinesShape(source="pnl")


@dataclass(frozen=True)
class Report:
    """The P&L of a period."""

    asked: Asked
    pnl: Pnl
    orders: int
    stages: Stages
    ratios: Ratios


@dataclass(frozen=True)
class Group:
    """The P&L of one line of a table."""

    key: str
    name: str
    pnl: Pnl


class GroupsAsked(PnlAsked):
    by = forms.ChoiceField(label="What to group by", choices=[(word, word) for word in BY])


def _pnl(call: Call) -> Report:
    """The P&L of a shop for some days, with stages and ratios."""
    question = asked(call)
    place = (question.shop, question.basis, question.period)
    pnl, orders = shop_pnl(*place), counts(*place).orders
    found = ratios(pnl, orders)
    if not pnl.complete:
        found = replace(found, break_even_roas=None, max_cpa=None, cm3_margin=None)
    return Report(question, pnl, orders, stages(*place), found)


def _groups(call: Call) -> list[Group]:
    """The P&L per product, creator, post, campaign or source, the best first and what belongs to
    none of them last. A campaign has its ad cost, and the orders that TikTok says ads brought on
    days when it alone spent on their post."""
    question, by = asked(call), BY[call.values["by"]]
    place = (question.shop, question.basis, question.period)
    if isinstance(by, Origin):
        found = origin_table(*place, by).groups
        names = origin_names(by, found)
    else:
        found = grouped(*place, by)
        names = names_of(by, found)
    rows = [Group(key, names.get(key, key), pnl) for key, pnl in found.items()]
    return sorted(rows, key=lambda one: (one.key == "unattributed", -one.pnl.cm3, one.name))


PNL = client_endpoint(
    "pnl", TAG, get=Detail(summary="Show the P&L", find=_pnl, shape=PnlShape, filters=PnlAsked)
)
GROUPS = client_endpoint(
    "pnl_groups",
    TAG,
    get=Detail(
        summary="Show the P&L per product, creator, post, campaign or source",
        find=_groups,
        shape=GroupShape,
        filters=GroupsAsked,
        many=True,
    ),
)
