"""Addresses of the pages behind rows."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.urls import reverse


def page_of(name: str, *, client: str | None) -> Callable[[Any], str]:
    """A function from a row to the page `name` of its key, below the client of that slug.

    None is for rows of several clients, each of which names its own: `client__slug` of a mapping,
    else `client.slug`. The URL map is asked once for a client, at its first row (the map itself is
    made of tables): asking it for every link was a twentieth of a page.
    """

    @cache
    def around(slug: str) -> tuple[str, str]:
        head, _, tail = reverse(name, kwargs={"client": slug, "pk": 0}).rpartition("/0/")
        return f"{head}/", f"/{tail}"

    def address(row: Any) -> str:
        head, tail = around(client or _client_of(row))
        return f"{head}{row['pk'] if isinstance(row, dict) else row.pk}{tail}"

    return address


def _client_of(row: Any) -> str:
    return str(row["client__slug"] if isinstance(row, dict) else row.client.slug)
