"""Booking on the contract's samples: three orders, a return, two statements (contract 6.5)."""

import contextlib
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.db.models import Sum

from campaigns.models import Ad, AdDay, AdGroup, Campaign, GmvMaxDay
from creators.models import Creator, Post, PostProduct
from profit.actions.costs import (
    add_creator_fee,
    remove_creator_fee,
    set_fx_rate,
    set_unit_cost,
)
from profit.actions.marking import mark
from profit.actions.rollup import rebuild_all
from profit.actions.watching import mark_changes_elsewhere
from profit.models import AgencyFee, DayTotal, Dirty, Entry, Order, Refund
from profit.queries.entries import entries_of
from profit.queries.groups import entries_in, grouped
from profit.queries.pnl import shop_pnl, sold_without_cost, stages
from profit.queries.products import products_that_made_money
from profit.rules.entries import Account
from profit.rules.facts import Basis, Period
from profit.rules.pnl import TREE, UNATTRIBUTED, Dimension, Level
from sparkops.alerts.models import Alert
from sparkops.audit.models import Event
from sparkops.catalog.models import AdAccount, Product, Shop, Sku
from sparkops.connections.models import Connection
from sparkops.errors import Refusal
from tests.profit.conftest import JO, NOW, Books, sample

ALL = Period(first=date(2026, 1, 1), last=date(2026, 12, 31))
SERUM, MASK = "1729500000000000101", "1729500000000000102"
FIRST, SECOND, THIRD, SAMPLE = (f"57743000000000000{n}" for n in (1, 2, 3, 4))
D = Decimal


def cost_of(seller_sku: str, amount: str, first: date = date(2026, 1, 1)) -> None:
    sku = Sku.objects.get(seller_sku=seller_sku)
    set_unit_cost(sku, D(amount), "USD", first, by=JO, now=NOW)


def spark_campaign(books: Books, currency: str = "USD") -> Ad:
    """A Spark ad on the post that sold the serum."""
    ads = Connection.objects.create(
        kind=Connection.Kind.ADS,
        external_id="ads",
        label="Ads",
        access_token=b"sealed",
        connected_at=NOW,
        connected_by="Jo",
    )
    account = AdAccount.objects.create(
        connection=ads,
        shop=books.shop,
        advertiser_id="7000",
        name="Ads",
        currency=currency,
        timezone="UTC",
        utc_offset_minutes=-480,
    )
    campaign = Campaign.objects.create(
        ad_account=account, campaign_id="1801", name="Spark", kind="spark", seen_at=NOW
    )
    group = AdGroup.objects.create(campaign=campaign, adgroup_id="1802", name="", seen_at=NOW)
    return Ad.objects.create(
        ad_group=group,
        ad_account=account,
        post=Post.objects.get(item_id="7493990579714164574"),
        ad_id="1803",
        name="Spark",
        state=Ad.State.LIVE,
        seen_at=NOW,
    )


def spend(ad: Ad, amount: str, day: date = date(2026, 11, 10)) -> None:
    AdDay.objects.create(
        ad=ad,
        day=day,
        currency=ad.ad_account.currency,
        spend=D(amount),
        claimed_revenue=D(500),
        read_at=NOW,
    )


def assert_groups_sum_to_shop(books: Books, basis: Basis = Basis.ORDER) -> None:
    whole = shop_pnl(books.shop, basis, ALL)
    names = [item.name if isinstance(item, Level) else item.value for item in TREE]
    for dimension in Dimension:
        groups = grouped(books.shop, basis, ALL, dimension)
        for name in names[: names.index("cm3") + 1]:
            total = sum((getattr(pnl, name) for pnl in groups.values()), D(0))
            assert total == getattr(whole, name), (dimension, name)


