"""Input of launch templates."""

from typing import Any

from django import forms

from campaigns.actions.templates import TemplateDraft
from campaigns.forms import OBJECTIVES
from campaigns.models import LaunchTemplate
from campaigns.rules.delivery import GOALS
from campaigns.rules.naming import VARIABLES, problem_of

GOAL_WORDS = {
    "ENGAGED_VIEW": "Views of 6 seconds",
    "ENGAGED_VIEW_FIFTEEN": "Views of 15 seconds",
    "CLICK": "Clicks",
    "TRAFFIC_LANDING_PAGE_VIEW": "Views of the website",
    "REACH": "People reached",
}
USUAL_NAMING = "{client} {creator} {post} {date}"


def _goals() -> list[tuple[str, list[tuple[str, str]]]]:
    words = dict(OBJECTIVES)
    return [(words[key], [(one, GOAL_WORDS[one]) for one in goals]) for key, goals in GOALS.items()]


class TemplateForm(forms.Form):
    """A launch template; budget and bid in the currency of the account it is used in."""

    name = forms.CharField(label="Name of the template", max_length=100)
    naming = forms.CharField(
        label="Names of its launches",
        max_length=300,
        help_text="Variables: " + ", ".join(f"{{{name}}}" for name in VARIABLES)
        + ". A mark of eight letters is put behind, so that no two are alike.",
    )  # fmt: skip
    objective = forms.ChoiceField(label="Objective", choices=OBJECTIVES)
    goal = forms.ChoiceField(label="Optimized for", choices=_goals)
    landing_url = forms.URLField(
        label="Website", required=False, assume_scheme="https", help_text="Needed for traffic."
    )
    daily_budget = forms.DecimalField(
        label="Budget a day", min_value=1, max_digits=10, decimal_places=2
    )
    bid = forms.DecimalField(
        label="Bid",
        required=False,
        min_value=0.001,
        max_digits=10,
        decimal_places=3,
        help_text="Empty leaves it to TikTok.",
    )
    placement = forms.ChoiceField(
        label="Where it is shown", choices=LaunchTemplate.Placement.choices
    )
    starts_in_hours = forms.IntegerField(
        label="Starts in hours", min_value=0, max_value=720, help_text="From when it is planned."
    )
    days = forms.IntegerField(label="Runs for days", min_value=1, max_value=365)

    def clean_naming(self) -> str:
        naming = str(self.cleaned_data["naming"])
        if problem := problem_of(naming):
            raise forms.ValidationError(problem)
        return naming

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        objective, goal = cleaned.get("objective"), cleaned.get("goal")
        if objective and goal and goal not in GOALS[objective]:
            self.add_error("goal", "This goal does not belong to the objective.")
        if objective == "TRAFFIC" and not cleaned.get("landing_url"):
            self.add_error("landing_url", "Traffic needs the address it should go to.")
        return cleaned

    def draft(self) -> TemplateDraft:
        """What was entered."""
        return TemplateDraft(**self.cleaned_data)


def entered_in(template: LaunchTemplate | None) -> dict[str, Any]:
    """What the form starts with: a template, or what is usual."""
    if template is None:
        return {
            "naming": USUAL_NAMING,
            "daily_budget": "50.00",
            "starts_in_hours": 1,
            "days": 7,
        }
    return {
        **{name: getattr(template, name) for name in TemplateForm.base_fields},
        "daily_budget": f"{template.daily_budget:.2f}",
        "bid": None if template.bid is None else f"{template.bid.normalize():f}",
    }
