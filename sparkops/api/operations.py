"""What an address of the API can do, as data: list rows, show one thing, take an action.

An app declares its operations beside its queries and actions; everything else (keys, scopes,
paging, errors, repeats, the schema) is the same for all of them and lives in this package.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import QuerySet
from django.http import QueryDict
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from sparkops.api.call import Call
from sparkops.api.problems import FieldError, Problem
from sparkops.tenants.permissions import Permission
from sparkops.web.keyset import Order, after

PAGE_SIZE = 50
MOST = 200
LARGEST_ID = 2**63 - 1
PAGING = ("limit", "cursor")


class NoFilters(forms.Form):
    """A list that is always whole."""


def own_id(label: str) -> forms.IntegerField:
    """A filter by one of our own ids; larger than the database can hold is refused, not a fault."""
    return forms.IntegerField(label=label, required=False, min_value=1, max_value=LARGEST_ID)


@dataclass(frozen=True, kw_only=True)
class Listing:
    """GET of many rows, a page at a time.

    `rows` gives the queryset of a call; its docstring is the description in the reference. The
    filters are a form, usually that of the page. `sorts` maps words of the URL to field paths;
    without one, rows come in `order`. `prepare` adds to the rows of one page what is read for all
    of them together.
    """

    summary: str
    rows: Callable[[Call], QuerySet[Any]]
    shape: type[Serializer]
    permission: Permission = Permission.VIEW
    filters: type[forms.Form] = NoFilters
    sorts: Mapping[str, str] = field(default_factory=dict)
    order: Order = Order("pk", descending=True)
    prepare: Callable[[Call, Sequence[Any]], None] | None = None

    status = 200
    takes = None

    @property
    def description(self) -> str:
        return self.rows.__doc__ or ""

    def answer(self, call: Call, query: QueryDict, body: Any) -> Response:
        paging = (*PAGING, "sort") if self.sorts else PAGING
        asked = replace(call, values=filled(self.filters, query, paging))
        order, size = self._order(query.get("sort", "")), _size(query.get("limit", ""))
        try:
            page = after(self.rows(asked), order, query.get("cursor", ""), size)
        except ValueError as error:
            raise _bad(
                "cursor", "bad_cursor", "Take the cursor from `next`, or leave it out to begin."
            ) from error
        if self.prepare is not None:
            self.prepare(asked, page.rows)
        shown = self.shape(page.rows, many=True, context={"call": asked}).data
        return Response({"data": shown, "next": page.next})

    def _order(self, word: str) -> Order:
        if not word:
            return self.order
        path = self.sorts.get(word.removeprefix("-"))
        if path is None:
            words = ", ".join(sorted(self.sorts))
            raise _bad("sort", "bad_sort", f"Sort by one of {words}; a minus before it turns it.")
        return Order(path, word.startswith("-"), self.order.key)


@dataclass(frozen=True, kw_only=True)
class Detail:
    """GET of one thing, or with `many` of a few that belong together and need no paging."""

    summary: str
    find: Callable[[Call], Any]
    shape: type[Serializer]
    permission: Permission = Permission.VIEW
    filters: type[forms.Form] = NoFilters
    many: bool = False

    status = 200
    takes = None

    @property
    def description(self) -> str:
        return self.find.__doc__ or ""

    def answer(self, call: Call, query: QueryDict, body: Any) -> Response:
        asked = replace(call, values=filled(self.filters, query, ()))
        return Response(_shown(self.shape, self.find(asked), self.many, asked))


@dataclass(frozen=True, kw_only=True)
class Action:
    """POST or PATCH: the same action as a form of a page. `do` gets the checked body."""

    summary: str
    do: Callable[[Call, dict[str, Any]], Any]
    shape: type[Serializer]
    permission: Permission
    takes: type[Serializer] | None = None
    many: bool = False
    status: int = 200
    partial: bool = False

    filters = NoFilters

    @property
    def description(self) -> str:
        return self.do.__doc__ or ""

    def answer(self, call: Call, query: QueryDict, body: Any) -> Response:
        filled(self.filters, query, ())
        done = self.do(call, self._checked(call, body))
        return Response(_shown(self.shape, done, self.many, call), status=self.status)

    def _checked(self, call: Call, body: Any) -> dict[str, Any]:
        if self.takes is None:
            return {}
        if not isinstance(body, dict):
            raise Problem(400, "bad_body", "The body must be a JSON object.")
        given = self.takes(data=body, partial=self.partial, context={"call": call})
        unknown = sorted(set(body) - set(given.fields))
        if unknown:
            raise ValidationError(
                {name: ["There is no such field here."] for name in unknown}, code="unknown_field"
            )
        given.is_valid(raise_exception=True)
        values: dict[str, Any] = given.validated_data
        return values


Operation = Listing | Detail | Action


def filled(filters: type[forms.Form], query: QueryDict, besides: Sequence[str]) -> dict[str, Any]:
    """The values of the filters that are given.

    Raises Problem (400) for a name that is no filter or a value that does not fit: a list that
    silently ignores a filter is a wrong answer.
    """
    form = filters(data=query)
    unknown = sorted(set(query) - set(form.fields) - set(besides))
    if unknown:
        known = ", ".join(sorted({*form.fields, *besides})) or "none"
        raise _bad(unknown[0], "unknown_parameter", f"There is no such filter. Known are: {known}.")
    if not form.is_valid():
        errors = [
            FieldError(name, one.code or "invalid", " ".join(one.messages))
            for name, several in form.errors.as_data().items()
            for one in several
        ]
        raise Problem(400, "bad_parameter", errors[0].detail, errors=errors)
    return {
        name: value for name, value in form.cleaned_data.items() if value not in (None, "", [], ())
    }


def page_values(form: forms.Form, named: Callable[[str], str] = str) -> dict[str, Any]:
    """What the form of a page takes of a body; `named` gives the field of the body of one of the
    form. Raises ValidationError in the words of the form."""
    if not form.is_valid():
        told = {named(name): list(map(str, errors)) for name, errors in form.errors.items()}
        told["non_field_errors"] = told.pop(NON_FIELD_ERRORS, [])
        raise ValidationError({name: errors for name, errors in told.items() if errors})
    return form.cleaned_data


def _size(word: str) -> int:
    if not word:
        return PAGE_SIZE
    if not word.isascii() or not word.isdigit() or not 1 <= int(word[:4]) <= MOST or len(word) > 4:
        raise _bad("limit", "bad_limit", f"A page has between 1 and {MOST} rows.")
    return int(word)


def _bad(name: str, code: str, detail: str) -> Problem:
    return Problem(400, code, detail, errors=[FieldError(name, code, detail)])


def _shown(shape: type[Serializer], found: Any, many: bool, call: Call) -> Any:
    shown = shape(found, many=many, context={"call": call}).data
    return {"data": shown} if many else shown
