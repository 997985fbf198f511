"""What a person brings and chooses."""

from datetime import datetime
from typing import Any

from django import forms

from profit.models import CreatorFee
from sparkops.catalog.models import AdAccount, Shop
from sparkops.clock import shop_day
from sparkops.intake.actions.start import LIMITS
from sparkops.intake.models import Import
from sparkops.intake.rules.layout import Choices, from_json
from sparkops.sheets.dates import DayOrder
from sparkops.sheets.headers import LABELS, Field
from sparkops.sheets.values import CURRENCIES

KEPT = ("", "Keep as it is")
FIELD_CHOICES = [KEPT, *((field.value, LABELS[field].capitalize()) for field in Field)]


class StartForm(forms.Form):
    """Rows to paste or a file, one of them."""

    pasted = forms.CharField(
        label="Paste rows",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off", "spellcheck": "false"}),
        help_text="Copy the rows in your sheet, with the headers, and paste them here. A column of "
        "handles, links or codes works too, and so does a chat.",
    )
    file = forms.FileField(
        label="Or upload a file",
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        help_text=f"CSV or Excel (.xlsx), up to {LIMITS.upload_bytes // 1_000_000} MB and "
        f"{LIMITS.rows:,} rows.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        pasted, file = cleaned.get("pasted", "").strip(), cleaned.get("file")
        if pasted and file:
            raise forms.ValidationError("Paste rows or choose a file, not both.")
        if not pasted and not file and not self.errors:
            raise forms.ValidationError("Paste your rows, or choose a file.")
        if file and file.size > LIMITS.upload_bytes:
            self.add_error(
                "file",
                f"“{file.name}” is larger than {LIMITS.upload_bytes // 1_000_000} MB. Remove "
                "pictures and sheets that are not needed, or split it.",
            )
        return cleaned


class MappingForm(forms.Form):
    """One choice per column (`column_0` ...), and what goes with them."""

    currency = forms.ChoiceField(
        label="Currency of fees that name none",
        choices=[(code, code) for code in sorted(CURRENCIES)],
    )
    day_order = forms.ChoiceField(
        label="Order of dates like 03/04/2026",
        required=False,
        choices=[
            ("", "As the column shows"),
            (DayOrder.DAY_FIRST.value, "Day first (3 April)"),
            (DayOrder.MONTH_FIRST.value, "Month first (March 4)"),
        ],
    )
    ad_accounts = forms.ModelMultipleChoiceField(
        label="Redeem codes in",
        required=False,
        queryset=AdAccount.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text="Without one, the codes are kept and wait until you hand them in to an account.",
    )
    fee_kind = forms.ChoiceField(label="Fees are", choices=CreatorFee.Kind.choices)
    fee_day = forms.DateField(
        label="Day of fees without a start date",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    shop = forms.ModelChoiceField(
        label="Book fees in",
        required=False,
        queryset=Shop.objects.none(),
        empty_label="No shop",
        help_text="A fee with a known product is booked in the product's shop.",
    )
    replace = forms.BooleanField(
        label="Replace e-mail addresses and notes that are already there",
        required=False,
        help_text="Otherwise a known address stays, and notes are added below the known ones.",
    )

    def __init__(self, batch: Import, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        accounts, shops = self.fields["ad_accounts"], self.fields["shop"]
        assert isinstance(accounts, forms.ModelMultipleChoiceField)
        assert isinstance(shops, forms.ModelChoiceField)
        accounts.queryset = AdAccount.objects.order_by("name", "pk")
        shops.queryset = Shop.objects.order_by("name", "pk")
        self.width = len(batch.headers)
        for at, header in enumerate(batch.headers):
            self.fields[f"column_{at}"] = forms.ChoiceField(
                label=header, required=False, choices=FIELD_CHOICES
            )

    def columns(self) -> list[forms.BoundField]:
        """The choices of the columns, in the order of the sheet."""
        return [self[f"column_{at}"] for at in range(self.width)]

    def chosen_fields(self) -> tuple[Field | None, ...]:
        """What each column was said to be."""
        values = (self.cleaned_data[f"column_{at}"] for at in range(self.width))
        return tuple(Field(value) if value else None for value in values)

    def choices(self) -> Choices:
        """Everything else that was chosen."""
        data = self.cleaned_data
        return Choices(
            currency=data["currency"],
            fee_day=data["fee_day"],
            day_order=DayOrder(data["day_order"]) if data["day_order"] else None,
            fee_kind=data["fee_kind"],
            replace=data["replace"],
            ad_accounts=tuple(account.pk for account in data["ad_accounts"]),
            shop=data["shop"].pk if data["shop"] else None,
        )


def entered(batch: Import, now: datetime) -> dict[str, Any]:
    """What the form of the columns starts with: what was chosen before, else what is proposed."""
    columns = [one["field"] or "" for one in batch.proposal]
    choices = proposed_choices(batch, now)
    if batch.layout:
        layout = from_json(batch.layout)
        columns, choices = [field or "" for field in layout.fields], layout.choices
    return {f"column_{at}": field for at, field in enumerate(columns)} | {
        "currency": choices.currency,
        "fee_day": choices.fee_day,
        "day_order": choices.day_order or "",
        "fee_kind": choices.fee_kind,
        "replace": choices.replace,
        "ad_accounts": choices.ad_accounts,
        "shop": choices.shop,
    }


def proposed_choices(batch: Import, now: datetime) -> Choices:
    """The choices to begin with: the client's currency, today there."""
    return Choices(currency=batch.client.currency, fee_day=shop_day(now, batch.client.timezone))
