"""What the rules of one shop need beside the row itself, from the database."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import F

from creators.models import Post, PostProduct
from profit.models import FeeRule
from profit.rules import facts
from profit.rules.context import Context, UnitCosts
from profit.rules.fx import FxRate as Rate
from profit.rules.fx import FxRates
from sparkops.catalog.models import FxRate, Shop, UnitCost


def shop_context(
    shop: Shop, *, item_ids: Collection[str] = (), sku_ids: Collection[str] = ()
) -> Context:
    """The context of a shop for the posts (`item_ids`) and SKUs of a batch. Four queries.

    Posts and SKUs go by TikTok's ids, creators by our own key as text, because an order knows its
    creator by a name that can change. The ledger is kept in the shop's currency.
    """
    rules = list(FeeRule.objects.filter(market=shop.market, product=None))
    vat = [rule for rule in rules if rule.kind == FeeRule.Kind.OUTPUT_VAT]
    newest = max(vat, key=lambda rule: rule.effective_from, default=None)
    return Context(
        shop=facts.Shop(
            shop_id=shop.shop_id,
            market=shop.market,
            timezone=shop.timezone,
            currency=shop.currency,
            vat_rate=newest.rate if newest else None,
        ),
        report_currency=shop.currency,
        rules=_fee_rules(rules),
        unit_costs=UnitCosts(tuple(_unit_costs(sku_ids))),
        fx=FxRates(tuple(_rates(shop.currency))),
        posts=post_facts(item_ids),
    )


def post_facts(item_ids: Collection[str]) -> dict[str, facts.Post]:
    """Posts with their creator and all products ever linked, by item id. Two queries."""
    posts = Post.objects.filter(item_id__in=set(item_ids))
    products: dict[str, list[str]] = {}
    links = PostProduct.objects.filter(post__item_id__in=set(item_ids)).order_by("product_id")
    for item_id, product_id in links.values_list("post__item_id", "product__product_id"):
        products.setdefault(item_id, []).append(product_id)
    return {
        item_id: facts.Post(
            post_id=item_id,
            creator_id=key_of(creator_id),
            product_ids=tuple(products.get(item_id, ())),
        )
        for item_id, creator_id in posts.values_list("item_id", "creator_id")
    }


def key_of(creator_id: int | None) -> str | None:
    """A creator's key as the rules carry it."""
    return None if creator_id is None else str(creator_id)


def product_rates(shop: Shop, product_ids: Iterable[str]) -> dict[str, list[FeeRule]]:
    """Referral rules of single products (a category with its own rate), by product id."""
    found: dict[str, list[FeeRule]] = {}
    rules = FeeRule.objects.filter(
        market=shop.market,
        kind=FeeRule.Kind.REFERRAL,
        product__product_id__in=set(product_ids),
    )
    named = rules.annotate(tiktok_id=F("product__product_id"))
    for rule in named:
        found.setdefault(rule.tiktok_id, []).append(rule)
    return found


def _fee_rules(rules: Iterable[FeeRule]) -> facts.FeeRules:
    referral, admin = [], []
    commission_base = facts.CommissionBase.CUSTOMER_ITEM_PAYMENT
    for rule in rules:
        version = rule.effective_from.isoformat()
        if rule.kind == FeeRule.Kind.REFERRAL:
            referral.append(
                facts.ReferralFeeRule(
                    effective_from=rule.effective_from,
                    rate=rule.rate,
                    base=facts.FeeBase(rule.base),
                    version=version,
                )
            )
        elif rule.kind == FeeRule.Kind.REFUND_ADMIN:
            admin.append(
                facts.RefundAdminFeeRule(
                    effective_from=rule.effective_from,
                    rate_of_referral_fee=rule.rate,
                    cap_per_line=rule.cap,
                    version=version,
                )
            )
        elif rule.kind == FeeRule.Kind.COMMISSION:
            commission_base = facts.CommissionBase(rule.base)
    return facts.FeeRules(
        referral=tuple(referral), refund_admin=tuple(admin), commission_base=commission_base
    )


def _unit_costs(sku_ids: Collection[str]) -> Iterable[facts.UnitCost]:
    costs = UnitCost.objects.filter(sku__sku_id__in=set(sku_ids)).order_by("effective_from", "pk")
    for sku_id, day, amount, currency in costs.values_list(
        "sku__sku_id", "effective_from", "amount", "currency"
    ):
        yield facts.UnitCost(
            item_id=sku_id,
            effective_from=day,
            amount=amount,
            currency=currency,
            version=day.isoformat(),
        )


def _rates(quote: str) -> Iterable[Rate]:
    rows = FxRate.objects.filter(quote=quote).values_list("day", "base", "quote", "rate")
    for day, base, quoted, rate in rows:
        yield Rate(day=day, base=base, quote=quoted, rate=rate)


def first_rate_days(quote: str) -> dict[str, date]:
    """The first day with an exchange rate into `quote`, by currency."""
    rows = FxRate.objects.filter(quote=quote).order_by("base", "day").distinct("base")
    return dict(rows.values_list("base", "day"))
