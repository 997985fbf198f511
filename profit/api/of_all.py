"""Profit of every client that a key reaches, side by side."""

from rest_framework import serializers

from profit.api.reports import TAG, PnlLinesShape, StagesShape
from profit.forms import PeriodFilters, days_and_basis
from profit.queries.portfolio import Line, side_by_side
from sparkops.api.call import Call
from sparkops.api.gate import portfolio_endpoint
from sparkops.api.operations import Detail


class ShopResultShape(serializers.Serializer):
    """A shop's last days in its own zone, in its currency; `before` are as many days before them,
    without agency fees."""

    since = serializers.DateField(source="period.first")
    until = serializers.DateField(source="period.last")
    currency = serializers.CharField(source="pnl.currency")
    lines = PnlLinesShape(source="pnl")
    before = PnlLinesShape(source="earlier")
    stages = StagesShape()
    blended_roas = serializers.DecimalField(
        source="ratios.blended_roas", max_digits=18, decimal_places=4, allow_null=True
    )
    cm3_margin = serializers.DecimalField(
        source="ratios.cm3_margin", max_digits=18, decimal_places=4, allow_null=True
    )


class ClientProfitShape(serializers.Serializer):
    """A client with one of its shops. `profit` is null without a shop, and where nothing was read
    nor booked: that is no zero."""

    client = serializers.CharField(source="client.slug")
    shop_id = serializers.CharField(source="shop.shop_id", allow_null=True)
    profit = ShopResultShape(source="result", allow_null=True)
    read_until = serializers.DateTimeField(source="fresh.as_of", allow_null=True)
    late = serializers.ListField(source="fresh.problems", child=serializers.CharField())


def _of_all(call: Call) -> list[Line]:
    """The P&L of each shop of every client that the key reaches, for the last 7, 30 or 90 days
    until each shop's own today; by currency, the highest GMV first. Sums in different currencies
    are never added."""
    days, basis = days_and_basis(call.values)
    return side_by_side(call.clients, days, basis, call.now)


PROFIT_OF_ALL = portfolio_endpoint(
    "profit_of_all",
    TAG,
    get=Detail(
        summary="Show the P&L of all clients",
        find=_of_all,
        shape=ClientProfitShape,
        filters=PeriodFilters,
        many=True,
    ),
)
