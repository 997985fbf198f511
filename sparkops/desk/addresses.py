"""What of a list's address a view keeps."""

from django.http import QueryDict
from django.urls import Resolver404, resolve

from sparkops.errors import Refusal

# Where in the list somebody is, and what is done with it, are no filters.
DROPPED = ("cursor", "export", "all", "id", "columns", "csrfmiddlewaretoken")
MOST = 2_000
BELOW_CLIENT = "c/<slug:client>/"


def kept_query(text: str) -> str:
    """The filters and the order of an address, without what is empty.

    Raises Refusal for more than a view can keep.
    """
    try:
        query = QueryDict(text[: MOST * 4], mutable=True)
    except ValueError as error:  # more parameters than a page takes
        raise Refusal("too_long", "These are too many filters to be saved.") from error
    for name in list(query):
        values = [value for value in query.getlist(name) if value and "\x00" not in value]
        if name in DROPPED or not values or "\x00" in name:
            del query[name]
        else:
            query.setlist(name, values)
    kept = query.urlencode()
    if len(kept) > MOST:
        raise Refusal("too_long", "These are too many filters to be saved.")
    return kept


def same_rows(one: str, other: str) -> bool:
    """Whether two queries filter and order alike, whatever the order of their words."""
    return _words(one) == _words(other)


def _words(query: str) -> list[tuple[str, list[str]]]:
    return sorted((name, sorted(values)) for name, values in QueryDict(query).lists())


def page_below(slug: str, page: str) -> str:
    """The path of a list below its client, checked to be a page of clients.

    Raises Refusal for anything else.
    """
    try:
        match = resolve(f"/c/{slug}/{page}")
    except Resolver404 as error:
        raise Refusal("no_such_page", "There is no such list here.") from error
    if len(page) > 120 or not match.route.startswith(BELOW_CLIENT):
        raise Refusal("no_such_page", "There is no such list here.")
    return page
