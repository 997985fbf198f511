"""Costs that people enter: of units, of creators, named ones; exchange rates and fee rules."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from creators.models import Creator, Post
from profit.actions import costs as cost_actions
from profit.actions.costs import CostEntered
from profit.actions.fee_rules import RuleVersion, remove_fee_rule, set_fee_rule
from profit.models import CreatorFee, CustomCost, FeeRule
from sparkops.api.call import Call
from sparkops.api.fields import CurrencyCode, MoneyField, MoneyInput, named
from sparkops.api.gate import client_endpoint
from sparkops.api.operations import LARGEST_ID, Action, Listing, own_id
from sparkops.catalog.models import FxRate, Product, Shop, Sku, UnitCost
from sparkops.errors import Refusal
from sparkops.tenants.permissions import Permission

TAG = "Costs"
EDIT = Permission.COST_EDIT


class UnitCostShape(serializers.ModelSerializer):
    """What one unit costs from a day on, until the next version."""

    sku_id = named("sku.sku_id")
    product_id = named("sku.product.product_id")
    cost = MoneyField("amount", "currency")

    class Meta:
        model = UnitCost
        fields = ("id", "sku_id", "product_id", "cost", "effective_from", "source", "created_at")


class UnitCostInput(serializers.Serializer):
    """The same SKU and day again corrects the cost."""

    sku_id = serializers.CharField(max_length=32)
    cost = MoneyInput()
    effective_from = serializers.DateField()


class CreatorFeeShape(serializers.ModelSerializer):
    """A payment to a creator outside TikTok."""

    creator = named("creator.shown_handle")
    creator_id = serializers.IntegerField(read_only=True)
    item_id = named("post.item_id")
    product_id = named("product.product_id")
    shop_id = named("shop.shop_id")
    fee = MoneyField("amount", "currency")

    class Meta:
        model = CreatorFee
        fields = (
            "id",
            "creator",
            "creator_id",
            "kind",
            "fee",
            "starts_on",
            "ends_on",
            "paid_on",
            "item_id",
            "product_id",
            "shop_id",
            "reference",
            "created_at",
        )


class CreatorFeeInput(serializers.Serializer):
    """Fees for use and retainers are spread over their days, the others count on the first."""

    creator_id = serializers.IntegerField(min_value=1)
    kind = serializers.ChoiceField(choices=CreatorFee.Kind.choices)
    fee = MoneyInput()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(required=False, allow_null=True)
    item_id = serializers.CharField(max_length=32, required=False, help_text="TikTok's post id.")
    product_id = serializers.CharField(max_length=32, required=False)
    shop_id = serializers.CharField(max_length=32, required=False)
    paid_on = serializers.DateField(required=False, allow_null=True)
    reference = serializers.CharField(max_length=200, required=False, allow_blank=True)


class CustomCostShape(serializers.ModelSerializer):
    """A cost that a person named, spread evenly over its days, both ends included."""

    shop_id = named("shop.shop_id")
    product_id = named("product.product_id")
    creator = named("creator.shown_handle")
    cost = MoneyField("amount", "currency")

    class Meta:
        model = CustomCost
        fields = (
            "id",
            "name",
            "cost",
            "starts_on",
            "ends_on",
            "shop_id",
            "product_id",
            "creator",
            "created_at",
        )


class CustomCostInput(serializers.Serializer):
    """Spread evenly over its days; without a product and a creator it is the shop's. Without
    `ends_on` it counts on the first day."""

    name = serializers.CharField(max_length=120)
    cost = MoneyInput()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(required=False, allow_null=True)
    shop_id = serializers.CharField(max_length=32, required=False)
    product_id = serializers.CharField(max_length=32, required=False)
    creator_id = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False)


class FxRateInput(serializers.Serializer):
    """The same currencies and day again correct the rate."""

    base = CurrencyCode()
    quote = CurrencyCode()
    day = serializers.DateField()
    rate = serializers.DecimalField(max_digits=18, decimal_places=8)
    source = serializers.CharField(max_length=120)


class FeeRuleInput(serializers.Serializer):
    """The same market, kind, product and day again correct the rate. `rate` is a fraction."""

    market = serializers.CharField(max_length=8)
    kind = serializers.ChoiceField(choices=FeeRule.Kind.choices)
    rate = serializers.DecimalField(max_digits=9, decimal_places=6)
    base = serializers.CharField(max_length=40, required=False, allow_blank=True)
    cap = serializers.DecimalField(max_digits=10, decimal_places=2, required=False, allow_null=True)
    product_id = serializers.CharField(max_length=32, required=False)
    effective_from = serializers.DateField()
    source = serializers.CharField(max_length=200, help_text="Where the rate is published.")


class FxRateShape(serializers.ModelSerializer):
    """Units of `quote` per one unit of `base`, from a day until the next rate."""

    class Meta:
        model = FxRate
        fields = ("id", "day", "base", "quote", "rate", "source")


class FeeRuleShape(serializers.ModelSerializer):
    """A platform rate, as a fraction, from a day on. `cap` is in the market's currency."""

    product_id = named("product.product_id")

    class Meta:
        model = FeeRule
        fields = (
            "id",
            "market",
            "kind",
            "product_id",
            "rate",
            "base",
            "cap",
            "effective_from",
            "effective_to",
            "source",
        )