def test_pd1_every_line_is_the_sum_of_its_entries_and_ties_to_the_statements(
    sample_books: Books,
) -> None:
    pnl = shop_pnl(sample_books.shop, Basis.ORDER, ALL)
    expected = {
        "gmv": D(108),  # 28 + 56 + 24
        "refunded_item_revenue": D(24),
        "net_revenue": D(84),
        "referral_fee": D("5.04"),  # 1.68 + 3.36 + 1.44 - 1.44
        "refund_admin_fee": D("0.29"),
        "fulfilment_cost": D("8.62"),  # 4.31 + 6.20 - 6.20 + 4.31
        "return_shipping_cost": D(5),
        "other_platform_fee": D("0.25"),
        "adjustments": D("12.50"),
        "affiliate_commission": D("9.38"),  # 3.78 + 5.60
    }
    assert {name: getattr(pnl, name) for name in expected} == expected
    # The two statements settle 83.27 - 55.35, of which -40.00 pays for ads that the ad account
    # reports on its own.
    assert pnl.cm_before_ads == D("83.27") - D("55.35") + 40
    for name in expected:
        if name != "net_revenue":
            rows = entries_of(sample_books.shop, Basis.ORDER, ALL, {"account": name})
            assert rows.aggregate(total=Sum("amount"))["total"] == getattr(pnl, name)
            assert all(row.source and row.rule for row in rows)


def test_pd3_groups_and_unattributed_sum_to_the_shop_on_every_basis(sample_books: Books) -> None:
    ad = spark_campaign(sample_books)
    spend(ad, "33.34")
    add_creator_fee(
        Creator.objects.get(handle="mia.skin"),
        kind="usage_fee",
        amount=D("100.00"),
        currency="USD",
        starts_on=date(2026, 11, 1),
        ends_on=date(2026, 11, 30),
        post=ad.post,
        by=JO,
        now=NOW,
    )
    for product in Product.objects.all():
        PostProduct.objects.create(post=ad.post, product=product)
    mark_changes_elsewhere(now=NOW)
    sample_books.book()
    whole = shop_pnl(sample_books.shop, Basis.ORDER, ALL)
    assert (whole.ad_spend, whole.creator_fees) == (D("33.34"), D(100))
    for basis in Basis:
        assert_groups_sum_to_shop(sample_books, basis)
    creators = grouped(sample_books.shop, Basis.ORDER, ALL, Dimension.CREATOR)
    assert creators["mia.skin"].ad_spend == D("33.34")
    assert creators[UNATTRIBUTED].gmv == 24  # the mask has no affiliate order
    products = grouped(sample_books.shop, Basis.ORDER, ALL, Dimension.PRODUCT)
    # The post sold 84.00 of serum and no mask, so the serum carries its ad cost.
    assert (products[SERUM].ad_spend, products[MASK].ad_spend) == (D("33.34"), 0)


def test_pd4_a_sample_is_no_sale_but_a_cost_of_its_creator(sample_books: Books) -> None:
    cost_of("GS-30", "6.40")
    data = sample("orders_search_202309")
    shipped = data["orders"][3] | {"status": "IN_TRANSIT", "rts_time": 1794600000}
    claims = sample("affiliate_seller_orders_search_202410")
    claim = claims["orders"][0] | {"id": SAMPLE}
    sample_books.orders({"orders": [shipped]})
    sample_books.affiliate({"orders": [claim]})
    sample_books.book()
    assert not Entry.objects.filter(order_id=SAMPLE).exists()
    row = Entry.objects.get(account="sample_cost")
    assert (row.amount, row.creator.handle, row.product.product_id) == (
        D("6.40"),
        "mia.skin",
        SERUM,
    )
    # 1794600000 is 2026-11-13 12:00 in Los Angeles: the day it left.
    assert row.order_day == date(2026, 11, 13)
    assert shop_pnl(sample_books.shop, Basis.ORDER, ALL).gmv == 108


def test_pd5_a_later_refund_counts_in_its_own_period_and_stays_with_its_order(
    sample_books: Books,
) -> None:
    """Order 3 was placed on 10 November and given back on the 18th (Los Angeles)."""
    shop = sample_books.shop
    sold = Period(first=date(2026, 11, 10), last=date(2026, 11, 10))
    back = Period(first=date(2026, 11, 18), last=date(2026, 11, 18))
    assert shop_pnl(shop, Basis.EVENT, sold).refunded_item_revenue == 0
    by_event = shop_pnl(shop, Basis.EVENT, back)
    assert (by_event.gmv, by_event.refunded_item_revenue) == (0, 24)
    assert shop_pnl(shop, Basis.ORDER, sold).refunded_item_revenue == 24
    row = entries_in(shop, Basis.EVENT, back).get(account="refunded_item_revenue")
    assert (row.order_id, row.order_day) == (THIRD, date(2026, 11, 10))
    assert Refund.objects.get().order == Order.objects.get(order_id=row.order_id)


