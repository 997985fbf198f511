"""Filters and input of profit."""

from typing import Any

from django import forms

from profit.models import Restatement
from profit.rules.facts import Basis
from sparkops.catalog.models import Shop, Sku

PERIODS = (("7", "Last 7 days"), ("30", "Last 30 days"), ("90", "Last 90 days"))
BASES = (
    (Basis.ORDER.value, "By order date"),
    (Basis.EVENT.value, "By event date"),
    (Basis.SETTLEMENT.value, "By statement date"),
)


class ProfitFilters(forms.Form):
    """Shop, period and basis; they live in the URL."""

    shop = forms.ModelChoiceField(label="Shop", queryset=Shop.objects.none(), required=False)
    days = forms.ChoiceField(label="Period", choices=PERIODS, required=False)
    basis = forms.ChoiceField(label="Basis", choices=BASES, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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
        label="Month", required=False, input_formats=["%Y-%m"], widget=forms.HiddenInput
    )
    shop = forms.ModelChoiceField(label="Shop", queryset=Shop.objects.none(), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["shop"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Shop.objects.order_by("name", "pk")


class OverlapFilters(ProfitFilters):
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