class UnitCostsAsked(forms.Form):
    sku_id = forms.CharField(label="TikTok's id of a SKU", required=False, max_length=32)


class CreatorFeesAsked(forms.Form):
    creator = own_id("Own id of a creator")
    kind = forms.ChoiceField(label="Kind", required=False, choices=CreatorFee.Kind.choices)


def _costs(call: Call) -> QuerySet[UnitCost]:
    """Every dated unit cost."""
    rows = UnitCost.objects.select_related("sku__product")
    sku_id = call.values.get("sku_id")
    return rows.filter(sku__sku_id=sku_id) if sku_id else rows


def _set_cost(call: Call, values: dict[str, Any]) -> UnitCost:
    """Set what one unit costs from a day on; profit is recomputed within a minute."""
    sku = _found(Sku.objects.select_related("product"), "sku_id", values["sku_id"])
    return cost_actions.set_unit_cost(
        sku,
        values["cost"]["amount"],
        values["cost"]["currency"],
        values["effective_from"],
        source="api",
        by=call.actor,
        now=call.now,
    )


def _fees(call: Call) -> QuerySet[CreatorFee]:
    """Payments to creators that TikTok's data does not carry."""
    rows = CreatorFee.objects.filter(**call.values)
    return rows.select_related("creator", "post", "product", "shop")


def _add_fee(call: Call, values: dict[str, Any]) -> CreatorFee:
    """Add a payment to a creator; profit is recomputed within a minute."""
    return cost_actions.add_creator_fee(
        _found(Creator.objects.all(), "pk", values["creator_id"], "creator_id"),
        kind=values["kind"],
        amount=values["fee"]["amount"],
        currency=values["fee"]["currency"],
        starts_on=values["starts_on"],
        ends_on=values.get("ends_on"),
        paid_on=values.get("paid_on"),
        reference=values.get("reference", ""),
        by=call.actor,
        now=call.now,
        **_related(values, "post", "product", "shop"),
    )


def _remove_fee(call: Call, values: dict[str, Any]) -> CreatorFee:
    """Take a payment back that was entered by mistake; the ledger books its reversal."""
    rows = CreatorFee.objects.select_related("creator", "post", "product", "shop")
    return _removed(call, rows, cost_actions.remove_creator_fee)


def _add_custom_cost(call: Call, values: dict[str, Any]) -> CustomCost:
    """Add a named cost; profit is recomputed within a minute."""
    entered = CostEntered(
        name=values["name"],
        amount=values["cost"]["amount"],
        currency=values["cost"]["currency"],
        starts_on=values["starts_on"],
        ends_on=values.get("ends_on"),
        **_related(values, "product", "shop", "creator"),
    )
    return cost_actions.add_custom_cost(entered, by=call.actor, now=call.now)


def _remove_custom_cost(call: Call, values: dict[str, Any]) -> CustomCost:
    """Take a named cost back that was entered by mistake."""
    rows = CustomCost.objects.select_related("shop", "product", "creator")
    return _removed(call, rows, cost_actions.remove_custom_cost)


def _set_fx_rate(call: Call, values: dict[str, Any]) -> FxRate:
    """Set an exchange rate from a day on; what is in that currency is booked again."""
    return cost_actions.set_fx_rate(
        values["base"],
        values["quote"],
        values["day"],
        values["rate"],
        source=values["source"],
        by=call.actor,
        now=call.now,
    )


def _remove_fx_rate(call: Call, values: dict[str, Any]) -> FxRate:
    """Take an exchange rate back; the one before it holds again."""
    return _removed(call, FxRate.objects.all(), cost_actions.remove_fx_rate)


def _set_fee_rule(call: Call, values: dict[str, Any]) -> FeeRule:
    """Set a platform rate from a day on; the orders it concerns are booked again."""
    version = RuleVersion(
        market=values["market"],
        kind=values["kind"],
        rate=values["rate"],
        effective_from=values["effective_from"],
        source=values["source"],
        base=values.get("base", ""),
        cap=values.get("cap"),
        **_related(values, "product"),
    )
    return set_fee_rule(version, by=call.actor, now=call.now)


