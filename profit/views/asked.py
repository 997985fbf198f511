"""What a profit page was asked for, from the URL: shop or all shops, period and basis."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest

from profit.forms import PeriodFilters, ProfitFilters, days_and_basis
from profit.queries.pnl import own_days
from profit.rules.facts import Basis, Period
from sparkops.catalog.models import Shop
from sparkops.clock import is_zone


@dataclass(frozen=True)
class Asked:
    """A shop, a period of its days, and a basis. `form` draws the bar."""

    shop: Shop
    period: Period
    basis: Basis
    form: ProfitFilters
    days: int

    @property
    def zone_is_known(self) -> bool:
        """Whether the shop's zone can be read; else its days are those of UTC."""
        return is_zone(self.shop.timezone)

    @property
    def days_in_words(self) -> str:
        """`Oct 31 to Nov 29, 2026 of Lumen Skin`."""
        first, last = self.period.first, self.period.last
        return f"{first:%b} {first.day} to {last:%b} {last.day}, {last.year} of {self.shop}"

    def query(self, **more: str) -> str:
        """The same question as a query string, with more in it."""
        own = {"shop": str(self.shop.pk), "days": str(self.days), "basis": self.basis.value}
        return urlencode({**own, **more})


@dataclass(frozen=True)
class AskedOfAll:
    """Days until each shop's own today, and a basis. `form` draws the bar."""

    days: int
    basis: Basis
    form: PeriodFilters

    def query(self, shop: Shop) -> str:
        """The same question about one shop, as a query string of its client's pages."""
        own = {"shop": str(shop.pk), "days": str(self.days), "basis": self.basis.value}
        return urlencode(own)


def read(request: HttpRequest, *, now: datetime, shop: Shop | None = None) -> Asked | None:
    """The question in the URL; a wrong value falls back. None when there is no shop yet.

    A page about something of one shop gives that `shop`.
    """
    shops = list(Shop.objects.order_by("name", "pk"))
    form = ProfitFilters(request.GET, shops=shops)
    form.is_valid()
    values = form.cleaned_data
    shop = shop or values.get("shop") or next(iter(shops), None)
    if shop is None:
        return None
    days, basis = days_and_basis(values)
    drawn = ProfitFilters({"shop": shop.pk, "days": days, "basis": basis.value}, shops=shops)
    return Asked(shop, own_days(shop, days, now), basis, drawn, days)


def read_of_all(request: HttpRequest) -> AskedOfAll:
    """The question in the URL about all shops; a wrong value falls back."""
    form = PeriodFilters(request.GET)
    form.is_valid()
    days, basis = days_and_basis(form.cleaned_data)
    drawn = PeriodFilters({"days": days, "basis": basis.value})
    return AskedOfAll(days, basis, drawn)
