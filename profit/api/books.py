"""Orders, statements and the ledger."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from profit.api.asked import EntriesAsked, OrdersAsked, asked
from profit.models import Entry, Order, OrderLine, Refund, Statement
from profit.queries.entries import entries_of
from profit.queries.orders import OrderStory, find_orders, order_story, orders_with_results
from profit.queries.statements import statements_with_difference, tie_outs
from profit.tables import ENTRIES, orders_table
from sparkops.api.call import Call
from sparkops.api.fields import MoneyField, named
from sparkops.api.gate import client_endpoint
from sparkops.api.operations import Detail, Listing

TAG = "Orders and ledger"


class OrderShape(serializers.ModelSerializer):
    """An order with what it made; `cm3` is null while a unit cost is missing."""

    gmv = MoneyField("gmv", "currency")
    cm3 = serializers.SerializerMethodField()

    class Meta:
        model = Order
        fields = (
            "id",
            "order_id",
            "status",
            "order_day",
            "created_at",
            "paid_at",
            "shipped_at",
            "delivered_at",
            "canceled_at",
            "is_sample",
            "is_replacement",
            "gmv",
            "cm3",
        )

    def get_cm3(self, row: Order) -> dict[str, str] | None:
        if row.uncosted:  # type: ignore[attr-defined]
            return None
        return MoneyField("cm3", "currency").to_representation(row)


class OrderLineShape(serializers.ModelSerializer):
    sku_id = named("sku.sku_id")
    product_id = named("product.product_id")
    unit_price = MoneyField("unit_price", "order.currency")
    seller_discount = MoneyField("seller_discount", "order.currency")
    platform_discount = MoneyField("platform_discount", "order.currency")

    class Meta:
        model = OrderLine
        fields = (
            "line_id",
            "sku_id",
            "product_id",
            "quantity",
            "unit_price",
            "seller_discount",
            "platform_discount",
        )


class RefundShape(serializers.ModelSerializer):
    customer_item_refund = MoneyField("customer_item_refund", "order.currency")
    platform_discount_refund = MoneyField("platform_discount_refund", "order.currency")
    shipping_refund = MoneyField("shipping_refund", "order.currency")

    class Meta:
        model = Refund
        fields = (
            "refund_id",
            "line_id",
            "at",
            "before_shipment",
            "quantity",
            "restocked_quantity",
            "customer_item_refund",
            "platform_discount_refund",
            "shipping_refund",
        )


class EntryShape(serializers.ModelSerializer):
    """One amount on one account. Entries are never changed; a correction is a new one."""

    amount = MoneyField("amount", "currency")
    raw_amount = MoneyField("raw_amount", "raw_currency")
    product_id = named("product.product_id")
    creator = named("creator.shown_handle")
    item_id = named("post.item_id")

    class Meta:
        model = Entry
        fields = (
            "id",
            "account",
            "amount",
            "raw_amount",
            "order_day",
            "event_day",
            "settlement_day",
            "stage",
            "order_id",
            "line_id",
            "product_id",
            "creator",
            "item_id",
            "rule",
            "source",
            "cause",
            "booked_at",
        )


class OrderStoryShape(serializers.Serializer):
    """An order, its source rows and what was booked on it; `cm3` is null unless `complete`."""

    order_id = serializers.CharField(source="order.order_id")
    status = serializers.CharField(source="order.status")
    order_day = serializers.DateField(source="order.order_day")
    created_at = serializers.DateTimeField(source="order.created_at")
    paid_at = serializers.DateTimeField(source="order.paid_at", allow_null=True)
    complete = serializers.BooleanField(source="pnl.complete")
    gmv = MoneyField("pnl.gmv", "pnl.currency")
    cm3 = MoneyField("pnl.cm3", "pnl.currency")
    lines = OrderLineShape(many=True)
    refunds = RefundShape(many=True)
    entries = EntryShape(many=True)

    def to_representation(self, story: OrderStory) -> dict[str, Any]:
        shown = super().to_representation(story)
        return shown if story.pnl.complete else {**shown, "cm3": None}


class StatementShape(serializers.ModelSerializer):
    """A settlement statement. `difference` is the sum of its rows less what it states; null while
    its rows are not read."""

    shop_id = named("shop.shop_id")
    settlement_amount = MoneyField("settlement_amount", "currency")
    payable_amount = MoneyField("payable_amount", "currency")
    reserve_amount = MoneyField("reserve_amount", "currency")
    rows_total = MoneyField("rows_total", "currency")
    difference = MoneyField("difference", "currency")

    class Meta:
        model = Statement
        fields: tuple[str, ...] = (
            "id",
            "statement_id",
            "shop_id",
            "statement_time",
            "business_day",
            "settlement_amount",
            "payable_amount",
            "reserve_amount",
            "rows_total",
            "difference",
            "payment_id",
            "payment_status",
            "rows_read_at",
        )


class TieOutShape(serializers.Serializer):
    """Two numbers that should be equal."""

    label = serializers.CharField()
    stated = serializers.DecimalField(max_digits=18, decimal_places=4)
    found = serializers.DecimalField(max_digits=18, decimal_places=4)
    ties = serializers.BooleanField()


class TiedStatementShape(StatementShape):
    """A statement with its checks to the cent."""

    checks = TieOutShape(many=True, read_only=True)

    class Meta(StatementShape.Meta):
        fields = (*StatementShape.Meta.fields, "checks")


class StatementsAsked(forms.Form):
    since = forms.DateField(label="First business day", required=False)
    until = forms.DateField(label="Last business day", required=False)


def _orders(call: Call) -> QuerySet[Order]:
    """Orders of a period by order date with what each made; the last 30 days unless asked."""
    question = asked(call)
    return find_orders(orders_with_results(question.shop, question.period), call.values)


def _order(call: Call) -> OrderStory:
    """One order by TikTok's id: lines, refunds and every entry booked on it."""
    rows = Order.objects.select_related("shop")
    return order_story(get_object_or_404(rows, order_id=call.ids["order_id"]))


