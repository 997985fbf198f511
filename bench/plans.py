"""Every list of the product, as a person opens it: the statement of its first page, with its plan.

Lists are found, not named: each address of a client or an organization that needs no other word is
opened, and a statement that asks for one row more than a page holds is a list's. Its orders are
those that its head offers, its views those of its tabs.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, get_resolver

from sparkops.web.keyset import PAGE_SIZE

READ_WHOLE = {
    "authorizations/?tab=expiring": "by the spend of each post in seven days, of what ends in 30",
    "campaigns/?sort=created": "the oldest ads first: nobody's daily question",
    "campaigns/?sort=revenue": "a sum over the days that were asked for, of each ad",
    "campaigns/?sort=-revenue": "a sum over the days that were asked for, of each ad",
    "campaigns/?sort=spend": "a sum over the days that were asked for, of each ad",
    "campaigns/?sort=-spend": "a sum over the days that were asked for, of each ad",
    "campaigns/": "by spend: a sum over the days that were asked for, of each ad",
    "campaigns/?tab=live": "by spend, of the ads of a state",
    "campaigns/?tab=lost": "by spend, of the ads of a state",
    "campaigns/?tab=paused": "by spend, of the ads of a state",
    "campaigns/?tab=review": "by spend, of the ads of a state",
    "campaigns/groups/": "by the sums of their ads; a client has some hundred",
    "campaigns/campaigns/": "by the sums of their ads; a client has some hundred",
    "campaigns/gmv-max/": "by cost in the days that were asked for, of some hundred campaigns",
    "campaigns/guards/": "a client has some dozen guards",
    "campaigns/plans/": "plans with the number of their posts; a client has some hundred",
    "creators/?sort=handle": "handles are unique: what is sorted after the index is one row each",
    "creators/?sort=-handle": "handles are unique: what is sorted after the index is one row each",
    "outreach/": "outreach with its counts; a client has some hundred",
    "renewals/runs/": "runs with their counts; a client has some hundred",
    "ads/?sort=created": "the oldest ads first: nobody's daily question",
    "at-risk/": "of all clients of an organization: no index has the order of several",
    "next-30-days/": "of all clients of an organization: no index has the order of several",
}
"""Pages whose rows are put in order after they were read, and why that stays. An address stands for
all its orders and views, unless one is named."""
_SORTED_BY = ("authorizations/", "campaigns/", "creators/")

_OF_A_PAGE = f"LIMIT {PAGE_SIZE + 1}"
_SORT = re.compile(rb"[?;&]sort=-?([a-z0-9_]+)")
_TABS = re.compile(rb'<nav class="views".*?</nav>', re.DOTALL)
_TAB = re.compile(rb'href="[^"]*\?((?:view|tab)=[a-z0-9_-]+)"')
_HEAD = re.compile(rb"<thead.*?</thead>", re.DOTALL)


@dataclass(frozen=True)
class Listed:
    """The first page of one order or view of a list, and Postgres's plan of it."""

    path: str
    query: str
    sql: str
    plan: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.path}{'?' if self.query else ''}{self.query}"

    @property
    def reason(self) -> str:
        """Why its rows may be sorted after they were read; nothing when they may not."""
        path = self.path.split("/", 3)[3]
        named = READ_WHOLE.get(f"{path}{'?' if self.query else ''}{self.query}", "")
        return named or ("" if path in _SORTED_BY else READ_WHOLE.get(path, ""))

    @property
    def sorts(self) -> bool:
        """Whether rows are put in order after they were read, instead of read in order."""
        return any("Sort" in node["Node Type"] for node in _nodes(self.plan))

    @property
    def blocks(self) -> int:
        """Blocks that the statement looked at; needs a plan that was carried out."""
        return int(self.plan["Shared Hit Blocks"]) + int(self.plan["Shared Read Blocks"])

    @property
    def way(self) -> str:
        """The outermost read of a table, and by what."""
        read = next((one for one in _nodes(self.plan) if "Relation Name" in one), {})
        by = read.get("Index Name", read.get("Relation Name", ""))
        return f"{'Sort, ' if self.sorts else ''}{read.get('Node Type', '')} {by}".strip()


def lists(browser: Browser, words: dict[str, str], explain: str) -> Iterator[Listed]:
    """Every list, once in each order and each view. `explain` are options of EXPLAIN, `words` what
    addresses are made of (`client`, `organization`)."""
    for path in sorted(_addresses(words)):
        found, content = _opened(browser, path, "", explain)
        if not found:
            continue
        yield from found
        heads = b"".join(_HEAD.findall(content))
        for key in sorted({one.decode() for one in _SORT.findall(heads)}):
            for sort in (key, f"-{key}"):
                yield from _opened(browser, path, f"sort={sort}", explain)[0]
        tabs = b"".join(_TABS.findall(content))
        for view in sorted({one.decode() for one in _TAB.findall(tabs)}):
            yield from _opened(browser, path, view, explain)[0]


def _addresses(words: dict[str, str]) -> Iterator[str]:
    for route in _routes(get_resolver().url_patterns, ""):
        names = set(re.findall(r"<(?:[^:>]+:)?([^>]+)>", route))
        if names and names <= words.keys() and not route.startswith("api/"):
            yield "/" + re.sub(r"<(?:[^:>]+:)?([^>]+)>", lambda one: words[one[1]], route)


def _routes(patterns: list[Any], before: str) -> Iterator[str]:
    for one in patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _routes(one.url_patterns, route)
        elif isinstance(one, URLPattern):
            yield route


def _opened(browser: Browser, path: str, query: str, explain: str) -> tuple[list[Listed], bytes]:
    found: list[Listed] = []
    busy = False

    def look(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        nonlocal busy
        result = execute(sql, params, many, context)
        if not busy and isinstance(sql, str) and sql.endswith(_OF_A_PAGE):
            busy = True
            try:
                with connection.cursor() as cursor:
                    cursor.execute(f"EXPLAIN ({explain}, FORMAT JSON) {sql}", params)
                    found.append(Listed(path, query, sql, cursor.fetchone()[0][0]["Plan"]))
            finally:
                busy = False
        return result

    with connection.execute_wrapper(look):
        response = browser.get(f"{path}?{query}" if query else path)
    content = b"" if response.streaming else response.content
    return (found if response.status_code == 200 else []), content


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", ()):
        # A subquery of a column reads a few rows of its own.
        if inner.get("Parent Relationship") not in ("SubPlan", "InitPlan"):
            yield from _nodes(inner)
