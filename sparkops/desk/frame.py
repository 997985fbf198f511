"""What every page of a client shows of a person's desk: read once, and only by pages that do."""

from collections.abc import Callable
from functools import cached_property

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from sparkops.desk.addresses import same_rows
from sparkops.desk.models import SavedView
from sparkops.desk.queries import MOST, look_of, views_of
from sparkops.isolation.scope import current_scope
from sparkops.web.looks import Look

Answer = Callable[[HttpRequest], HttpResponseBase]


class Desk:
    """The views of the signed-in person for the open client; empty where no client is open."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def _views(self) -> list[SavedView]:
        scope = current_scope()
        client = getattr(self._request, "client", None)
        if scope is None or not scope.writable or client is None:
            return []
        found = list(views_of(self._request.user)[:MOST])  # type: ignore[arg-type]
        for view in found:
            view.url = self._url(view)  # type: ignore[attr-defined]
            view.current = self._is_open(view)  # type: ignore[attr-defined]
        return found

    def look(self, table: str) -> Look:
        """What the person chose for a table."""
        return look_of(self._request.user, table)  # type: ignore[arg-type]

    @property
    def pinned(self) -> list[SavedView]:
        """Views for the menu."""
        return [view for view in self._views if view.is_pinned]  # type: ignore[attr-defined]

    @property
    def here(self) -> list[SavedView]:
        """Views of the list that is open."""
        return [view for view in self._views if view.page == self.page]

    @property
    def current(self) -> SavedView | None:
        """The view that is open."""
        return next((view for view in self.here if view.current), None)  # type: ignore[attr-defined]

    @property
    def save_query(self) -> str:
        """Parameters for saving what is open as a view."""
        params = self._request.GET.copy()
        params.clear()
        params["page"], params["query"] = self.page, self._request.GET.urlencode()
        return params.urlencode()

    @property
    def page(self) -> str:
        """The open list's path below its client."""
        return self._request.path.partition(f"/c/{self._request.client.slug}/")[2]  # type: ignore[attr-defined]

    def opening(self, path: str) -> str:
        """The address a menu entry leads to: the person's default view of that list, or `path`."""
        for view in self._views:
            if view.is_default and self._path(view) == path:  # type: ignore[attr-defined]
                return str(view.url)  # type: ignore[attr-defined]
        return path

    def _path(self, view: SavedView) -> str:
        slug = self._request.client.slug  # type: ignore[attr-defined]
        return reverse("home:today", kwargs={"client": slug}) + view.page

    def _url(self, view: SavedView) -> str:
        return f"{self._path(view)}?{view.query}" if view.query else self._path(view)

    def _is_open(self, view: SavedView) -> bool:
        query = self._request.GET.copy()
        query.pop("cursor", None)
        return view.page == self.page and same_rows(view.query, query.urlencode())


def desk_of(answer: Answer) -> Answer:
    """Middleware: a desk for each request, which reads nothing until a page asks it."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        request.desk = Desk(request)  # type: ignore[attr-defined]
        return answer(request)

    return middleware