def _remove_fee_rule(call: Call, values: dict[str, Any]) -> FeeRule:
    """Take a platform rate back; the one before it holds again."""
    return _removed(call, FeeRule.objects.select_related("product"), remove_fee_rule)


def _removed(call: Call, rows: QuerySet[Any], remove: Callable[..., None]) -> Any:
    """The row as it was before it was removed."""
    row = get_object_or_404(rows, pk=call.ids["pk"])
    remove(row, by=call.actor, now=call.now)
    row.pk = call.ids["pk"]
    return row


def _related(values: dict[str, Any], *names: str) -> dict[str, Any]:
    """The objects that the body names by their ids, of those that may be named."""
    known: dict[str, tuple[QuerySet[Any], str, str]] = {
        "post": (Post.objects.all(), "item_id", "item_id"),
        "product": (Product.objects.select_related("shop"), "product_id", "product_id"),
        "shop": (Shop.objects.all(), "shop_id", "shop_id"),
        "creator": (Creator.objects.all(), "pk", "creator_id"),
    }
    asked = ((name, *known[name]) for name in names)
    return {
        name: _found(rows, lookup, values[given], given)
        for name, rows, lookup, given in asked
        if values.get(given)
    }


def _custom_costs(call: Call) -> QuerySet[CustomCost]:
    """Costs that people named."""
    return CustomCost.objects.select_related("shop", "product", "creator")


def _fx_rates(call: Call) -> QuerySet[FxRate]:
    """Dated exchange rates."""
    return FxRate.objects.all()


def _fee_rules(call: Call) -> QuerySet[FeeRule]:
    """Dated platform rates with their source."""
    return FeeRule.objects.select_related("product")


def _found(rows: QuerySet[Any], lookup: str, value: Any, field: str = "") -> Any:
    found = rows.filter(**{lookup: value}).first()
    if found is None:
        word = str(rows.model._meta.verbose_name)
        raise Refusal("unknown_id", f"There is no such {word} here.", field=field or lookup)
    return found


UNIT_COSTS = client_endpoint(
    "unit_costs",
    TAG,
    get=Listing(
        summary="List unit costs", rows=_costs, shape=UnitCostShape, filters=UnitCostsAsked
    ),
    post=Action(
        summary="Set a unit cost",
        do=_set_cost,
        takes=UnitCostInput,
        shape=UnitCostShape,
        permission=Permission.COST_EDIT,
        status=201,
    ),
)
CREATOR_FEES = client_endpoint(
    "creator_fees",
    TAG,
    get=Listing(
        summary="List payments to creators",
        rows=_fees,
        shape=CreatorFeeShape,
        filters=CreatorFeesAsked,
    ),
    post=Action(
        summary="Add a payment to a creator",
        do=_add_fee,
        takes=CreatorFeeInput,
        shape=CreatorFeeShape,
        permission=Permission.COST_EDIT,
        status=201,
    ),
)
CUSTOM_COSTS = client_endpoint(
    "custom_costs",
    TAG,
    get=Listing(summary="List custom costs", rows=_custom_costs, shape=CustomCostShape),
    post=Action(
        summary="Add a custom cost",
        do=_add_custom_cost,
        takes=CustomCostInput,
        shape=CustomCostShape,
        permission=EDIT,
        status=201,
    ),
)
FX_RATES = client_endpoint(
    "exchange_rates",
    TAG,
    get=Listing(summary="List exchange rates", rows=_fx_rates, shape=FxRateShape),
    post=Action(
        summary="Set an exchange rate",
        do=_set_fx_rate,
        takes=FxRateInput,
        shape=FxRateShape,
        permission=EDIT,
        status=201,
    ),
)
FEE_RULES = client_endpoint(
    "fee_rules",
    TAG,
    get=Listing(summary="List fee rules", rows=_fee_rules, shape=FeeRuleShape),
    post=Action(
        summary="Set a fee rule",
        do=_set_fee_rule,
        takes=FeeRuleInput,
        shape=FeeRuleShape,
        permission=EDIT,
        status=201,
    ),
)
REMOVALS = {
    address: client_endpoint(
        f"remove_{word}", TAG, post=Action(summary=summary, do=do, shape=shape, permission=EDIT)
    )
    for address, word, summary, do, shape in (
        ("creator-fees", "creator_fee", "Remove a payment", _remove_fee, CreatorFeeShape),
        ("custom-costs", "custom_cost", "Remove a cost", _remove_custom_cost, CustomCostShape),
        ("exchange-rates", "exchange_rate", "Remove a rate", _remove_fx_rate, FxRateShape),
        ("fee-rules", "fee_rule", "Remove a fee rule", _remove_fee_rule, FeeRuleShape),
    )
}
