"""The rows that a worked example's facts stand for."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from authorizations.models import Authorization, UsageTerms
from creators.models import Creator, Post, PostProduct
from profit.actions.marking import mark
from profit.actions.worked_examples.ads import AdRows
from profit.actions.worked_examples.settlement import sample_orders, write_settlement
from profit.models import (
    AffiliateOrder,
    AgencyFee,
    CreatorFee,
    Dirty,
    FeeRule,
    Order,
    OrderLine,
    Refund,
)
from profit.rules import facts
from profit.rules.worked_examples import ShopCase
from sparkops.catalog.models import FxRate, Product, Shop, Sku, UnitCost
from sparkops.clock import shop_day, shop_day_start
from sparkops.connections.models import Connection

NOON = timedelta(hours=12)
LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)
FEE_KINDS = FeeRule.Kind


class CaseRows:
    """Writes a case into the open scope; `creators` and `products` go by the case's names."""

    def __init__(self, case: ShopCase, now: datetime) -> None:
        self.case, self.now = case, now
        self.connection = Connection.objects.create(
            kind=Connection.Kind.SHOP,
            external_id="example",
            label="Worked example",
            access_token=b"",
            connected_at=now,
            connected_by="worked example",
        )
        known = case.context.shop
        self.shop = Shop.objects.create(
            connection=self.connection,
            shop_id=known.shop_id,
            cipher="",
            name=known.shop_id,
            market=known.market[:8],
            currency=known.currency,
            timezone=known.timezone,
        )
        self.creators = {name: self._creator(name) for name in sorted(self._creator_names())}
        self.products = {name: self._product(name) for name in sorted(self._product_names())}
        self.skus: dict[tuple[str, str], Sku] = {}
        self.posts: dict[str, Post] = {}

    def write(self) -> None:
        """Everything, marked to be booked."""
        self._write_rules()
        self._write_posts()
        sent = sample_orders(self.case)
        by_order = {order_id: sample for sample, order_id in sent.items()}
        samples = {sample.sample_id: sample for sample in self.case.facts.samples}
        for one in self.case.facts.orders:
            sample = samples.get(by_order.get(one.order.order_id, ""))
            self._write_order(one, sample)
        for sample in self.case.facts.samples:
            if sent[sample.sample_id] not in {one.order.order_id for one in self.case.facts.orders}:
                self._write_sample(sample, sent[sample.sample_id])
        write_settlement(self.case, self.shop, self.now)
        self._write_payments()
        self._write_permission()
        AdRows(self.case, self.shop, self.connection, self.posts, self.products, self.now).write()
        self._write_costs()

    def _creator_names(self) -> set[str]:
        known = self.case.facts
        names = {post.creator_id for post in self.case.context.posts.values()}
        names |= {one.order.creator_id for one in known.orders}
        names |= {one.creator_id for one in known.creator_payments}
        names |= {one.creator_id for one in known.samples}
        return {name for name in names if name}

    def _product_names(self) -> set[str]:
        known = self.case.facts
        names = {name for post in self.case.context.posts.values() for name in post.product_ids}
        names |= {line.product_id for one in known.orders for line in one.order.lines}
        names |= {sample.product_id for sample in known.samples}
        names |= {row.product_id for row in known.ad_rows if row.product_id}
        names |= {name for row in known.ad_rows for name in row.promoted_products}
        return names | {one.product_id for one in known.creator_payments if one.product_id}

    def _creator(self, name: str) -> Creator:
        return Creator.objects.create(handle=name, source="example", created_at=self.now)

    def _product(self, name: str) -> Product:
        return Product.objects.create(shop=self.shop, product_id=name, title=name)

    def _sku(self, product: str, line: str) -> Sku:
        """A SKU per product and line, so that two lines of one product stay two lines."""
        if (product, line) not in self.skus:
            self.skus[product, line] = Sku.objects.create(
                product=self.products[product], sku_id=sku_id(product, line)
            )
        return self.skus[product, line]

    def _write_rules(self) -> None:
        shop, rules = self.case.context.shop, self.case.context.rules
        for rule in rules.referral:
            self._rule(FEE_KINDS.REFERRAL, rule.rate, rule.effective_from, rule.base.value)
        for admin in rules.refund_admin:
            made = self._rule(
                FEE_KINDS.REFUND_ADMIN, admin.rate_of_referral_fee, admin.effective_from
            )
            made.cap = admin.cap_per_line
            made.save()
        base = rules.commission_base.value
        self._rule(FEE_KINDS.COMMISSION, Decimal(1), date(2000, 1, 1), base)
        if shop.vat_rate is not None:
            self._rule(FEE_KINDS.OUTPUT_VAT, shop.vat_rate, date(2000, 1, 1))
        own = {
            line.product_id: line.referral_rate
            for one in self.case.facts.orders
            for line in one.order.lines
            if line.referral_rate is not None
        }
        for product, rate in own.items():
            made = self._rule(FEE_KINDS.REFERRAL, rate, date(2000, 1, 1), product=product)
            made.save()

    def _rule(
        self, kind: str, rate: Decimal, start: date, base: str = "", product: str = ""
    ) -> FeeRule:
        return FeeRule.objects.create(
            market=self.shop.market,
            kind=kind,
            rate=rate,
            effective_from=start,
            base=base,
            product=self.products[product] if product else None,
            source="Worked example",
        )

    def _write_posts(self) -> None:
        context, known = self.case.context, self.case.facts
        names = set(context.posts) | {one.order.post_id for one in known.orders}
        names |= {row.post_id for row in known.ad_rows} | {row.post_id for row in known.samples}
        names |= {row.post_id for row in known.creator_payments}
        for name in sorted(name for name in names if name):
            fact = context.posts.get(name)
            creator = self.creators[fact.creator_id] if fact and fact.creator_id else None
            post = Post.objects.create(
                item_id=name, creator=creator, source="example", first_seen_at=self.now
            )
            self.posts[name] = post
            for product in fact.product_ids if fact else ():
                PostProduct.objects.create(post=post, product=self.products[product])

    def _write_order(self, one: facts.OrderFacts, sample: facts.Sample | None) -> None:
        """An order; a sample order leaves on its sample's day, and stays when it has none."""
        fact = one.order
        if sample is not None:
            fact = replace(fact, creator_id=sample.creator_id, post_id=sample.post_id)
        order = self._order(fact.order_id, fact.created_at)
        order.is_sample = fact.is_sample
        order.shipping_paid = fact.shipping_paid_by_customer
        order.shipping_credited = fact.shipping_credited_to_seller
        order.tax = fact.sales_tax
        order.shipped_at = None if fact.is_sample else fact.created_at
        if sample is not None:
            order.shipped_at = self._noon(sample.shipped_on)
        order.save()
        for line in fact.lines:
            sku = self._sku(line.product_id, line.line_id)
            self._line(order, line, sku)
            if fact.creator_id or fact.post_id or line.commission_rate is not None:
                self._claim(fact, line, sku)
        for refund in one.refunds:
            self._refund(order, refund)
        mark(self.shop.pk, Dirty.Kind.ORDER, [fact.order_id], cause="", now=self.now)

    def _order(self, order_id: str, created: datetime) -> Order:
        return Order.objects.create(
            shop=self.shop,
            order_id=order_id,
            status="COMPLETED",
            currency=self.shop.currency,
            created_at=created,
            updated_at=created,
            order_day=shop_day(created, self.shop.timezone),
            paid_at=created,
            read_at=self.now,
        )

    def _line(self, order: Order, line: facts.Line, sku: Sku) -> None:
        OrderLine.objects.create(
            order=order,
            line_id=line.line_id,
            sku=sku,
            product=sku.product,
            quantity=line.quantity,
            unit_price=line.unit_price,
            seller_discount=line.seller_discount,
            platform_discount=line.platform_discount,
        )

    def _claim(self, order: facts.Order, line: facts.Line, sku: Sku) -> None:
        AffiliateOrder.objects.create(
            order_id=order.order_id,
            sku_id=sku.sku_id,
            creator=self.creators.get(order.creator_id or ""),
            post=self.posts.get(order.post_id or ""),
            creator_handle=order.creator_id or "",
            content_id=order.post_id or "",
            plan="open",
            status="COMPLETED",
            standard_rate=line.commission_rate,
            currency=self.shop.currency,
            created_at=order.created_at,
            settled_on=order.commission_settled_on,
        )

    def _refund(self, order: Order, refund: facts.Refund) -> None:
        Refund.objects.create(
            order=order,
            line_id=refund.line_id,
            refund_id=refund.refund_id,
            at=refund.at,
            before_shipment=refund.stage is facts.RefundStage.BEFORE_SHIPMENT,
            quantity=refund.quantity,
            restocked_quantity=refund.restocked_quantity,
            customer_item_refund=refund.customer_item_refund,
            platform_discount_refund=refund.platform_discount_refund,
            shipping_refund=refund.shipping_refund,
            return_shipping_cost=refund.return_shipping_cost,
        )

    def _noon(self, day: date) -> datetime:
        return shop_day_start(day, self.shop.timezone) + NOON

    def _write_sample(self, sample: facts.Sample, order_id: str) -> None:
        """A sample without its order: it left on its day, ordered before any report."""
        shipped = self._noon(sample.shipped_on)
        order = self._order(order_id, LONG_AGO)
        order.is_sample, order.shipped_at = True, shipped
        order.save()
        line = facts.Line(
            line_id="sample",
            product_id=sample.product_id,
            quantity=sample.quantity,
            unit_price=Decimal(0),
        )
        sku = self._sku(sample.product_id, "sample")
        self._line(order, line, sku)
        fact = facts.Order(
            order_id=order_id,
            created_at=shipped,
            lines=(line,),
            creator_id=sample.creator_id,
            post_id=sample.post_id,
        )
        self._claim(fact, line, sku)
        mark(self.shop.pk, Dirty.Kind.ORDER, [order_id], cause="", now=self.now)

    def _write_payments(self) -> None:
        context = self.case.context
        for payment in self.case.facts.creator_payments:
            name = payment.creator_id or context.creator_of(payment.post_id) or ""
            fee = CreatorFee.objects.create(
                creator=self.creators[name],
                post=self.posts.get(payment.post_id or ""),
                product=self.products.get(payment.product_id or ""),
                shop=self.shop,
                kind=payment.kind.value,
                amount=payment.amount,
                currency=payment.currency,
                starts_on=payment.starts_on,
                ends_on=payment.ends_on,
                reference=payment.payment_id,
                created_at=self.now,
            )
            mark(self.shop.pk, Dirty.Kind.FEE, [str(fee.pk)], cause="", now=self.now)
        for share in self.case.facts.agency_fees:
            AgencyFee.objects.create(
                shop=self.shop,
                kind=share.kind.value,
                rate=share.rate,
                amount=share.amount,
                minimum=share.minimum,
                currency=self.shop.currency,
                effective_from=self.case.period.first,
            )

    def _write_permission(self) -> None:
        for one in self.case.facts.authorizations or ():
            if one.post_id in self.posts:
                Authorization.objects.create(
                    kind=Authorization.Kind.VIDEO_CODE,
                    state=Authorization.State.VERIFIED,
                    post=self.posts[one.post_id],
                    starts_at=one.starts_at,
                    ends_at=one.ends_at,
                    source="example",
                    created_at=self.now,
                )
        for rights in self.case.facts.usage_rights or ():
            post = self.posts.get(rights.post_id)
            if post is not None and post.creator is not None:
                UsageTerms.objects.create(
                    creator=post.creator,
                    post=post,
                    starts_on=rights.starts_on,
                    ends_on=rights.ends_on,
                    source="example",
                    created_at=self.now,
                )

    def _write_costs(self) -> None:
        """Written last: a cost of a product is one of each of its SKUs."""
        for cost, sku in self._costs():
            UnitCost.objects.create(
                sku=sku,
                amount=cost.amount,
                currency=cost.currency,
                effective_from=cost.effective_from,
                source="Worked example",
                created_at=self.now,
            )
        for rate in self.case.context.fx.rates:
            FxRate.objects.create(
                day=rate.day,
                base=rate.base,
                quote=rate.quote,
                rate=rate.rate,
                source="Worked example",
            )

    def _costs(self) -> Iterator[tuple[facts.UnitCost, Sku]]:
        for cost in self.case.context.unit_costs.versions:
            for (product, _), sku in self.skus.items():
                if cost.item_id in (product, sku.sku_id):
                    yield cost, sku


def sku_id(product: str, line: str) -> str:
    """The SKU that stands for one line of a product."""
    return f"{product}/{line}"