def _entries(call: Call) -> QuerySet[Entry]:
    """The entries that a figure of the P&L is the sum of."""
    question = asked(call)
    return entries_of(question.shop, question.basis, question.period, dict(call.values))


def _statements(call: Call) -> QuerySet[Statement]:
    """Statements with the sum of their rows."""
    paths = {"since": "business_day__gte", "until": "business_day__lte"}
    found = {paths[name]: value for name, value in call.values.items()}
    return statements_with_difference().filter(**found)


def _statement(call: Call) -> Statement:
    """One statement by TikTok's id: what ties and what does not."""
    rows = statements_with_difference()
    row = get_object_or_404(rows, statement_id=call.ids["statement_id"])
    row.checks = tie_outs(row)  # type: ignore[attr-defined]
    return row


ORDERS = client_endpoint(
    "orders",
    TAG,
    get=Listing(
        summary="List orders",
        rows=_orders,
        shape=OrderShape,
        filters=OrdersAsked,
        sorts=orders_table("").sorts,
    ),
)
ORDER = client_endpoint(
    "order", TAG, get=Detail(summary="Show an order", find=_order, shape=OrderStoryShape)
)
ENTRY_LIST = client_endpoint(
    "ledger_entries",
    TAG,
    get=Listing(
        summary="List ledger entries",
        rows=_entries,
        shape=EntryShape,
        filters=EntriesAsked,
        sorts=ENTRIES.sorts,
    ),
)
STATEMENTS = client_endpoint(
    "statements",
    TAG,
    get=Listing(
        summary="List statements",
        rows=_statements,
        shape=StatementShape,
        filters=StatementsAsked,
    ),
)
STATEMENT = client_endpoint(
    "statement",
    TAG,
    get=Detail(summary="Show a statement", find=_statement, shape=TiedStatementShape),
)
