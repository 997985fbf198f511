"""P5, P23 to P25, P28 and 6.7: ad cost, its place, claimed revenue and permission cover."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from profit.rules.ads import ad_entries, roi_protection_credit
from profit.rules.attribution import Links, gmv_weights, links, over_products, product_shares
from profit.rules.creators import payment_entries
from profit.rules.entries import Account, GapKind
from profit.rules.facts import (
    AdRow,
    Authorization,
    CreatorPayment,
    PaymentKind,
    Post,
    UsageRights,
)
from profit.rules.fx import FxRates
from profit.rules.orders import order_entries
from profit.rules.permission import Cover, authorization_cover, cover_entries
from profit.rules.quality import ad_day_is_shop_day
from tests.profit.rules.cases import (
    D,
    amounts,
    context,
    eur_to_usd,
    facts,
    line,
    order,
    total,
)

PACIFIC = timezone(timedelta(hours=-8))


def ad(cost="100.00", **fields):
    values = {
        "row_id": "7",
        "day": date(2026, 5, 12),
        "ad_account_id": "adv-1",
        "offset": PACIFIC,
        "campaign_kind": "spark",
        "campaign_id": "C1",
        "currency": "USD",
        "post_id": "V1",
    }
    return AdRow(cost=D(cost), **{**values, **fields})


def test_spend_credit_and_claim_are_three_accounts_on_the_ad_accounts_day():
    row = ad("180.00", credit_used=D("50.00"), platform_gross_revenue=D("725.00"), ad_id="A1")
    found = ad_entries(row, context()).entries
    assert amounts(found, Account.AD_SPEND) == ["180.00"]
    assert amounts(found, Account.AD_CREDIT) == ["50.00"]
    assert amounts(found, Account.PLATFORM_CLAIMED_REVENUE) == ["725.00"]
    assert {(e.order_day, e.event_day, e.creator_id, e.ad_id) for e in found} == {
        (date(2026, 5, 12), date(2026, 5, 12), "ana", "A1")
    }


def test_tax_that_cannot_be_reclaimed_is_ad_cost():
    found = ad_entries(ad("100.00", non_recoverable_tax=D("19.00")), context()).entries
    assert total(found, Account.AD_SPEND) == D("119.00")


def test_a_euro_row_takes_the_rate_of_its_day_and_keeps_the_raw_amount():
    row = ad("4.10", currency="EUR", platform_gross_revenue=D("25.00"))
    found = ad_entries(row, context(fx=eur_to_usd(d12="1.0831", d13="1.0795"))).entries
    assert amounts(found, Account.AD_SPEND) == ["4.44"]
    assert amounts(found, Account.PLATFORM_CLAIMED_REVENUE) == ["27.08"]
    assert (str(found[0].raw_amount), found[0].raw_currency) == ("4.10", "EUR")


def test_a_row_without_rate_is_a_gap():
    wanted = ad_entries(ad(currency="EUR"), context(fx=FxRates()))
    assert wanted.entries == ()
    assert [gap.kind for gap in wanted.gaps] == [GapKind.MISSING_FX_RATE]


def test_an_ad_of_an_unknown_post_has_no_creator():
    (entry,) = ad_entries(ad(post_id="V9"), context()).entries
    assert (entry.post_id, entry.creator_id) == ("V9", None)


# V1 sold P1 for 30.00 and P2 for 10.00; the shop alone sold P2 for 60.00 and P3 for 20.00.
SOLD = [
    order(line("30.00"), line("10.00", line_id="2", product_id="P2"), post_id="V1"),
    order(
        line("60.00", product_id="P2"),
        line("20.00", line_id="2", product_id="P3"),
        order_id="O2",
    ),
]
POSTS = {
    "V1": Post(post_id="V1", creator_id="ana", product_ids=("P1", "P2")),
    "V2": Post(post_id="V2", creator_id="ben", product_ids=("P2", "P1")),
    "V3": Post(post_id="V3", creator_id="ben"),
}


def by_product(row):
    setting = context(posts=POSTS)
    entries = [e for each in SOLD for e in order_entries(facts(of=each), setting).entries]
    entries += ad_entries(row, setting).entries
    split = over_products(entries, links(POSTS.values(), [row]))
    return {e.product_id: str(e.amount) for e in split if e.account is Account.AD_SPEND}


@pytest.mark.parametrize(
    ("row", "shares"),
    [
        # A given product wins over the post's.
        (ad(product_id="P9"), {"P9": "100.00"}),
        # The post's own orders decide: 30.00 to 10.00, not the shop's 30.00 to 70.00.
        (ad(), {"P1": "75.00", "P2": "25.00"}),
        # A post without sales: its linked products alike.
        (ad(post_id="V2"), {"P1": "50.00", "P2": "50.00"}),
        # No post: the promoted products by what the shop sold of them, 70.00 to 20.00.
        (ad(post_id=None, promoted_products=("P2", "P3")), {"P2": "77.78", "P3": "22.22"}),
        # The post's products come before the promoted ones.
        (ad(promoted_products=("P3",)), {"P1": "75.00", "P2": "25.00"}),
        # A post without linked products falls back to the promoted ones.
        (ad(post_id="V3", promoted_products=("P3",)), {"P3": "100.00"}),
        (ad(post_id="V3"), {None: "100.00"}),
        (ad(post_id=None), {None: "100.00"}),
    ],
)
def test_ad_cost_over_products(row, shares):
    assert by_product(row) == shares


def test_credits_are_split_as_the_cost_is():
    row = ad(credit_used=D("10.00"))
    setting = context(posts=POSTS)
    entries = [
        *order_entries(facts(of=SOLD[0]), setting).entries,
        *ad_entries(row, setting).entries,
    ]
    split = over_products(entries, links(POSTS.values(), [row]))
    credit = {e.product_id: e.amount for e in split if e.account is Account.AD_CREDIT}
    assert credit == {"P1": D("7.50"), "P2": D("2.50")}


def test_the_days_of_one_payment_are_split_as_one_amount():
    # Three days of 0.01 to two products alike: one split of 0.03, not three of 0.01.
    payment = CreatorPayment(
        payment_id="U1",
        kind=PaymentKind.USAGE_FEE,
        amount=D("0.03"),
        currency="USD",
        starts_on=date(2026, 5, 1),
        ends_on=date(2026, 5, 3),
        creator_id="ben",
        post_id="V2",
    )
    entries = payment_entries(payment, context(posts=POSTS)).entries
    split = over_products(entries, links(POSTS.values(), []))
    assert {e.product_id: str(e.amount) for e in split} == {"P1": "0.02", "P2": "0.01"}


def test_shares_can_be_asked_for_with_sums_from_a_database():
    entries = order_entries(facts(of=SOLD[0]), context()).entries
    shares = product_shares(
        D("1.00"),
        post_id="V1",
        row="ad/7",
        links=Links(by_post={"V1": ("P1", "P2")}),
        weights=gmv_weights(entries),
        currency="USD",
    )
    assert shares == {"P1": D("0.75"), "P2": D("0.25")}


def window(first, last, post_id="V1"):
    return Authorization(authorization_id="AU", post_id=post_id, starts_at=first, ends_at=last)


def at(day, hour):
    return datetime(2026, 5, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("windows", "cover"),
    # 12 May of the account runs from 08:00Z to 08:00Z of the 13th.
    [
        ([], Cover.NONE),
        ([window(at(1, 0), at(12, 8))], Cover.NONE),
        ([window(at(1, 0), at(12, 9))], Cover.PART),
        ([window(at(13, 8), at(20, 0))], Cover.NONE),
        ([window(at(13, 7), at(20, 0))], Cover.PART),
        ([window(at(12, 8), at(13, 8))], Cover.WHOLE),
        ([window(at(1, 0), at(12, 20)), window(at(12, 20), at(20, 0))], Cover.WHOLE),
        ([window(at(1, 0), at(12, 20)), window(at(12, 21), at(20, 0))], Cover.PART),
        ([window(at(12, 18), at(20, 0)), window(at(1, 0), at(12, 20))], Cover.WHOLE),
        ([window(at(1, 0), at(20, 0), post_id="V2")], Cover.NONE),
        # An end nobody has read back is unknown, never forever.
        ([window(at(1, 0), None)], Cover.PART),
        ([window(at(14, 0), None)], Cover.NONE),
    ],
)
def test_authorization_cover_of_an_ad_day(windows, cover):
    assert authorization_cover(ad(), windows) is cover


RIGHTS = [
    UsageRights(
        usage_rights_id="UR", post_id="V1", starts_on=date(2026, 5, 1), ends_on=date(2026, 5, 12)
    )
]


@pytest.mark.parametrize(("day", "flagged"), [(12, []), (13, ["100.00"])])
def test_usage_rights_include_their_last_day(day, flagged):
    found = cover_entries(ad(day=date(2026, 5, day)), context(), None, RIGHTS).entries
    assert amounts(found, Account.SPEND_OUTSIDE_USAGE_RIGHTS) == flagged


def test_only_spark_spend_is_checked_and_only_with_known_lists():
    assert cover_entries(ad(campaign_kind="gmv_max"), context(), [], []).entries == ()
    assert cover_entries(ad(), context(), None, None).entries == ()
    found = cover_entries(ad(), context(), [], []).entries
    assert {entry.account for entry in found} == {
        Account.SPEND_OUTSIDE_AUTHORIZATION,
        Account.SPEND_OUTSIDE_USAGE_RIGHTS,
    }


def test_flags_never_change_cost():
    row, setting = ad(), context()
    both = [*ad_entries(row, setting).entries, *cover_entries(row, setting, [], []).entries]
    assert total(both, Account.AD_SPEND) == D("100.00")


@pytest.mark.parametrize(
    ("changes", "credit"),
    [
        # 500 - 1000 / 2.7 = 129.6296.
        ({}, "129.63"),
        ({"daily_orders": 20}, "0.00"),
        ({"target_edited": True}, "0.00"),
        ({"campaign_paused": True}, "0.00"),
        ({"gross_revenue": D("1350.00")}, "0.00"),
        ({"gross_revenue": D("1349.99")}, "0.00"),
        ({"gross_revenue": D("1349.00")}, "0.37"),
        ({"cost": D("0.00"), "gross_revenue": D("0.00")}, "0.00"),
    ],
)
def test_roi_protection(changes, credit):
    day = {
        "cost": D("500.00"),
        "gross_revenue": D("1000.00"),
        "target_roi": D("3.0"),
        "daily_orders": 25,
        "target_edited": False,
        "campaign_paused": False,
        "currency": "USD",
    }
    assert str(roi_protection_credit(**{**day, **changes})) == credit


@pytest.mark.parametrize(
    ("day", "offset", "same"),
    [
        (date(2026, 1, 15), -8, True),
        (date(2026, 7, 1), -8, False),
        (date(2026, 7, 1), -7, True),
        # The day the clocks change has 23 hours in the shop and 24 in the ad account.
        (date(2026, 3, 8), -8, False),
    ],
)
def test_whether_the_ad_day_is_the_shop_day(day, offset, same):
    row = replace(ad(), day=day, offset=timezone(timedelta(hours=offset)))
    assert ad_day_is_shop_day(row, "America/Los_Angeles") is same