def test_pd7_a_new_cost_leaves_earlier_days_and_a_missing_one_is_no_profit(
    sample_books: Books,
) -> None:
    shop = sample_books.shop
    assert shop_pnl(shop, Basis.ORDER, ALL).complete is False
    uncosted = sold_without_cost(shop, Basis.ORDER, ALL)
    assert {one.title: one.amount for one in uncosted} == {
        "Glow Serum 30ml": D(84),
        "Overnight Mask 75ml": D(24),
    }
    assert products_that_made_money(ALL.first, ALL.last).unknown == 2
    cost_of("GS-30", "10.00")
    cost_of("OM-75", "8.00")
    sample_books.book()
    pnl = shop_pnl(shop, Basis.ORDER, ALL)
    # Three serums; the mask came back restocked at the cost it left with.
    assert (pnl.complete, pnl.cogs) == (True, 30)
    # Order 2 was placed on 9 November, order 1 on the 9th as well; a cost from the 10th on
    # changes neither.
    cost_of("GS-30", "12.00", date(2026, 11, 10))
    assert set(Dirty.objects.values_list("subject", flat=True)) == {SAMPLE}
    sample_books.book()
    assert shop_pnl(shop, Basis.ORDER, ALL).cogs == 30
    cost_of("GS-30", "11.00", date(2026, 11, 9))
    sample_books.book()
    assert shop_pnl(shop, Basis.ORDER, ALL).cogs == 33
    changed = Entry.objects.filter(account="cogs", order_id=FIRST).order_by("pk")
    assert [row.amount for row in changed] == [D(10), D(1)]
    assert "unit cost changed" in changed[1].cause
    answer = products_that_made_money(ALL.first, ALL.last)
    assert (answer.unknown, answer.made_money, answer.lost_money) == (0, 1, 1)
    assert answer.top[0].product.product_id == SERUM


def test_booking_again_appends_nothing(sample_books: Books) -> None:
    before = Entry.objects.count()
    for order in Order.objects.all():
        Dirty.objects.create(
            shop=sample_books.shop,
            kind="order",
            subject=order.order_id,
            cause="again",
            marked_at=NOW,
        )
    assert sample_books.book() == Order.objects.count()
    assert Entry.objects.count() == before


class PowerCutError(Exception):
    pass


def test_a_batch_that_dies_before_its_end_has_not_happened(books: Books) -> None:
    books.read_samples()
    marks = Dirty.objects.count()
    with contextlib.suppress(PowerCutError), transaction.atomic():
        books.book()
        assert Entry.objects.exists()
        raise PowerCutError
    assert not Entry.objects.exists()
    assert not DayTotal.objects.exists()
    assert Dirty.objects.count() == marks > 0
    books.book()
    assert shop_pnl(books.shop, Basis.ORDER, ALL).gmv == 108


@pytest.mark.parametrize(
    "change", [lambda: Entry.objects.update(amount=0), lambda: Entry.objects.all().delete()]
)
def test_the_ledger_is_append_only(sample_books: Books, change: Callable[[], object]) -> None:
    with pytest.raises(DatabaseError, match="append-only|permission denied"), transaction.atomic():
        change()


def test_the_rollup_can_be_lost(sample_books: Books) -> None:
    before = shop_pnl(sample_books.shop, Basis.SETTLEMENT, ALL)
    DayTotal.objects.all().delete()
    rebuild_all(sample_books.shop)
    assert shop_pnl(sample_books.shop, Basis.SETTLEMENT, ALL) == before


