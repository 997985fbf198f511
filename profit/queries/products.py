"""Which products made money: the fifth answer for any days, and units sold."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from profit.models import OrderLine
from profit.queries.groups import grouped
from profit.rules.facts import Basis, Period
from profit.rules.pnl import UNATTRIBUTED, Dimension, Pnl
from sparkops.catalog.models import Product, Shop
from sparkops.errors import Refusal

CHOICES = 500


@dataclass(frozen=True)
class ProductMoney:
    """One product's result after ad spend, commission and all other known costs.

    Its `cm3` is a profit only where `pnl.complete`: without a unit cost nobody can state one (PD7).
    """

    product: Product
    pnl: Pnl

    @property
    def made_money(self) -> bool:
        return self.pnl.complete and self.pnl.cm3 > 0


@dataclass(frozen=True)
class MoneyAnswer:
    """How many products made money, lost money, or cannot be judged for want of a unit cost.

    `top` are the best earners, highest `cm3` first within each currency.
    """

    made_money: int
    lost_money: int
    unknown: int
    top: tuple[ProductMoney, ...]


def products_that_made_money(first: date, last: date, *, top: int = 5) -> MoneyAnswer:
    """The answer of the open client for days `first` to `last` by order date, all its shops.

    `today.product_answers` has it for many clients at once, of the published window.
    """
    rows: list[ProductMoney] = []
    for shop in Shop.objects.order_by("pk"):
        rows += product_money(shop, Period(first=first, last=last))
    return _answer(rows, top)


def product_money(shop: Shop, period: Period) -> list[ProductMoney]:
    """Every product of a shop that sold or cost something in the period, by order date."""
    found = grouped(shop, Basis.ORDER, period, Dimension.PRODUCT)
    products = Product.objects.filter(product_id__in=found.keys() - {UNATTRIBUTED})
    rows = [ProductMoney(product, found[product.product_id]) for product in products]
    return [one for one in rows if one.pnl.gmv or one.pnl.net_ad_cost or one.pnl.cm3]


def units_sold(shop: Shop, period: Period) -> dict[str, int]:
    """Units ordered per product id by order date, samples and replacements apart. One query."""
    rows = OrderLine.objects.filter(
        order__shop=shop,
        order__order_day__range=(period.first, period.last),
        order__is_sample=False,
        order__is_replacement=False,
        order__paid_at__isnull=False,
    )
    found = rows.order_by().values_list("product__product_id").annotate(units=Sum("quantity"))
    return dict(found)


def _answer(rows: Iterable[ProductMoney], top: int) -> MoneyAnswer:
    known = list(rows)
    complete = [one for one in known if one.pnl.complete]
    made = sorted(
        (one for one in complete if one.made_money),
        key=lambda one: (one.pnl.currency, -one.pnl.cm3, one.product.product_id),
    )
    return MoneyAnswer(
        made_money=len(made),
        lost_money=len(complete) - len(made),
        unknown=len(known) - len(complete),
        top=tuple(made[:top]),
    )


def product_choices() -> list[str]:
    """Products as a list offers them to a person who types, by title: `Serum (1729…)`."""
    rows = Product.objects.order_by("title", "pk")[:CHOICES]
    return [f"{title} ({key})" for title, key in rows.values_list("title", "product_id")]


def product_called(text: str) -> Product:
    """The product a person chose from the list, or means by its id or by a part of its title.

    Raises Refusal (field `product`) when there is none, or more than one.
    """
    name = text.strip()
    key = name.rpartition("(")[2].rstrip(")").strip()
    rows = Product.objects.select_related("shop")
    found = list(rows.filter(product_id=key)[:1]) or list(
        rows.filter(title__icontains=name).order_by("title", "pk")[:2]
    )
    if not found:
        raise Refusal("product", f"No product is called {name} here.", field="product")
    if len(found) > 1:
        raise Refusal(
            "product", f"Several products are called {name}: choose one.", field="product"
        )
    return found[0]
