"""Filters and input of profit."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from profit.models import CreatorFee, FeeRule, Restatement, Upload
from profit.rules.facts import Basis
from profit.rules.uploads.columns import Wanted
from sparkops.catalog.models import AdAccount, Shop, Sku
from sparkops.sheets.dates import DayOrder

PERIODS = (("7", "Last 7 days"), ("30", "Last 30 days"), ("90", "Last 90 days"))
# Where nothing is chosen the browser shows the first one, and the pages take 30 days.
UNASKED_PERIODS = (PERIODS[1], PERIODS[0], PERIODS[2])
BASES = (
    (Basis.ORDER.value, "By order date"),
    (Basis.EVENT.value, "By event date"),
    (Basis.SETTLEMENT.value, "By statement date"),
)


class PeriodFilters(forms.Form):
    """Period and basis of all shops; they live in the URL."""

    days = forms.ChoiceField(label="Period", choices=PERIODS, required=False)
    basis = forms.ChoiceField(label="Basis", choices=BASES, required=False)


def days_and_basis(values: Mapping[str, Any]) -> tuple[int, Basis]:
    """What is asked for by the values of the filters; 30 days by order date unless chosen."""
    return int(values.get("days") or 30), Basis(values.get("basis") or Basis.ORDER.value)


class ProfitFilters(PeriodFilters):
    """Shop, period and basis."""

    shop = forms.ModelChoiceField(label="Shop", queryset=Shop.objects.none(), required=False)
    field_order = ("shop", "days", "basis")

    def __init__(self, *args: Any, shops: Sequence[Shop] | None = None, **kwargs: Any) -> None:
        """`shops` are those to choose from, where the page has read them already."""
        super().__init__(*args, **kwargs)
        if shops is not None:
            self.fields["shop"] = forms.TypedChoiceField(
                label="Shop",
                required=False,
                choices=[(str(shop.pk), str(shop)) for shop in shops],
                coerce={str(shop.pk): shop for shop in shops}.__getitem__,
                empty_value=None,
            )
            return
        field = self.fields["shop"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Shop.objects.order_by("name", "pk")


class RestatementFilters(forms.Form):
    """What was restated, since when, why, and of which month (`2026-06`)."""

    order = forms.CharField(label="Find an order id", required=False, max_length=32)
    since = forms.ChoiceField(
        label="Since",
        required=False,
        choices=(
            ("", "You last looked"),
            ("7", "7 days ago"),
            ("30", "30 days ago"),
            ("all", "The beginning"),
        ),
    )
    kind = forms.ChoiceField(
        label="Reason", required=False, choices=(("", "All"), *Restatement.Kind.choices)
    )
    month = forms.DateField(
        label="Month",
        required=False,
        input_formats=["%Y-%m"],
        widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
    )
    shop = forms.ModelChoiceField(
        label="Shop", queryset=Shop.objects.none(), required=False, empty_label="All"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["shop"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Shop.objects.order_by("name", "pk")


class ListFilters(ProfitFilters):
    """Shop and period of a list that has filters of its own."""

    days = forms.ChoiceField(label="Period", choices=UNASKED_PERIODS, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["shop"]
        assert isinstance(field, forms.ModelChoiceField)
        field.empty_label = None


class OverlapFilters(ListFilters):
    """Orders by who claims them, in the shop and period of the other pages of profit."""

    order = forms.CharField(label="Find an order id", required=False, max_length=32)
    claim = forms.ChoiceField(
        label="Claimed by",
        required=False,
        choices=(
            ("", "Anybody or nobody"),
            ("both", "GMV Max and an affiliate"),
            ("ads", "GMV Max only"),
            ("affiliate", "An affiliate only"),
            ("neither", "Neither"),
        ),
    )
    basis = None  # type: ignore[assignment]


class JournalForm(forms.Form):
    """A month of a shop, and for which program."""

    shop = forms.ModelChoiceField(
        label="Shop", queryset=Shop.objects.none(), required=False, empty_label=None
    )
    month = forms.DateField(
        label="Month",
        required=False,
        input_formats=["%Y-%m"],
        widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
    )
    layout = forms.ChoiceField(
        label="File for",
        required=False,
        choices=(("generic", "Any program"), ("xero", "Xero"), ("quickbooks", "QuickBooks")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["shop"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Shop.objects.order_by("name", "pk")


class OrderFilters(forms.Form):
    """Orders by id and kind."""

    order = forms.CharField(label="Find an order id", required=False, max_length=32)
    kind = forms.ChoiceField(
        label="Kind",
        required=False,
        choices=(
            ("", "All"),
            ("refunded", "With a refund"),
            ("sample", "Samples"),
            ("uncosted", "Without a unit cost"),
        ),
    )


class OrderListFilters(OrderFilters, ListFilters):
    """Orders of a shop and period by id and kind."""

    basis = None  # type: ignore[assignment]


class UnitCostForm(forms.Form):
    """What one unit costs, from a day on."""

    sku = forms.ModelChoiceField(label="SKU", queryset=Sku.objects.none(), empty_label=None)
    amount = forms.DecimalField(
        label="Cost of one unit", min_value=0, max_digits=12, decimal_places=4
    )
    currency = forms.RegexField(
        label="Currency",
        regex=r"^[A-Z]{3}$",
        error_messages={"invalid": "Use a three-letter code, such as USD."},
    )
    effective_from = forms.DateField(
        label="From",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Earlier orders keep the cost they have.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["sku"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Sku.objects.select_related("product").order_by("product__title", "pk")


def _day(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"})
    return forms.DateField(label=label, required=required, widget=widget, help_text=help_text)


def _currency(label: str = "Currency") -> forms.RegexField:
    return forms.RegexField(
        label=label,
        regex=r"^[A-Za-z]{3}$",
        error_messages={"invalid": "Use a three-letter code, such as USD."},
    )


def _product(help_text: str) -> forms.CharField:
    """A product out of the page's list `product-choices`, which the browser searches."""
    widget = forms.TextInput(attrs={"list": "product-choices", "autocomplete": "off"})
    return forms.CharField(
        label="Product", max_length=300, required=False, widget=widget, help_text=help_text
    )