def test_estimates_become_settled_with_the_difference_and_its_cause(books: Books) -> None:
    books.orders(sample("orders_search_202309"))
    books.affiliate(sample("affiliate_seller_orders_search_202410"))
    books.book()
    estimated = shop_pnl(books.shop, Basis.ORDER, ALL)
    # Referral 6 % of 28, 56 and 24; commission 15 % of 25.20 and 10 % of 56.
    assert (estimated.referral_fee, estimated.affiliate_commission) == (D("6.48"), D("9.38"))
    assert stages(books.shop, Basis.ORDER, ALL).processing == 1
    books.statements(sample("finance_statements_202309"))
    data = sample("finance_statement_transactions_202501_sales")
    row = data["transactions"][0]
    row["fee_tax_breakdown"]["fee"]["referral_fee_amount"] = "-1.40"
    row["fee_tax_amount"] = "-5.18"
    books.rows(data)
    books.book()
    assert shop_pnl(books.shop, Basis.ORDER, ALL).referral_fee == D("6.20")
    assert stages(books.shop, Basis.ORDER, ALL).settled == 1
    difference = Entry.objects.get(account="referral_fee", order_id=FIRST, rule="P18@1")
    assert difference.amount == D("-0.28")
    assert "settled amount replaces the estimate" in difference.cause
    moved = Entry.objects.filter(account="gmv", order_id=FIRST).order_by("pk")
    assert [(one.amount, one.stage) for one in moved] == [
        (28, "processing"),
        (-28, "processing"),
        (28, "settled"),
    ]
    assert "now settled" in moved[2].cause


def test_fees_wait_while_a_refund_is_in_no_statement_yet(books: Books) -> None:
    """The sale's fee of 1.44 settled, then the goods came back: the fee is not final."""
    books.orders(sample("orders_search_202309"))
    books.returns(sample("returns_search_202602"))
    books.statements(sample("finance_statements_202309"))
    books.rows(sample("finance_statement_transactions_202501_sales"))
    books.book()
    third = Entry.objects.filter(order_id=THIRD)
    fee = third.filter(account="referral_fee").aggregate(total=Sum("amount"))["total"]
    assert fee == 0
    assert third.filter(account="refund_admin_fee").get().amount == D("0.29")
    books.rows(sample("finance_statement_transactions_202501_refund_adjust_reserve"))
    books.book()
    settled = third.filter(account="refund_admin_fee", stage="settled")
    assert settled.aggregate(total=Sum("amount"))["total"] == D("0.29")


def test_a_cancelled_order_sold_nothing_even_before_its_cancellation_is_read(books: Books) -> None:
    data = sample("orders_search_202309")
    data["orders"][1] |= {"status": "CANCELLED", "cancel_time": 1794280000, "delivery_time": 0}
    books.orders(data)
    books.book()
    second = Entry.objects.filter(order_id=SECOND)
    sums = {row["account"]: row["total"] for row in totals_of(second)}
    assert (sums["gmv"], sums["refunded_item_revenue"], sums["referral_fee"]) == (56, 56, 0)


def totals_of(rows: object) -> Iterable[dict[str, Decimal]]:
    return rows.order_by().values("account").annotate(total=Sum("amount"))  # type: ignore[attr-defined]


def test_a_replacement_brings_no_new_revenue_but_costs_its_goods(books: Books) -> None:
    data = sample("orders_search_202309")
    data["orders"][1] |= {"is_replacement_order": True, "replaced_order_id": FIRST}
    books.orders({"orders": [data["orders"][1]]})
    cost_of("GS-30", "10.00")
    books.book()
    pnl = shop_pnl(books.shop, Basis.ORDER, ALL)
    assert (pnl.gmv, pnl.referral_fee, pnl.cogs) == (0, 0, 20)


def test_ads_in_another_currency_wait_for_a_rate(sample_books: Books) -> None:
    ad = spark_campaign(sample_books, currency="EUR")
    spend(ad, "10.00")
    mark_changes_elsewhere(now=NOW)
    sample_books.book()
    assert shop_pnl(sample_books.shop, Basis.ORDER, ALL).ad_spend == 0
    set_fx_rate("EUR", "USD", date(2026, 11, 1), D("1.10"), source="bank", by=JO, now=NOW)
    sample_books.book()
    row = Entry.objects.get(account="ad_spend")
    assert (row.amount, row.raw_amount, row.raw_currency) == (D("11.00"), 10, "EUR")
    assert shop_pnl(sample_books.shop, Basis.ORDER, ALL).ad_spend == D("11.00")


