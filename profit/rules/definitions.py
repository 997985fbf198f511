"""What each figure means and where it comes from: read beside the figure (TS6)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure of the P&L or a ratio over it.

    `key` is a field of `Pnl` or of `Ratios`. `streams` are what TikTok is asked for to work it
    out. `good` says which way is welcome: "up", "down", or nothing where neither is.
    """

    key: str
    label: str
    definition: str
    source: str
    streams: tuple[str, ...]
    good: str = ""
    is_ratio: bool = False


_ORDERS = ("orders", "returns")
_FEES = ("orders", "statement_lines")
_ADS = ("ad_days", "gmv_max_days")
_ALL = ("orders", "returns", "affiliate_orders", "statement_lines", "ad_days", "gmv_max_days")
_SHOP = "Orders of the TikTok Shop"
_EVERY = "Orders, statements, affiliate orders, ad accounts and your costs"

METRICS: tuple[Metric, ...] = (
    Metric(
        "gmv",
        "GMV",
        "Price times quantity of paid orders, less what you discounted. Cancelled and refunded"
        " orders are in it; samples, shipping and sales tax are not.",
        _SHOP,
        ("orders",),
        "up",
    ),
    Metric(
        "refunded_item_revenue",
        "Refunds",
        "What was given back for items, the platform's part of the discount included.",
        "Returns and cancellations of the TikTok Shop",
        _ORDERS,
        "down",
    ),
    Metric(
        "net_revenue",
        "Net revenue",
        "GMV less refunds, plus shipping that buyers paid to you, less VAT inside prices.",
        _SHOP,
        _ORDERS,
        "up",
    ),
    Metric(
        "cogs",
        "Cost of goods",
        "Units times the unit cost of the order's day.",
        "Your unit costs",
        ("orders",),
    ),
    Metric(
        "cm1", "CM1", "Net revenue less cost of goods.", "Orders and your unit costs", _ORDERS, "up"
    ),
    Metric(
        "cm2",
        "CM2",
        "CM1 less TikTok's fees and logistics, with adjustments.",
        "Orders and statements of the TikTok Shop",
        _FEES,
        "up",
    ),
    Metric(
        "affiliate_commission",
        "Creator commission",
        "Standard and ads commission of affiliate orders.",
        "Affiliate orders and statements",
        ("affiliate_orders", "statement_lines"),
    ),
    Metric(
        "cm_before_ads",
        "CM before ads",
        "CM2 less creator commission: what ads may cost at most.",
        "Orders, statements and affiliate orders",
        ("orders", "affiliate_orders", "statement_lines"),
        "up",
    ),
    Metric(
        "ad_spend",
        "Ad spend",
        "Cost that the ad accounts report, GMV Max included.",
        "Ads Manager",
        _ADS,
    ),
    Metric("net_ad_cost", "Net ad cost", "Ad spend less credits and coupons.", "Ads Manager", _ADS),
    Metric(
        "creator_fees",
        "Creator fees",
        "Payments to creators outside TikTok, spread over the days they are for.",
        "Your payments",
        (),
    ),
    Metric(
        "sample_cost",
        "Sample cost",
        "Goods and shipping of samples on the day they left.",
        "Sample orders and your unit costs",
        ("orders",),
    ),
    Metric(
        "custom_cost",
        "Custom costs",
        "Costs you entered for the shop, a product or a creator, spread over their days.",
        "Your custom costs",
        (),
    ),
    Metric(
        "cm3",
        "CM3",
        "CM before ads less net ad cost, creator fees, samples and custom costs.",
        _EVERY,
        _ALL,
        "up",
    ),
    Metric(
        "net_profit",
        "Net profit",
        "CM3 less agency fees, before overhead and income tax.",
        _EVERY,
        _ALL,
        "up",
    ),
    Metric(
        "blended_roas",
        "Blended ROAS",
        "GMV over ad spend.",
        "Orders and Ads Manager",
        ("orders", *_ADS),
        "up",
        True,
    ),
    Metric(
        "break_even_roas",
        "Break-even ROAS",
        "GMV over CM before ads: at that ROAS ads leave nothing.",
        "Orders, statements and affiliate orders",
        ("orders", "affiliate_orders", "statement_lines"),
        "down",
        True,
    ),
    Metric(
        "mer",
        "MER",
        "GMV over net ad cost, commission, creator fees and samples together.",
        _EVERY,
        _ALL,
        "up",
        True,
    ),
    Metric(
        "cm3_margin", "CM3 margin", "CM3 over net revenue, as a fraction.", _EVERY, _ALL, "up", True
    ),
)
BY_KEY = {metric.key: metric for metric in METRICS}
MOST = 5
FIRST = ("gmv", "net_revenue", "net_ad_cost", "cm3", "break_even_roas")
# What nobody can state while a unit cost is missing (PD7).
NEED_COSTS = frozenset(
    {"cm1", "cm2", "cm_before_ads", "cm3", "net_profit", "break_even_roas", "cm3_margin"}
)
STAGES = (
    ("Estimated", "worked out by our rates, until TikTok reports the order's money"),
    ("On its way", "the order has shipped; TikTok has not settled it yet"),
    ("Settled", "on a statement of TikTok; it does not change any more"),
)
