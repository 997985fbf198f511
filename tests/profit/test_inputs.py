"""What people enter: fee rules with a preview, payments to creators, exchange rates (N15)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.db.models import Sum
from django.test import Client as Browser
from django.urls import reverse

from profit.actions.booking import book_batch
from profit.actions.fee_rules import RuleVersion, preview_fee_rule, remove_fee_rule, set_fee_rule
from profit.models import CreatorFee, Dirty, Entry, FeeRule, Restatement
from profit.queries.pnl import shop_pnl
from profit.rules.facts import Basis, Period
from sparkops.audit.models import Event
from sparkops.catalog.models import FxRate, Shop
from sparkops.isolation.scope import client_scope
from tests.factories.cast import Cast
from tests.profit.conftest import JO, NOW, Books, make_books, sample

D = Decimal
MASK = "1729500000000000102"
ALL = Period(first=date(2026, 1, 1), last=date(2026, 12, 31))
EIGHT = RuleVersion(
    market="US",
    kind="referral",
    rate=D("0.08"),
    base="item_revenue_plus_shipping",
    effective_from=date(2026, 10, 1),
    source="Seller news, October 2026",
)


def fee(books: Books) -> Decimal:
    return shop_pnl(books.shop, Basis.ORDER, ALL).referral_fee


def read_sales(books: Books) -> None:
    books.orders(sample("orders_search_202309"))
    books.affiliate(sample("affiliate_seller_orders_search_202410"))
    books.book()


def test_a_fee_rule_holds_from_its_day_and_its_preview_tells_what_it_restates(
    books: Books,
) -> None:
    """N15: rates are dated data: a new version restates what it concerns, exactly by what its
    preview said, every entry names the version it followed, and taking it back restores all."""
    read_sales(books)
    before = fee(books)
    preview = preview_fee_rule(EIGHT, now=NOW)
    assert not FeeRule.objects.filter(effective_from=EIGHT.effective_from).exists()
    assert not Dirty.objects.exists()
    assert fee(books) == before
    rule = set_fee_rule(EIGHT, by=JO, now=NOW)
    books.book()
    assert {"USD": before - fee(books)} == preview.effect
    assert preview.effect["USD"] < 0
    rows = Restatement.objects.filter(account="referral_fee")
    assert {(row.kind, row.rule) for row in rows} == {("fee_rule", "P11@2026-10-01")}
    assert rows.values("subject").distinct().count() == preview.changed
    rules = set(Entry.objects.filter(account="referral_fee").values_list("rule", flat=True))
    assert rules == {"P11@2024-04-01", "P11@2026-10-01"}
    remove_fee_rule(rule, by=JO, now=NOW)
    books.book()
    assert fee(books) == before
    verbs = Event.objects.filter(verb__startswith="fee_rule").order_by("pk")
    assert [event.verb for event in verbs] == ["fee_rule.set", "fee_rule.removed"]


def test_a_later_rule_leaves_earlier_orders_alone(books: Books) -> None:
    read_sales(books)
    before = fee(books)
    later = RuleVersion(**{**vars(EIGHT), "effective_from": date(2026, 12, 1)})
    assert preview_fee_rule(later, now=NOW).orders == 0
    set_fee_rule(later, by=JO, now=NOW)
    books.book()
    assert fee(books) == before


@pytest.fixture
def finance(cast: Cast, client: Browser) -> Iterator[Browser]:
    with client_scope(cast.client.pk):
        read_sales(make_books(cast.client.pk))
    client.force_login(cast.members["finance"])
    with time_machine.travel(NOW, tick=False):
        yield client


RULE = {
    "market": "US",
    "kind": "referral",
    "rate": "8",
    "base": "item_revenue_plus_shipping",
    "effective_from": "2026-10-01",
    "source": "Seller news",
}


def test_a_rule_is_shown_what_it_restates_before_it_is_saved(finance: Browser, cast: Cast) -> None:
    url = reverse("profit:rules", kwargs={"client": cast.client.slug})
    page = finance.post(url, {**RULE, "preview": "1"}).content.decode()
    assert "Nothing is saved yet" in page and "net moves" in page
    wrong = finance.post(url, {**RULE, "base": "", "preview": "1"})
    assert wrong.status_code == 422
    assert "what the rate is a share of" in wrong.content.decode()
    assert finance.post(url, {**RULE, "save": "1"}).status_code == 302
    with client_scope(cast.client.pk):
        rule = FeeRule.objects.get(effective_from=date(2026, 10, 1))
        assert rule.rate == D("0.08")
        assert rule.product is None
    gone = reverse("profit:rule-remove", kwargs={"client": cast.client.slug, "pk": rule.pk})
    assert finance.post(gone).status_code == 302
    with client_scope(cast.client.pk):
        assert not FeeRule.objects.filter(pk=rule.pk).exists()


def fees_by_product() -> dict[str, Decimal]:
    rows = Entry.objects.filter(account="referral_fee").order_by()
    return dict(rows.values_list("product__product_id").annotate(total=Sum("amount")))


def test_a_rule_may_name_a_product_and_then_leaves_the_others_alone(
    finance: Browser, cast: Cast
) -> None:
    """N15: the form takes a product of the market; a rule without one holds for all of them."""
    url = reverse("profit:rules", kwargs={"client": cast.client.slug})
    page = finance.post(url, {**RULE, "product": "Cloud", "preview": "1"}).content.decode()
    assert "No product is called Cloud here." in page
    assert finance.post(url, {**RULE, "product": MASK, "save": "1"}).status_code == 302
    with client_scope(cast.client.pk):
        rule = FeeRule.objects.select_related("product").get(effective_from=date(2026, 10, 1))
        assert rule.product is not None and rule.product.product_id == MASK
        page = finance.get(url).content.decode()
        assert "All products" in page and f'<span class="sub">{rule.product}</span>' in page
        before = fees_by_product()
        while book_batch(now=NOW):
            continue
        after = fees_by_product()
        Shop.objects.update(market="GB")
        Shop.objects.create(
            connection=Shop.objects.get().connection,
            shop_id="2",
            cipher="c",
            name="Second",
            market="US",
            currency="USD",
            timezone="UTC",
        )
    assert (before.pop(MASK), after.pop(MASK)) == (D("1.44"), D("1.92"))  # 6%, then 8% of 24.00
    assert after == before
    elsewhere = finance.post(url, {**RULE, "product": MASK, "preview": "1"})
    assert "is sold in GB" in elsewhere.content.decode()


def test_payments_and_rates_are_entered_checked_and_taken_back(
    finance: Browser, cast: Cast
) -> None:
    slug = {"client": cast.client.slug}
    payments, rates = (reverse(f"profit:{name}", kwargs=slug) for name in ("payments", "rates"))
    payment = {
        "creator": "@mia.skin",
        "kind": "usage_fee",
        "amount": "90",
        "currency": "usd",
        "starts_on": "2026-11-01",
        "ends_on": "2026-11-30",
    }
    wrong = finance.post(payments, {**payment, "creator": "@nobody"})
    assert wrong.status_code == 422 and "No creator is called" in wrong.content.decode()
    assert finance.post(payments, payment).status_code == 302
    rate = {"base": "EUR", "quote": "USD", "rate": "1.1", "day": "2026-11-01", "source": "Bank"}
    same = finance.post(rates, {**rate, "base": "USD"})
    assert "two different currencies" in same.content.decode()
    assert finance.post(rates, rate).status_code == 302
    for address, words in ((payments, "mia.skin"), (rates, "1 EUR")):
        assert words in finance.get(address).content.decode()
    with client_scope(cast.client.pk):
        fee_row, rate_row = CreatorFee.objects.get(), FxRate.objects.get()
    for name, pk in (("payment-remove", fee_row.pk), ("rate-remove", rate_row.pk)):
        assert finance.post(reverse(f"profit:{name}", kwargs={**slug, "pk": pk})).status_code == 302
    with client_scope(cast.client.pk):
        assert not CreatorFee.objects.exists() and not FxRate.objects.exists()
        verbs = set(Event.objects.values_list("verb", flat=True))
    assert {"creator_fee.added", "creator_fee.removed", "fx_rate.set", "fx_rate.removed"} <= verbs
