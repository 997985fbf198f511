"""Unit costs and payments to creators."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from rest_framework import serializers

from creators.models import Creator, Post
from profit.actions.costs import add_creator_fee, set_unit_cost
from profit.models import CreatorFee, CustomCost, FeeRule
from sparkops.api.call import Call
from sparkops.api.fields import MoneyField, MoneyInput, named
from sparkops.api.gate import client_endpoint
from sparkops.api.operations import Action, Listing, own_id
from sparkops.catalog.models import FxRate, Product, Shop, Sku, UnitCost
from sparkops.errors import Refusal
from sparkops.tenants.permissions import Permission

TAG = "Costs"


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
    return set_unit_cost(
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
    named_ids = (
        ("post", Post.objects.all(), "item_id", "item_id"),
        ("product", Product.objects.select_related("shop"), "product_id", "product_id"),
        ("shop", Shop.objects.all(), "shop_id", "shop_id"),
    )
    related = {
        name: _found(rows, lookup, values[given])
        for name, rows, lookup, given in named_ids
        if values.get(given)
    }
    return add_creator_fee(
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
        **related,
    )


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
)
FX_RATES = client_endpoint(
    "exchange_rates",
    TAG,
    get=Listing(summary="List exchange rates", rows=_fx_rates, shape=FxRateShape),
)
FEE_RULES = client_endpoint(
    "fee_rules",
    TAG,
    get=Listing(summary="List fee rules", rows=_fee_rules, shape=FeeRuleShape),
)