class PaymentForm(forms.Form):
    """A payment to a creator outside TikTok."""

    creator = forms.CharField(
        label="Creator", max_length=80, help_text="The handle, with or without @."
    )
    kind = forms.ChoiceField(label="For", choices=CreatorFee.Kind.choices)
    amount = forms.DecimalField(label="Amount", min_value=0, max_digits=12, decimal_places=4)
    currency = _currency()
    starts_on = _day("From", help_text="A flat fee or bonus counts on this day.")
    ends_on = _day(
        "Until", required=False, help_text="Usage fees and retainers are spread over these days."
    )
    paid_on = _day("Paid on", required=False)
    shop = forms.ModelChoiceField(
        label="Shop", queryset=Shop.objects.none(), required=False, empty_label="The only one"
    )
    reference = forms.CharField(label="Reference", max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["shop"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Shop.objects.order_by("name", "pk")


class CustomCostForm(forms.Form):
    """A cost of the shop, a product or a creator."""

    name = forms.CharField(label="What for", max_length=120, help_text="A studio, an editor.")
    amount = forms.DecimalField(label="Amount", min_value=0, max_digits=12, decimal_places=4)
    currency = _currency()
    starts_on = _day("From")
    ends_on = _day("Until", required=False, help_text="The cost is spread evenly over its days.")
    shop = forms.ModelChoiceField(
        label="Shop",
        queryset=Shop.objects.none(),
        required=False,
        empty_label="That of the product",
    )
    product = _product("Type a part of the name and choose; empty when it is for all of them.")
    creator = forms.CharField(
        label="Creator", max_length=80, required=False, help_text="The handle, with or without @."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["shop"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Shop.objects.order_by("name", "pk")


def _percent(label: str) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=False, min_value=-100, max_value=1000, max_digits=7, decimal_places=2
    )


class WhatIfForm(forms.Form):
    """Other terms, in percent; an empty one stays as it was."""

    product = _product("Type a part of the name and choose; empty for the whole shop.")
    commission = forms.DecimalField(
        label="Creator commission, %",
        help_text="Of GMV after refunds.",
        required=False,
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
    )
    price = _percent("Price, % more or less")
    units = _percent("Units sold, % more or less")
    unit_cost = _percent("Unit cost, % more or less")
    ad_budget = _percent("Ad budget, % more or less")


class RateForm(forms.Form):
    """An exchange rate from a day on."""

    base = _currency("One unit of")
    rate = forms.DecimalField(label="is worth", min_value=0, max_digits=18, decimal_places=10)
    quote = _currency("of")
    day = _day("From", help_text="It holds until the next rate.")
    source = forms.CharField(label="Source", max_length=120, help_text="A bank, an invoice.")


class UploadForm(forms.Form):
    """Rows to paste or a file, one of them."""

    file = forms.FileField(
        label="File",
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        help_text="CSV or Excel (.xlsx).",
    )
    pasted = forms.CharField(
        label="Or paste rows",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off", "spellcheck": "false"}),
        help_text="With the headers.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        file, pasted = cleaned.get("file"), (cleaned.get("pasted") or "").strip()
        if bool(file) == bool(pasted) and not self.errors:
            raise forms.ValidationError("Choose a file or paste rows, one of them.")
        return cleaned


class ExportForm(UploadForm):
    """An export of Seller Center or Ads Manager, and what it is of."""

    field_order = ("kind", "shop", "ad_account", "file", "pasted")
    kind = forms.ChoiceField(
        label="What it holds",
        choices=[
            (kind.value, kind.label) for kind in Upload.Kind if kind != Upload.Kind.UNIT_COSTS
        ],
    )
    shop = forms.ModelChoiceField(
        label="Shop",
        queryset=Shop.objects.none(),
        required=False,
        empty_label="Choose the shop",
        help_text="For files of Seller Center.",
    )
    ad_account = forms.ModelChoiceField(
        label="Ad account",
        queryset=AdAccount.objects.none(),
        required=False,
        empty_label="Choose the ad account",
        help_text="For files of Ads Manager.",
    )

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        for name, rows in (
            ("shop", Shop.objects.order_by("name", "pk")),
            ("ad_account", AdAccount.objects.order_by("name", "pk")),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        needed = self._target_name(cleaned.get("kind", ""))
        if needed not in self.errors and cleaned.get(needed) is None:
            self.add_error(needed, "Choose what the file is of.")
        return cleaned

    @property
    def target(self) -> Shop | AdAccount:
        """The shop or ad account of a valid form."""
        found: Shop | AdAccount = self.cleaned_data[self._target_name(self.cleaned_data["kind"])]
        return found

    @staticmethod
    def _target_name(kind: str) -> str:
        return "ad_account" if Upload.is_of_ad_account(kind) else "shop"


class ColumnsForm(forms.Form):
    """Which column of a file is what, and what counts where a row says nothing."""

    currency = _currency("Currency of amounts that name none")
    day = _day("Day of rows without one")
    day_order = forms.ChoiceField(
        label="Order of dates like 03/04/2026",
        required=False,
        choices=[
            ("", "As the column shows"),
            (DayOrder.DAY_FIRST.value, "Day first (3 April)"),
            (DayOrder.MONTH_FIRST.value, "Month first (March 4)"),
        ],
    )

    def __init__(self, upload: Upload, wanted: Sequence[Wanted], data: Any = None) -> None:
        initial = {**upload.choices, **{f"at_{key}": at for key, at in upload.columns.items()}}
        super().__init__(data, initial=initial)
        self.wanted = wanted
        if upload.kind != Upload.Kind.UNIT_COSTS:
            del self.fields["currency"], self.fields["day"]
        columns = [("", "No column"), *enumerate(upload.headers)]
        for one in reversed(wanted):
            field = forms.ChoiceField(label=one.label, required=False, choices=columns)
            self.fields = {f"at_{one.key}": field, **self.fields}

    def columns(self) -> dict[str, int]:
        """The chosen column per wanted value."""
        chosen = {one.key: self.cleaned_data[f"at_{one.key}"] for one in self.wanted}
        return {key: int(at) for key, at in chosen.items() if at != ""}

    def choices(self) -> dict[str, str]:
        """The rest, as `Upload.choices` keeps it."""
        values = self.cleaned_data
        chosen = {"day_order": values["day_order"]}
        if "currency" in values:
            chosen |= {"currency": values["currency"].upper(), "day": values["day"].isoformat()}
        return chosen


class RuleForm(forms.Form):
    """A platform rate from a day on."""

    market = forms.ChoiceField(label="Market")
    kind = forms.ChoiceField(label="Rate of", choices=FeeRule.Kind.choices)
    product = _product("Type a part of the name and choose; empty for every product.")
    rate = forms.DecimalField(
        label="Rate in %", min_value=0, max_value=100, max_digits=7, decimal_places=4
    )
    base = forms.ChoiceField(
        label="Share of",
        required=False,
        choices=(
            ("", "Not asked for this kind"),
            ("item_revenue", "Item revenue"),
            ("item_revenue_plus_shipping", "Item revenue and shipping"),
            ("customer_item_payment", "What the buyer pays for the item"),
        ),
    )
    cap = forms.DecimalField(
        label="At most per order line",
        required=False,
        min_value=0,
        max_digits=10,
        decimal_places=2,
        help_text="For the refund administration fee.",
    )
    effective_from = _day("From")
    source = forms.CharField(
        label="Source", max_length=200, help_text="Where the rate is published."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["market"]
        assert isinstance(field, forms.ChoiceField)
        markets = Shop.objects.order_by("market").values_list("market", flat=True).distinct()
        field.choices = [(market, market) for market in markets]
