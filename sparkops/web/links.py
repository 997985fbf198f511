"""Addresses of the pages behind rows."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.urls import reverse


def page_of(name: str, **fixed: str) -> Callable[[Any], str]:
    """A function from a row to the page `name` of its key; `fixed` are the URL's other words.

    The URL map is asked once for a list, at its first row (the map itself is made of tables):
    asking it for every link was a twentieth of a page.
    """

    @cache
    def around() -> tuple[str, str]:
        head, _, tail = reverse(name, kwargs={**fixed, "pk": 0}).rpartition("/0/")
        return f"{head}/", f"/{tail}"

    def address(row: Any) -> str:
        head, tail = around()
        return f"{head}{row['pk'] if isinstance(row, dict) else row.pk}{tail}"

    return address
