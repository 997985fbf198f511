"""Months, closed and reopened, their journals, and what was restated."""

from dataclasses import dataclass
from datetime import MAXYEAR, date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.db.models import QuerySet
from django.http import Http404
from rest_framework import serializers

from profit.actions.closing import close_month, reopen_month
from profit.api.asked import shop_asked, shop_meant
from profit.models import Restatement
from profit.queries.closing import (
    BookedMonth,
    booked_month,
    booked_months,
    close_of,
    month_books,
    month_period,
)
from profit.queries.restatements import find_restatements
from profit.rules.closing import month_named
from profit.rules.journal import JournalLine, journal
from sparkops.api.call import Call
from sparkops.api.fields import MoneyField, named
from sparkops.api.gate import client_endpoint
from sparkops.api.operations import Action, Detail, Listing
from sparkops.catalog.models import Shop
from sparkops.clock import shop_day, zone_or_utc
from sparkops.money import ZERO
from sparkops.tenants.permissions import Permission

TAG = "Months"


class ShopAsked(forms.Form):
    shop_id = forms.CharField(
        label="TikTok's id of a shop; needed where a client has several",
        required=False,
        max_length=32,
    )


class JournalAsked(ShopAsked):
    month = forms.DateField(
        label="The month, such as 2026-06",
        input_formats=["%Y-%m"],
        validators=[MaxValueValidator(date(MAXYEAR - 1, 12, 1))],
    )


class RestatementsAsked(forms.Form):
    kind = forms.ChoiceField(label="Reason", required=False, choices=Restatement.Kind.choices)
    month = forms.DateField(
        label="Of which month, such as 2026-06", required=False, input_formats=["%Y-%m"]
    )
    order = forms.CharField(label="Beginning of an order id", required=False, max_length=32)


@dataclass(frozen=True)
class Month:
    """A month of a shop as the API shows it. Amounts are in `currency`."""

    month: date
    closed: bool
    complete: bool
    net_profit: Decimal
    came_later: Decimal
    later_entries: int
    currency: str


@dataclass(frozen=True)
class Months:
    """The months of one shop."""

    shop: Shop
    months: list[Month]


class MonthShape(serializers.Serializer):
    """A month by event date. Of a closed one `net_profit` is what was signed; `came_later` are its
    adjustments, which stand in the first open month after it."""

    month = serializers.DateField(format="%Y-%m")
    closed = serializers.BooleanField()
    complete = serializers.BooleanField()
    net_profit = MoneyField("net_profit", "currency")
    came_later = MoneyField("came_later", "currency")
    later_entries = serializers.IntegerField()


class MonthsShape(serializers.Serializer):
    """The months of a shop that are over, newest first."""

    shop_id = serializers.CharField(source="shop.shop_id")
    months = MonthShape(many=True)


class CloseInput(serializers.Serializer):
    """Which shop's month; it may be left out where the client has one shop."""

    shop_id = serializers.CharField(max_length=32, required=False)


class ReopenInput(CloseInput):
    """Why it is opened again: the reason stays with the month."""

    reason = serializers.CharField(max_length=300)


class JournalLineShape(serializers.Serializer):
    """One side: exactly one of the two is above zero."""

    code = serializers.CharField()
    account = serializers.CharField()
    debit = serializers.DecimalField(max_digits=18, decimal_places=4)
    credit = serializers.DecimalField(max_digits=18, decimal_places=4)


@dataclass(frozen=True)
class Journal:
    """A month's accounts as debits and credits, which are equal."""

    shop: Shop
    month: date
    dated: date
    closed: bool
    complete: bool
    currency: str
    lines: list[JournalLine]
    total: Decimal


class JournalShape(serializers.Serializer):
    """A balanced journal. That of a closed month never changes; `total` is the sum of each side."""

    shop_id = serializers.CharField(source="shop.shop_id")
    month = serializers.DateField(format="%Y-%m")
    dated = serializers.DateField()
    closed = serializers.BooleanField()
    complete = serializers.BooleanField()
    currency = serializers.CharField()
    lines = JournalLineShape(many=True)
    total = serializers.DecimalField(max_digits=18, decimal_places=4)