def test_gmv_max_is_booked_once_by_creative_with_the_rest_unattributed(
    sample_books: Books,
) -> None:
    ad = spark_campaign(sample_books)
    campaign = Campaign.objects.create(
        ad_account=ad.ad_account,
        campaign_id="1900",
        name="GMV Max",
        kind="gmv_max_product",
        seen_at=NOW,
    )
    serum = Product.objects.get(product_id=SERUM)
    rows = (
        ("campaign", "", None, None, "100.00", "90.00"),
        ("product", SERUM, serum, None, "100.00", None),
        ("creative", f"{SERUM}/7493990579714164574", serum, ad.post, "70.01", None),
    )
    for grain, key, product, post, cost, net in rows:
        GmvMaxDay.objects.create(
            campaign=campaign,
            grain=grain,
            key=key,
            day=date(2026, 11, 10),
            product=product,
            post=post,
            currency="USD",
            cost=D(cost),
            net_cost=D(net) if net else None,
            read_at=NOW,
        )
    mark_changes_elsewhere(now=NOW)
    sample_books.book()
    pnl = shop_pnl(sample_books.shop, Basis.ORDER, ALL)
    assert (pnl.ad_spend, pnl.ad_credit, pnl.net_ad_cost) == (100, 10, 90)
    posts = grouped(sample_books.shop, Basis.ORDER, ALL, Dimension.POST)
    assert posts["7493990579714164574"].ad_spend == D("70.01")
    assert posts[UNATTRIBUTED].ad_spend == D("29.99")
    # The rest belongs to the products the campaign promoted: only the serum.
    products = grouped(sample_books.shop, Basis.ORDER, ALL, Dimension.PRODUCT)
    assert products[SERUM].ad_spend == 100
    assert_groups_sum_to_shop(sample_books)


def test_ad_numbers_that_change_are_seen_and_unchanged_ones_are_not_marked(
    sample_books: Books,
) -> None:
    ad = spark_campaign(sample_books)
    spend(ad, "10.00")
    mark_changes_elsewhere(now=NOW)
    sample_books.book()
    later = NOW + timedelta(hours=1)
    mark_changes_elsewhere(now=later)  # what was read shortly before the last look, once more
    before = Entry.objects.count()
    sample_books.book()
    assert Entry.objects.count() == before
    later += timedelta(hours=1)
    mark_changes_elsewhere(now=later)
    assert not Dirty.objects.filter(kind="ad_day").exists()
    AdDay.objects.update(spend=D("12.50"), read_at=later)
    mark_changes_elsewhere(now=later + timedelta(minutes=1))
    sample_books.book()
    amounts = Entry.objects.filter(account="ad_spend").order_by("pk")
    assert [row.amount for row in amounts] == [10, D("2.50")]


def test_an_agency_s_monthly_minimum_is_charged_with_the_month(sample_books: Books) -> None:
    AgencyFee.objects.create(
        shop=sample_books.shop,
        kind="percent_of_gmv",
        rate=D("0.05"),
        minimum=D(150),
        currency="USD",
        effective_from=date(2026, 11, 1),
    )
    month = Period(first=date(2026, 11, 1), last=date(2026, 11, 30))
    pnl = shop_pnl(sample_books.shop, Basis.ORDER, month)
    assert (pnl.agency_fees, pnl.cm3 - pnl.net_profit) == (150, 150)
    part = Period(first=date(2026, 11, 1), last=date(2026, 11, 29))
    assert shop_pnl(sample_books.shop, Basis.ORDER, part).agency_fees == 0


def test_a_fee_that_was_entered_by_mistake_is_reversed(sample_books: Books) -> None:
    fee = add_creator_fee(
        Creator.objects.get(handle="mia.skin"),
        kind="flat_fee",
        amount=D(200),
        currency="USD",
        starts_on=date(2026, 11, 5),
        by=JO,
        now=NOW,
    )
    sample_books.book()
    assert shop_pnl(sample_books.shop, Basis.ORDER, ALL).creator_fees == 200
    remove_creator_fee(fee, by=JO, now=NOW)
    sample_books.book()
    assert shop_pnl(sample_books.shop, Basis.ORDER, ALL).creator_fees == 0
    assert set(Event.objects.values_list("verb", flat=True)) >= {
        "creator_fee.added",
        "creator_fee.removed",
    }


