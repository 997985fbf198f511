"""How a form field is drawn: label, help and error, tied to the input for screen readers."""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.forms import widgets
from django.utils.safestring import SafeString

_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (widgets.CheckboxSelectMultiple, ""),  # Django puts a group's class on its wrapper as well
    (widgets.RadioSelect, ""),
    (widgets.CheckboxInput, "cb"),
    (widgets.Select, "sel"),
    (widgets.Textarea, "ta"),
    (widgets.FileInput, "file"),
    (widgets.Input, "in"),
)


@dataclass(frozen=True)
class FieldView:
    """What parts/field.html prints. `layout` is line, check or group."""

    field: forms.BoundField
    control: SafeString
    layout: str
    error: str
    described_by: str
    prefix: str
    suffix: str

    @property
    def error_id(self) -> str:
        return f"{self.field.auto_id}_error"

    @property
    def help_id(self) -> str:
        return f"{self.field.auto_id}_helptext"


@dataclass(frozen=True)
class Problem:
    """One line of the error summary and the input it leads to."""

    text: str
    target: str


def present(
    field: forms.BoundField,
    *,
    prefix: str = "",
    suffix: str = "",
    switch: bool = False,
    attrs: dict[str, str] | None = None,
) -> FieldView:
    """Draw the field's input with the kit's class and its aria attributes.

    `prefix` and `suffix` stand inside the edge of the input: a currency sign, a unit.
    """
    widget = field.field.widget
    grouped = isinstance(widget, widgets.RadioSelect | widgets.CheckboxSelectMultiple)
    checked = isinstance(widget, widgets.CheckboxInput)
    name = (
        "switch" if switch else next((c for kind, c in _CLASSES if isinstance(widget, kind)), "in")
    )
    extra: dict[str, str | bool] = {
        "class": f"{widget.attrs.get('class', '')} {name}".strip(),
        **(attrs or {}),
    }
    if switch:
        extra["role"] = "switch"
    described = _described_by(field)
    if described and not grouped:
        extra["aria-describedby"] = described
    if field.errors:
        extra["aria-invalid"] = "true"
    return FieldView(
        field,
        field.as_widget(attrs=extra),
        "group" if grouped else "check" if checked else "line",
        " ".join(told(field)),
        described,
        prefix,
        suffix,
    )


def problems(form: forms.BaseForm) -> list[Problem]:
    """Every error of a bound form in the order of its fields, those of no one field first."""
    found = [Problem(str(error), "") for error in form.non_field_errors()]
    for field in form:
        target = "" if field.is_hidden else field.auto_id
        found += [Problem(text, str(target)) for text in told(field)]
    return found


def told(field: forms.BoundField) -> list[str]:
    """What is wrong with a field. Django's own English sentences name neither the field nor the way
    out and are said anew; the form's own and those of other languages stay."""
    return [_said_anew(field, error) for error in field.errors.as_data()]


def _said_anew(field: forms.BoundField, error: ValidationError) -> str:
    text, name = " ".join(error.messages), f"“{field.label}”"
    if text == "This field is required.":
        return f"{_deed(field.field.widget)} {name}."
    if not text.startswith("Ensure this value"):
        return text
    limit = (error.params or {}).get("limit_value")
    asked = {"max_value": "enter {} or less", "min_value": "enter {} or more",
             "max_length": "write at most {} characters"}.get(error.code or "")  # fmt: skip
    return f"{name}: {asked.format(limit)}." if asked else text


def _deed(widget: forms.Widget) -> str:
    """What a person does to fill in an input that may not stay empty."""
    if isinstance(widget, widgets.CheckboxInput):
        return "Tick"
    choosing = (widgets.Select, widgets.RadioSelect, widgets.FileInput)
    return "Choose" if isinstance(widget, choosing) else "Fill in"


def _described_by(field: forms.BoundField) -> str:
    if not field.auto_id:
        return ""
    ids = []
    if field.errors:
        ids.append(f"{field.auto_id}_error")
    if field.help_text:
        ids.append(f"{field.auto_id}_helptext")
    return " ".join(ids)
