"""The formula cases of a worked-example file: each function by its name in the file."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from profit.rules.ads import roi_protection_credit
from profit.rules.commission import (
    DatedRate,
    Plan,
    PlanKind,
    commission_rate_for_order,
    locked_standard_rate,
)
from profit.rules.facts import Line
from profit.rules.ratios import target_roas
from profit.rules.revenue import gmv_views
from profit.rules.worked_examples.reading import ExampleError, Row
from sparkops.clock import ad_account_day, fixed_offset, shop_day
from sparkops.money import ZERO, allocate, round_money

Found = Decimal | Mapping[str, Decimal | str] | None


def formula(name: str, inputs: Row) -> Found:
    """What the formula called `name` gives. Raises ExampleError for an unknown name."""
    if name not in _FORMULAS:
        raise ExampleError(f"There is no formula called “{name}”.")
    return _FORMULAS[name](inputs)


def _roi_protection_credit(inputs: Row) -> Decimal:
    paused = inputs.flag("campaign_paused", default=False) or inputs.flag("paused", default=False)
    return roi_protection_credit(
        cost=inputs.number("cost"),
        gross_revenue=inputs.number("gross_revenue"),
        target_roi=inputs.number("target_roi"),
        daily_orders=inputs.whole("daily_orders"),
        target_edited=inputs.flag("target_edited", default=False),
        campaign_paused=paused,
        currency=inputs.text("currency", "USD"),
    )


def _commission_rate_for_order(inputs: Row) -> Decimal | None:
    plans = inputs.row("plans")
    covering = {
        kind: Plan(
            standard_rate=plans.row(kind).number("standard_rate"),
            shop_ads_rate=plans.row(kind).number_or_none("shop_ads_rate"),
        )
        for kind in PlanKind
        if plans.has(kind)
    }
    return commission_rate_for_order(covering, from_ads=inputs.flag("from_ads"))


def _locked_standard_rate(inputs: Row) -> Decimal | None:
    history = [DatedRate(step.day("from"), step.number("rate")) for step in inputs.rows("history")]
    return locked_standard_rate(
        history, promoting_since=inputs.day("promoting_since"), on=inputs.day("on")
    )


def _business_dates(inputs: Row) -> dict[str, Decimal | str]:
    at = inputs.instant("instant")
    offset = fixed_offset(inputs.text("account_utc_offset"))
    return {
        "shop_date": shop_day(at, inputs.text("shop_timezone")).isoformat(),
        "ad_account_date": ad_account_day(at, offset).isoformat(),
    }


def _target_roas(inputs: Row) -> Decimal | None:
    return target_roas(
        inputs.number("gmv"), inputs.number("cm_before_ads"), inputs.number("wanted_margin")
    )


def _allocate(inputs: Row) -> dict[str, Decimal | str]:
    weights = inputs.row("weights")
    by_key = {key: weights.number(key) for key in weights.names()}
    return dict(allocate(inputs.number("total"), by_key, inputs.text("currency", "USD")))


def _round_money(inputs: Row) -> Decimal:
    return round_money(inputs.number("amount"), inputs.text("currency", "USD"))


def _gmv_views(inputs: Row) -> dict[str, Decimal | str]:
    line = Line(
        line_id="1",
        product_id="1",
        quantity=inputs.whole("quantity", 1),
        unit_price=inputs.number("unit_price"),
        seller_discount=inputs.number("seller_discount", ZERO),
    )
    views = gmv_views(
        item_revenue=line.item_revenue,
        platform_discount=inputs.number("platform_discount", ZERO),
        shipping=inputs.number("shipping_paid_by_customer", ZERO),
        sales_tax=inputs.number("sales_tax", ZERO),
    )
    return {
        "gmv": views.gmv,
        "gmv_with_shipping": views.gmv_with_shipping,
        "customer_payment": views.customer_payment,
        "platform_gross_revenue": views.platform_gross_revenue,
    }


_FORMULAS: Mapping[str, Callable[[Row], Found]] = {
    "roi_protection_credit": _roi_protection_credit,
    "commission_rate_for_order": _commission_rate_for_order,
    "locked_standard_rate": _locked_standard_rate,
    "business_dates": _business_dates,
    "target_roas": _target_roas,
    "allocate": _allocate,
    "round_money": _round_money,
    "gmv_views": _gmv_views,
}