@pytest.mark.parametrize(
    ("amount", "currency", "code"),
    [("-1", "USD", "amount"), ("NaN", "USD", "amount"), ("1", "dollars", "currency")],
)
def test_a_cost_that_cannot_be_is_refused(
    sample_books: Books, amount: str, currency: str, code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        set_unit_cost(Sku.objects.first(), D(amount), currency, date(2026, 1, 1), by=JO, now=NOW)
    assert refused.value.code == code


def test_a_fee_whose_window_ends_before_it_starts_is_refused(sample_books: Books) -> None:
    with pytest.raises(Refusal) as refused:
        add_creator_fee(
            Creator.objects.get(handle="mia.skin"),
            kind="retainer",
            amount=D(1),
            currency="USD",
            starts_on=date(2026, 11, 5),
            ends_on=date(2026, 11, 4),
            by=JO,
            now=NOW,
        )
    assert refused.value.field == "ends_on"


def test_facts_that_cannot_be_booked_are_told_and_hold_up_nothing(books: Books) -> None:
    """Without a real time zone no order has a day; a payment on a day has one all the same."""
    books.read_samples()
    Shop.objects.update(timezone="Mars/Olympus")
    add_creator_fee(
        Creator.objects.get(handle="mia.skin"),
        kind="flat_fee",
        amount=D(20),
        currency="USD",
        starts_on=date(2026, 11, 5),
        by=JO,
        now=NOW,
    )
    books.book()
    assert not Dirty.objects.exists()
    assert set(Entry.objects.values_list("account", flat=True)) == {"creator_fees", "adjustments"}
    told = Alert.objects.filter(kind="unbookable")
    # The sample has not left yet: it costs nothing before it does, so nothing of it can fail.
    assert set(told.values_list("title", flat=True)) == {
        f"order {one} could not be booked" for one in (FIRST, SECOND, THIRD)
    }
    assert "is not a time zone" in told[0].body
    Order.objects.filter(order_id=SAMPLE).update(shipped_at=NOW)
    mark(books.shop.pk, Dirty.Kind.ORDER, [SAMPLE], cause="Shipped", now=NOW)
    books.book()
    assert told.filter(title=f"order {SAMPLE} could not be booked").exists()


def test_the_settled_rows_per_sku_replace_the_row_of_the_whole_order(books: Books) -> None:
    """Order 3 by SKU: the same money as its rows, and nothing is counted twice."""
    books.read_samples()
    books.settled_orders(sample("finance_order_transactions_202501_sale_and_refund"))
    books.book()
    pnl = shop_pnl(books.shop, Basis.ORDER, ALL)
    assert (pnl.referral_fee, pnl.refund_admin_fee) == (D("5.04"), D("0.29"))
    assert (pnl.fulfilment_cost, pnl.return_shipping_cost) == (D("8.62"), 5)


def test_commission_that_settled_before_a_refund_is_kept_and_shown(books: Books) -> None:
    """P15: order 1 is given back after its commission of 3.78 settled on 15 November."""
    books.read_samples()
    data = sample("returns_search_202602")
    one = data["return_orders"][0] | {"order_id": FIRST, "return_id": "9"}
    one["refund_amount"]["refund_subtotal"] = "25.2"
    one["return_line_items"][0] |= {"sku_id": "1729500000000000201"}
    one["return_line_items"][0]["refund_amount"]["refund_subtotal"] = "25.2"
    books.returns({"return_orders": [one]})
    books.book()
    first = Entry.objects.filter(order_id=FIRST)
    kept = first.filter(account=Account.COMMISSION_KEPT_AFTER_REFUND.value)
    assert kept.aggregate(total=Sum("amount"))["total"] == D("3.78")
    commission = first.filter(account="affiliate_commission")
    assert commission.aggregate(total=Sum("amount"))["total"] == D("3.78")


def test_nothing_alarms_while_all_is_known(sample_books: Books) -> None:
    assert not Alert.objects.exists()
