"""Every address of the product and what opens it, read from the marks that the gates leave."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from sparkops.tenants.gate import STAMP
from sparkops.tenants.permissions import Permission


@dataclass(frozen=True)
class Address:
    """One address; `reach` is `client`, `portfolio`, `organization`, `member`, `public`,
    `api-client`, `api-portfolio` or, for pages of libraries, empty. `needs` holds the permission
    of each method in the API, and one under "" for a page."""

    path: str
    name: str
    reach: str
    needs: tuple[tuple[str, Permission], ...]
    view: Any

    @property
    def needed(self) -> str:
        """The permissions in words, such as `GET=view POST=creator.edit`; `-` for none."""
        words = (f"{method}={one.value}" if method else one.value for method, one in self.needs)
        return " ".join(words) or "-"


def addresses() -> list[Address]:
    """Every address of the URL map, by path."""
    found = [_address(path, name, view) for path, name, view in _patterns(get_resolver(), "/", "")]
    return sorted(found, key=lambda one: one.path)


def mark_of(view: Any) -> str:
    """The mark that a gate left on a view; empty without one."""
    while view is not None:
        mark = getattr(view, STAMP, None)
        if mark:
            return str(mark)
        view = getattr(view, "__wrapped__", None)
    return ""


def _patterns(resolver: URLResolver, path: str, name: str) -> Iterator[tuple[str, str, Any]]:
    for one in resolver.url_patterns:
        here = path + re.sub(r"^\^|\$$|\\(?=\.)", "", str(one.pattern))
        if isinstance(one, URLResolver):
            yield from _patterns(one, here, f"{name}{one.namespace}:" if one.namespace else name)
        elif isinstance(one, URLPattern):
            yield here, name + (one.name or ""), one.callback


def _address(path: str, name: str, view: Any) -> Address:
    reach, _, words = mark_of(view).partition(":")
    if reach.startswith("api-"):
        pairs = (word.partition("=") for word in words.split(","))
        needs = tuple((method, Permission(word)) for method, _, word in pairs)
    elif reach in ("client", "portfolio", "organization"):
        needs = (("", Permission(words)),)
    else:
        needs = ()
    return Address(path, name, reach, needs, view)