class RestatementShape(serializers.ModelSerializer):
    """An account of one subject in one month before and after; `effect` is what it did to CM3."""

    shop_id = named("shop.shop_id")
    before = MoneyField("before", "currency")
    after = MoneyField("after", "currency")
    effect = MoneyField("effect", "currency")
    month = serializers.DateField(format="%Y-%m")

    class Meta:
        model = Restatement
        fields = (
            "id",
            "shop_id",
            "order_id",
            "account",
            "month",
            "before",
            "after",
            "effect",
            "stage_before",
            "stage_after",
            "kind",
            "rule",
            "cause",
            "booked_at",
        )


def _months(call: Call) -> Months:
    """The months that are over since the first booked day, newest first, at most 36."""
    shop = shop_asked(call)
    today = shop_day(call.now, zone_or_utc(shop.timezone))
    return Months(shop, [_month(shop, one) for one in booked_months(shop, today)])


def _month(shop: Shop, booked: BookedMonth) -> Month:
    return Month(
        month=booked.month,
        closed=booked.close is not None,
        complete=booked.complete,
        net_profit=booked.net_profit,
        came_later=booked.later,
        later_entries=booked.entries,
        currency=booked.close.currency if booked.close else shop.currency,
    )


def _first_day(call: Call) -> date:
    try:
        return month_named(call.ids["month"])
    except ValueError:
        raise Http404 from None


def _close(call: Call, values: dict[str, Any]) -> Month:
    """Sign a month, such as 2026-06, as it stands: what comes later is an adjustment in the first
    open month after it. Refused while it is not over or something waits to be booked."""
    month, shop = _first_day(call), shop_meant(values.get("shop_id", ""))
    close = close_month(shop, month, by=call.actor, now=call.now)
    return _month(shop, booked_month(shop, month, close))


def _reopen(call: Call, values: dict[str, Any]) -> Month:
    """Let a closed month take entries again; what was posted elsewhere meanwhile stays there."""
    month, shop = _first_day(call), shop_meant(values.get("shop_id", ""))
    reopen_month(shop, month, values["reason"], may=call.may, by=call.actor, now=call.now)
    return _month(shop, booked_month(shop, month, None))


def _journal(call: Call) -> Journal:
    """A month's accounts as debits and credits, on the basis of events."""
    shop, month = shop_asked(call), call.values["month"]
    pnl = month_books(shop, month)
    lines = journal(pnl)
    return Journal(
        shop=shop,
        month=month,
        dated=month_period(month).last,
        closed=close_of(shop, month) is not None,
        complete=pnl.complete,
        currency=pnl.currency,
        lines=lines,
        total=sum((line.debit for line in lines), ZERO),
    )


def _restatements(call: Call) -> QuerySet[Restatement]:
    """What booking again changed of amounts that people may have read already."""
    return find_restatements(call.values, None)


MONTHS = client_endpoint(
    "months",
    TAG,
    get=Detail(summary="List months", find=_months, shape=MonthsShape, filters=ShopAsked),
)
CLOSE = client_endpoint(
    "close_month",
    TAG,
    post=Action(
        summary="Close a month",
        do=_close,
        takes=CloseInput,
        shape=MonthShape,
        permission=Permission.COST_EDIT,
    ),
)
REOPEN = client_endpoint(
    "reopen_month",
    TAG,
    post=Action(
        summary="Reopen a month",
        do=_reopen,
        takes=ReopenInput,
        shape=MonthShape,
        permission=Permission.MONTH_REOPEN,
    ),
)
JOURNAL = client_endpoint(
    "journal",
    TAG,
    get=Detail(
        summary="Show a month's journal",
        find=_journal,
        shape=JournalShape,
        filters=JournalAsked,
    ),
)
RESTATEMENTS = client_endpoint(
    "restatements",
    TAG,
    get=Listing(
        summary="List restatements",
        rows=_restatements,
        shape=RestatementShape,
        filters=RestatementsAsked,
    ),
)
