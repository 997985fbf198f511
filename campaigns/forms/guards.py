"""Input of guard rules."""

from decimal import Decimal
from typing import Any

from django import forms

from campaigns.actions.guards import RuleDraft
from campaigns.models import GuardCheck, GuardRule, Level
from campaigns.rules.guard_presets import Preset
from campaigns.rules.guard_words import METRICS, OPS, TIMES, WINDOWS
from campaigns.rules.guards import Condition, Metric, Op, Times, conditions_from
from sparkops.catalog.models import AdAccount

MOST_CONDITIONS = 4
AMOUNTS = (GuardRule.Action.BUDGET, GuardRule.Action.BID, GuardRule.Action.TARGET)


class CheckFilters(forms.Form):
    outcome = forms.ChoiceField(
        label="Outcome", choices=(("", "Any"), *GuardCheck.Outcome.choices), required=False
    )
    rule = forms.ModelChoiceField(
        label="Rule", queryset=GuardRule.objects.none(), required=False, empty_label="Any"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _queryset(self, "rule", GuardRule.objects.order_by("name", "pk"))


class NoFilters(forms.Form):
    """The list of rules has no filters."""


class GuardForm(forms.Form):
    """A rule: up to four conditions that must all hold, and what happens then."""

    name = forms.CharField(label="Name", max_length=120)
    level = forms.ChoiceField(label="Looks at", choices=Level.choices)
    ad_account = forms.ModelChoiceField(
        label="In", queryset=AdAccount.objects.none(), required=False, empty_label="All ad accounts"
    )
    window_days = forms.TypedChoiceField(
        label="Over",
        choices=WINDOWS,
        coerce=int,
        help_text="Complete days of the ad account; everything so far includes today.",
    )
    action = forms.ChoiceField(label="Then", choices=GuardRule.Action.choices)
    percent = forms.DecimalField(
        label="By %",
        required=False,
        min_value=-90,
        max_value=100,
        max_digits=5,
        decimal_places=1,
        help_text="For a budget, bid or target ROAS; -20 lowers it by a fifth.",
    )
    most = forms.DecimalField(
        label="Never above",
        required=False,
        min_value=1,
        max_digits=12,
        decimal_places=2,
        help_text="In the currency of the ad account; a target as it is, such as 3.5. For a budget"
        " the launch limit counts as well.",
    )
    every_hours = forms.IntegerField(
        label="Then rest, hours",
        min_value=1,
        max_value=720,
        help_text="For each ad, group or campaign.",
    )
    mode = forms.ChoiceField(label="How", choices=GuardRule.Mode.choices)
    preset = forms.CharField(required=False, max_length=24, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _queryset(self, "ad_account", AdAccount.objects.order_by("name", "pk"))
        for number in range(1, MOST_CONDITIONS + 1):
            self.fields |= _condition_fields(number)

    @property
    def condition_rows(self) -> list[list[forms.BoundField]]:
        """The fields of each condition, in the order they are read."""
        return [
            [self[f"{name}_{number}"] for name in ("metric", "op", "value", "times")]
            for number in range(1, MOST_CONDITIONS + 1)
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for number in range(1, MOST_CONDITIONS + 1):
            if cleaned.get(f"metric_{number}") and cleaned.get(f"value_{number}") is None:
                self.add_error(f"value_{number}", "Say how much.")
        if not any(cleaned.get(f"metric_{number}") for number in range(1, MOST_CONDITIONS + 1)):
            self.add_error("metric_1", "A rule needs at least one condition.")
        if cleaned.get("action") in AMOUNTS:
            self._need_amount(cleaned)
        return cleaned

    def _need_amount(self, cleaned: dict[str, Any]) -> None:
        if not cleaned.get("percent"):
            self.add_error("percent", "Say by how many percent.")
        if cleaned["action"] == GuardRule.Action.TARGET:
            if cleaned.get("level") != Level.CAMPAIGN:
                self.add_error("level", "Only GMV Max has a target ROAS. Choose campaigns.")
            return
        if cleaned.get("level") == Level.AD:
            self.add_error("level", "Ads have no budget or bid of their own. Choose ad groups.")
        if cleaned["action"] == GuardRule.Action.BID and cleaned.get("level") == Level.CAMPAIGN:
            self.add_error("level", "Bids belong to ad groups. Choose ad groups.")

    def draft(self) -> RuleDraft:
        """The entered rule."""
        given = self.cleaned_data
        names = (
            "name",
            "level",
            "action",
            "mode",
            "window_days",
            "every_hours",
            "ad_account",
            "most",
            "preset",
        )
        has_amount = given["action"] in AMOUNTS
        return RuleDraft(
            **{name: given[name] for name in names},
            percent=given["percent"] if has_amount else None,
            conditions=tuple(self._conditions()),
        )

    def _conditions(self) -> list[Condition]:
        given = self.cleaned_data
        return [
            Condition(
                Metric(given[f"metric_{number}"]),
                Op(given[f"op_{number}"]),
                given[f"value_{number}"],
                Times(given[f"times_{number}"]),
            )
            for number in range(1, MOST_CONDITIONS + 1)
            if given[f"metric_{number}"]
        ]


def entered_rule(rule: GuardRule | Preset) -> dict[str, Any]:
    """A rule or preset as the form shows it."""
    names = ("name", "level", "action", "mode", "window_days", "every_hours", "percent")
    shown = {name: getattr(rule, name) for name in names}
    if isinstance(rule, Preset):
        conditions = rule.conditions
        shown |= {"preset": rule.key}
    else:
        conditions = conditions_from(rule.conditions)
        shown |= {"preset": rule.preset, "most": rule.most, "ad_account": rule.ad_account_id}
    for number, one in enumerate(conditions, 1):
        shown |= {
            f"metric_{number}": one.metric.value,
            f"op_{number}": one.op.value,
            f"value_{number}": _plain(one.value),
            f"times_{number}": one.times.value,
        }
    return shown


def empty_rule() -> dict[str, Any]:
    """What a rule from scratch starts with."""
    return {"level": "ad", "action": "notify", "mode": "suggest", "window_days": 7,
            "every_hours": 24}  # fmt: skip


def _condition_fields(number: int) -> dict[str, forms.Field]:
    metrics = [("", "No condition"), *((one.value, METRICS[one]) for one in Metric)]
    return {
        f"metric_{number}": forms.ChoiceField(
            label=f"Condition {number}", choices=metrics, required=False
        ),
        f"op_{number}": forms.ChoiceField(
            label="Compared", choices=[(one.value, OPS[one]) for one in Op], required=False
        ),
        f"value_{number}": forms.DecimalField(
            label="Amount", required=False, max_digits=12, decimal_places=2
        ),
        f"times_{number}": forms.ChoiceField(
            label="Counted", choices=[(one.value, TIMES[one]) for one in Times], required=False
        ),
    }


def _queryset(form: forms.Form, name: str, rows: Any) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
