"""Inputs and menus of forms, written here and not by Django's templates for them.

A menu of thirty choices takes Django sixty templates, which was an eighth of a list page. What
is not named here is drawn by Django.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.html import conditional_escape as escape
from django.utils.safestring import SafeString

Widget = Mapping[str, Any]

_INPUTS = (
    "text",
    "number",
    "email",
    "url",
    "tel",
    "search",
    "date",
    "time",
    "hidden",
    "password",
    "checkbox",
)


class WidgetRenderer(DjangoTemplates):
    """Django's renderer of forms with the plain controls drawn by functions; the same mark-up."""

    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> SafeString:
        draw = _DRAWN.get(template_name)
        if draw is None:
            return SafeString(super().render(template_name, context, request))
        return SafeString(draw(context["widget"]))


def _input(widget: Widget) -> str:
    value = widget["value"]
    shown = "" if value is None else f' value="{escape(value)}"'
    name = escape(widget["name"])
    return f'<input type="{widget["type"]}" name="{name}"{shown}{_attributes(widget)}>'


def _select(widget: Widget) -> str:
    name = escape(widget["name"])
    options = "".join(_options(widget))
    return f'<select name="{name}"{_attributes(widget)}>{options}\n</select>'


def _options(widget: Widget) -> Iterator[str]:
    for group, options, _number in widget["optgroups"]:
        if group:
            yield f'\n  <optgroup label="{escape(group)}">'
        for option in options:
            value, label = escape(option["value"]), escape(option["label"])
            yield f'\n  <option value="{value}"{_attributes(option)}>{label}</option>'
        if group:
            yield "\n  </optgroup>"


def _attributes(widget: Widget) -> str:
    """Attributes that are False are left out, those that are True stand without a value."""
    return "".join(
        f" {escape(name)}" if value is True else f' {escape(name)}="{escape(value)}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


_DRAWN: Mapping[str, Callable[[Widget], str]] = {
    "django/forms/widgets/select.html": _select,
    **{f"django/forms/widgets/{kind}.html": _input for kind in _INPUTS},
}
