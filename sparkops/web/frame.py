"""The long lists of the page frame as mark-up: the sections, and the clients of the switcher.

They are the same on every page but for the place one stands in, so each is drawn once for its
entries and remembered.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from html import escape
from itertools import groupby
from typing import Any, NamedTuple

from django.utils.safestring import SafeString

from sparkops.web import markup

REMEMBERED = 2_000
"""Entries, each drawn with and without the mark of where one is."""


class Section(NamedTuple):
    """An entry of the menu. `count` may be shown `hot`; `shortcut` is a key that leads there."""

    key: str
    label: str
    url: str
    icon: str
    current: bool = False
    group: str = ""
    count: Any = None
    hot: bool = False
    shortcut: str = ""


class Place(NamedTuple):
    """A client of the switcher; `sub` is said beside its name."""

    name: str
    url: str
    current: bool = False
    sub: str = ""


def nav_links(entries: Iterable[Mapping[str, Any]]) -> SafeString:
    """The menu; `entries` are mappings of the fields of `Section`, those of a group together."""
    sections = [_of(Section, entry) for entry in entries]
    parts = []
    for group, own in groupby(sections, key=lambda one: one.group):
        links = "\n    ".join(_section(one, markup.icon(one.icon)) for one in own)
        parts.append(_group(group) + links if group else links)
    return SafeString("".join(parts))


def client_links(entries: Iterable[Mapping[str, Any]]) -> SafeString:
    """The switcher's clients; `entries` are mappings of the fields of `Place`."""
    return SafeString(
        "".join(_place(_of(Place, entry), markup.icon("check", "s")) for entry in entries)
    )


def _of(kind: type[Any], entry: Mapping[str, Any]) -> Any:
    return kind(**{name: entry[name] for name in kind._fields if name in entry})


def _group(name: str) -> str:
    heading = f'<div class="nav-h"><span class="lb">{escape(name)}</span></div>'
    return f'</div><div class="nav">{heading}\n    '


@lru_cache(maxsize=REMEMBERED)
def _section(one: Section, icon: str) -> str:
    here = ' aria-current="page"' if one.current else ""
    key = f' data-key="{escape(one.shortcut)}"' if one.shortcut else ""
    count = "" if one.count is None else escape(str(one.count))
    hidden = "" if one.count else " hidden"
    return (
        f'<a href="{escape(one.url)}"{here}{key}>{icon}'
        f'<span class="lb">{escape(one.label)}</span>'
        f'<span class="count{" hot" if one.hot else ""}" id="nav-count-{one.key}"{hidden}>'
        f"{count}</span></a>"
    )


@lru_cache(maxsize=REMEMBERED)
def _place(one: Place, check: str) -> str:
    here = ' aria-current="true"' if one.current else ""
    sub = f'<span class="t3">{escape(one.sub)}</span>' if one.sub else ""
    tick = check if one.current else ""
    return (
        f'<a href="{escape(one.url)}"{here}>{markup.avatar(one.name, "sq")}'
        f'<span class="grow clamp1">{escape(one.name)}</span>{sub}{tick}</a>'
    )
