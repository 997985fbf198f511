"""The component page: every part in every state, for people who build pages and for tests.

It shows invented data only and exists only in development and in the demo.
"""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from sparkops.web import pages, showcase
from sparkops.web.filters import FilterBar
from sparkops.web.keyset import Count, Page

View = Callable[[HttpRequest], HttpResponse]


def local_only(view: View) -> View:
    """404 unless the site runs for development or as the demo."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not (settings.DEBUG or getattr(settings, "DEMO", False)):
            raise Http404
        return view(request)

    return guarded


@local_only
@require_GET
def components(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    rows = showcase.samples(now)
    bar = FilterBar(showcase.SampleFilters, request.GET)
    wrong = {"name": "Serum · Mia", "budget": "5", "days": "30", "reach": "broad"}
    context = {
        **showcase.shell(now),
        **showcase.parts(now),
        "now": now,
        "bar": bar,
        "count": Count(1_000, capped=True),
        "table": showcase.POSTS.bind(
            Page(rows, next="later"), query=request.GET, now=now, selectable=True
        ),
        "nothing": showcase.POSTS.bind([], query=request.GET, now=now),
        "wide": showcase.WIDE.bind(rows, query=request.GET, now=now),
        "form": showcase.SampleForm(prefix="blank"),
        "wrong": showcase.SampleForm(
            {f"wrong-{name}": value for name, value in wrong.items()}, prefix="wrong"
        ),
    }
    return pages.render(request, "web/components.html", context, pieces={"posts-list": "rows"})


@local_only
@require_GET
def dialog(request: HttpRequest) -> HttpResponse:
    return pages.render(
        request, "web/components_dialog.html", {"chosen": request.GET.getlist("id")}
    )


@local_only
@require_GET
def panel(request: HttpRequest) -> HttpResponse:
    response = pages.render(request, "web/components_panel.html", showcase.parts(timezone.now()))
    return pages.toast(response, "The panel arrived")


@local_only
@require_GET
def job(request: HttpRequest) -> HttpResponse:
    ended = {"name": request.GET.get("name", "job"), "label": "Reading orders", "state": "done"}
    return pages.render(request, "parts/progress.html", {**ended, "done": 18_000, "total": 18_000})


@local_only
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    word = request.GET.get("q", "").strip().lower()
    rows = [row for row in showcase.samples(timezone.now()) if word and word in row.title.lower()]
    return pages.render(request, "web/components_search.html", {"found": rows, "word": word})


@local_only
def form(request: HttpRequest) -> HttpResponse:
    filled = showcase.SampleForm(request.POST or None, prefix="blank")
    if request.method == "POST" and filled.is_valid():
        return pages.refresh(request)
    status = 422 if request.method == "POST" else 200
    return pages.render(request, "web/components_form.html", {"form": filled}, status=status)
