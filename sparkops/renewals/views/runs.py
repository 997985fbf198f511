"""Asking many creators at once: the question, the run while it works, and its result."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_POST

from authorizations.models import Authorization
from sparkops import clock
from sparkops.renewals.actions.asks import mark_sent
from sparkops.renewals.actions.runs import retry_failed, start_run
from sparkops.renewals.forms import AskForm, ChosenForm
from sparkops.renewals.models import Ask, Run
from sparkops.renewals.queries.asks import (
    MOST_AT_ONCE,
    asks_of,
    chosen,
    counts_of,
    impact_of,
    newest_asks,
)
from sparkops.renewals.queries.asks import runs as all_runs
from sparkops.renewals.queries.messages import Offer, cadence_of_client
from sparkops.renewals.queries.own_page import to_send
from sparkops.renewals.tables import TONES, asks_table, runs_table
from sparkops.renewals.tasks import send_commands, work_run
from sparkops.tenants.gate import client_view
from sparkops.tenants.permissions import Permission
from sparkops.web import pages
from sparkops.web.keyset import capped_count, paginate
from sparkops.web.tables import with_query

CHANNELS = {"shop": "as a TikTok Shop message", "email": "by e-mail", "copy": "to copy by hand"}
TABS = (
    ("", "All", "total"),
    ("sent", "Sent", "sent"),
    ("copy", "To copy", "copy"),
    ("failed", "Failed", "failed"),
    ("skipped", "Left out", "skipped"),
)


@client_view(Permission.VIEW)
def runs(request: HttpRequest) -> HttpResponse:
    """Every run of the client."""
    table, now = runs_table(request.client.slug), clock.now()  # type: ignore[attr-defined]
    sort = table.sort(request.GET.get("sort"))
    found = paginate(all_runs(), sort.order, request.GET.get("cursor"))
    context = {
        "now": now,
        "table": table.bind(found, query=request.GET, sort=sort, now=now),
        "count": capped_count(Run.objects.all()),
    }
    return pages.render(request, "renewals/runs.html", context, pieces={"runs-list": "list"})


@client_view(Permission.AUTHORIZATION_EDIT)
def ask(request: HttpRequest) -> HttpResponse:
    """The question before creators are asked, with what it means; then the start."""
    data = request.POST if request.method == "POST" else request.GET
    rows = _chosen(data)
    cadence = cadence_of_client()
    initial = {"days": cadence.days, "price": cadence.price}
    form = AskForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        return _start(request, rows, form.cleaned_data)
    context = _question(request, data, rows) | {"form": form}
    return pages.render(
        request,
        "renewals/ask.html",
        context,
        pieces={"dialog-body": "question"},
        status=422 if form.errors else 200,
    )


@client_view(Permission.VIEW)
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the workers are, polled until they are done; then what became of every row."""
    found = get_object_or_404(Run, pk=pk)
    counts = counts_of(found)
    context: dict[str, Any] = {"run": found, "counts": counts, "now": clock.now()}
    if found.is_working:
        context["rows"] = [(one, TONES[Ask.State(one.state)]) for one in newest_asks(found)]
        return pages.render(request, "renewals/progress.html", context, pieces={"work": "work"})
    if pages.details(request).target == "work":
        return pages.redirect(request, "renewals:run", client=request.client.slug, pk=pk)  # type: ignore[attr-defined]
    context |= _result(request, found, counts)
    return pages.render(request, "renewals/result.html", context, pieces={"asks-list": "list"})


