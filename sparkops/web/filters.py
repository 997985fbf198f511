"""A filter bar made from a Django form. Its whole state is the query string."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.http import QueryDict

from sparkops.web.tables import with_query

# Parameters of a list that are not filters: they survive a change of filters.
KEPT = ("view", "tab", "sort", "from", "to", "size")
_CURSOR = "cursor"


@dataclass(frozen=True)
class Chip:
    """An active filter: what it says, and the list without it."""

    label: str
    value: str
    clear_url: str


class FilterBar:
    """`form_class` bound to the query string.

    `values` holds the cleaned value of every field that is filled in and valid. A field with a
    wrong value filters nothing and shows its error in the bar, so a broken link still opens.
    `keep` names what the page was opened with beside the filters, so that they do not lose it.
    The field named by `search` is drawn as the search box; its value is trimmed by the form.
    """

    def __init__(
        self,
        form_class: type[forms.Form],
        query: QueryDict,
        *,
        search: str = "q",
        path: str = "",
        keep: Sequence[str] = (),
        **form_options: Any,
    ) -> None:
        self.query = query
        self._keep = (*KEPT, *keep)
        self.path = path
        self.form = form_class(data=query, **form_options)
        self.form.is_valid()
        self._search = search

    @cached_property
    def values(self) -> dict[str, Any]:
        return {
            name: value
            for name, value in self.form.cleaned_data.items()
            if value not in (None, "", [], ()) and value is not False and not _is_empty(value)
        }

    @property
    def active(self) -> bool:
        return bool(self.values)

    @property
    def search(self) -> forms.BoundField | None:
        return self.form[self._search] if self._search in self.form.fields else None

    @property
    def fields(self) -> list[forms.BoundField]:
        return [field for field in self.form if field.name != self._search]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Hidden inputs: what the bar must not forget when it is submitted."""
        return [
            (name, value)
            for name in self._keep
            if name not in self.form.fields
            for value in self.query.getlist(name)
        ]

    @property
    def chips(self) -> Iterator[Chip]:
        for name, value in self.values.items():
            if name != self._search:
                field = self.form[name]
                yield Chip(str(field.label), _shown(field, value), self._without(name))

    @property
    def clear_url(self) -> str:
        return self._without(*self.form.fields)

    def _without(self, *names: str) -> str:
        return self.path + with_query(self.query, **dict.fromkeys((*names, _CURSOR)))


def filled_choices(field: forms.ChoiceField) -> list[str]:
    """The values that a choice filter knows, without the empty one."""
    return [str(key) for key, _ in _flat(field.choices) if key not in ("", None)]


def _is_empty(value: Any) -> bool:
    return hasattr(value, "exists") and not value.exists()


def _shown(field: forms.BoundField, value: Any) -> str:
    """The value as its widget names it."""
    choices = getattr(field.field, "choices", None)
    chosen = value if isinstance(value, list | tuple) else [value]
    if choices is not None and not hasattr(value, "_meta"):
        names = {str(key): str(label) for key, label in _flat(choices)}
        return ", ".join(names.get(str(one), str(one)) for one in chosen)
    return "yes" if value is True else ", ".join(str(one) for one in chosen)


def _flat(choices: Any) -> Iterator[tuple[Any, Any]]:
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from _flat(label)
        else:
            yield key, label
