"""What a profit address was asked for: shop, days and basis."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.http import Http404

from profit.forms import BASES, OrderFilters
from profit.rules.facts import Basis, Period
from profit.rules.origins import SOURCE_NAMES
from sparkops.api.call import Call
from sparkops.catalog.models import Shop
from sparkops.clock import shop_day, zone_or_utc
from sparkops.errors import Refusal

DAYS = 30
LONGEST = 400


class PeriodAsked(forms.Form):
    """Days of the shop, both included; the last 30 unless asked."""

    shop_id = forms.CharField(
        label="TikTok's id of a shop; needed where a client has several",
        required=False,
        max_length=32,
    )
    since = forms.DateField(label="First day, of the shop's zone", required=False)
    until = forms.DateField(label="Last day, of the shop's zone", required=False)

    def clean(self) -> None:
        first, last = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if first and last and first > last:
            self.add_error("until", "“until” is before “since”: choose a later day.")
        elif first and last and (last - first).days >= LONGEST:
            self.add_error("until", f"Ask for at most {LONGEST} days at a time.")


class PnlAsked(PeriodAsked):
    basis = forms.ChoiceField(label="Which day counts", required=False, choices=BASES)


class OrdersAsked(PeriodAsked, OrderFilters):
    """Orders of a period."""


class EntriesAsked(PnlAsked):
    account = forms.CharField(label="Account", required=False, max_length=40)
    product = forms.CharField(label="TikTok's id of a product", required=False, max_length=32)
    creator = forms.CharField(label="Handle of a creator", required=False, max_length=64)
    post = forms.CharField(label="TikTok's id of a post", required=False, max_length=32)
    order = forms.CharField(label="Order id", required=False, max_length=32)
    campaign = forms.CharField(label="TikTok's id of a campaign", required=False, max_length=32)
    source = forms.ChoiceField(
        label="Source of the orders",
        required=False,
        choices=[(source.value, name) for source, name in SOURCE_NAMES.items()],
    )


@dataclass(frozen=True)
class Asked:
    """A shop, a period of its days, and a basis."""

    shop: Shop
    period: Period
    basis: Basis


def shop_asked(call: Call) -> Shop:
    """The shop of a call: the one it names, else the client's first. Raises Http404 without one."""
    shops = Shop.objects.order_by("name", "pk")
    if shop_id := call.values.get("shop_id"):
        shops = shops.filter(shop_id=shop_id)
    shop = shops.first()
    if shop is None:
        raise Http404
    return shop


def shop_meant(shop_id: str) -> Shop:
    """The shop that a write is about: the one it names, else the only one. Raises Refusal."""
    shops = Shop.objects.filter(shop_id=shop_id) if shop_id else Shop.objects.all()
    found = list(shops.order_by("pk")[:2])
    if not found:
        raise Refusal("unknown_shop", "There is no such shop here.", field="shop_id")
    if len(found) > 1:
        raise Refusal("which_shop", "Say which of the shops is meant.", field="shop_id")
    return found[0]


def asked(call: Call) -> Asked:
    """The question of a call. Raises Http404 while the client has no such shop."""
    values: dict[str, Any] = dict(call.values)
    shop = shop_asked(call)
    last = values.get("until") or shop_day(call.now, zone_or_utc(shop.timezone))
    first = values.get("since") or last - timedelta(days=DAYS - 1)
    # A first day alone may lie far back: the period ends where it gets too long.
    last = min(max(first, last), first + timedelta(days=LONGEST - 1))
    return Asked(shop, Period(first=first, last=last), Basis(values.get("basis") or Basis.ORDER))