@client_view(Permission.AUTHORIZATION_EDIT)
@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Try the failed messages once more."""
    found = get_object_or_404(Run, pk=pk)
    count = retry_failed(found, by=request.actor, now=clock.now())  # type: ignore[attr-defined]
    notes.success(request, f"{count} failed messages are tried once more.")
    return _hand_over(request, found)


@client_view(Permission.AUTHORIZATION_EDIT)
@require_POST
def sent_by_hand(request: HttpRequest, pk: int) -> HttpResponse:
    """A person sent the copied text."""
    one = get_object_or_404(Ask.objects.select_related("authorization"), pk=pk)
    mark_sent(one, by=request.actor, now=clock.now())  # type: ignore[attr-defined]
    notes.success(request, "Noted as sent.")
    slug = request.client.slug  # type: ignore[attr-defined]
    if one.run_id is None:
        return pages.redirect(
            request, "authorizations:detail", client=slug, pk=one.authorization_id
        )
    return pages.redirect(request, "renewals:run", client=slug, pk=one.run_id)


def _chosen(data: QueryDict) -> list[Authorization]:
    form = ChosenForm(data)
    form.is_valid()
    filters: Mapping[str, Any] = form.cleaned_data
    ids = [int(one) for one in data.getlist("id") if one.isdigit()]
    rows = chosen(None if filters.get("all") else ids, filters, clock.now())
    return list(rows[: MOST_AT_ONCE + 1])


def _start(request: HttpRequest, rows: list[Authorization], values: dict[str, Any]) -> HttpResponse:
    client = request.client  # type: ignore[attr-defined]
    offer = Offer(values["days"], values["price"], client.currency)
    found = start_run(rows, offer, values["language"], by=request.actor, now=clock.now())  # type: ignore[attr-defined]
    return _hand_over(request, found)


def _hand_over(request: HttpRequest, found: Run) -> HttpResponse:
    """Let the workers go on without the page, and show the person how far they are."""
    client = request.client  # type: ignore[attr-defined]
    work_run.delay_on_commit(client_id=client.pk, run_id=found.pk)
    send_commands.delay_on_commit(client_id=client.pk)
    return pages.redirect(request, "renewals:run", client=client.slug, pk=found.pk)


def _question(
    request: HttpRequest, data: QueryDict, rows: list[Authorization]
) -> dict[str, object]:
    """What the dialog says, and what it sends again: the ids, or the filters of the list."""
    impact = impact_of(rows, request.client, clock.now())  # type: ignore[attr-defined]
    is_all = data.get("all") == "1"
    names = ("q", "state", "kind", "ends", "tab") if is_all else ()
    kept = [(name, data[name]) for name in names if data.get(name)]
    kept += [("all", "1")] if is_all else [("id", str(row.pk)) for row in rows]
    return {
        "rows": rows[:5],
        "more": max(len(rows) - 5, 0),
        "impact": impact,
        "channels": [(impact.channels[key], CHANNELS[key]) for key in CHANNELS
                     if key in impact.channels],
        "unreachable": impact.rows - sum(impact.channels.values()),
        "kept": kept,
        "most": MOST_AT_ONCE,
    }  # fmt: skip


def _result(request: HttpRequest, found: Run, counts: dict[str, int]) -> dict[str, Any]:
    slug, view = request.client.slug, request.GET.get("view", "")  # type: ignore[attr-defined]
    may = request.member.may(Permission.AUTHORIZATION_EDIT)  # type: ignore[attr-defined]

    shared = {"client": request.client, "may_edit": may, "csrf_token": get_token(request)}  # type: ignore[attr-defined]

    def by_hand(row: Ask) -> SafeString:
        # Without the request: what every page's frame shows would be read again for each row.
        html = render_to_string(
            "renewals/by_hand.html", {**shared, "row": row, "text": to_send(row, row.text)}
        )
        return mark_safe(html)  # noqa: S308 - a template's own escaping

    table = asks_table(slug, by_hand)
    sort, rows = table.sort(request.GET.get("sort")), asks_of(found, view)
    page = paginate(rows, sort.order, request.GET.get("cursor"))
    return {
        "may_edit": may,
        "table": table.bind(page, query=request.GET, sort=sort, now=clock.now()),
        "count": capped_count(rows),
        "tabs": [
            {
                "label": label,
                "url": request.path + with_query(request.GET, view=key, cursor=None),
                "count": counts.get(name, 0),
                "current": key == view,
                "hot": key == "failed" and bool(counts.get(name)),
            }
            for key, label, name in TABS
        ],
    }
