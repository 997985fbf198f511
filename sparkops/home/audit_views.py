"""The audit log of a client and of an organization: searched, and taken along as a file."""

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse

from creators.forms import Period
from sparkops import clock
from sparkops.audit.models import Event, OrganizationEvent
from sparkops.clock import shop_day_start
from sparkops.tenants.gate import ClientRequest, client_view, may_of, organization_view
from sparkops.tenants.permissions import Permission
from sparkops.web import listing
from sparkops.web.filters import FilterBar
from sparkops.web.tables import Column, Table


class AuditFilters(Period):
    """Who or what, and when; days are of the client's zone (UTC for an organization)."""

    field_order = ("q", "since", "until")

    q = forms.CharField(label="Who, what or which", required=False, max_length=100)


@client_view(Permission.AUDIT)
def of_client(request: ClientRequest) -> HttpResponse:
    """What was done within the client, newest first."""
    bar = FilterBar(AuditFilters, request.GET)
    rows = found(Event.objects.all(), bar.values, request.client.timezone)
    page = _page(f"What was done in {request.client.name}, by whom and why.", rows, bar, True)
    return listing.show(request, page, may=may_of(request), now=clock.now())


@organization_view(Permission.AUDIT)
def of_organization(request: HttpRequest) -> HttpResponse:
    """What was done to the organization itself: people, roles, clients, keys."""
    organization = request.organization  # type: ignore[attr-defined]
    bar = FilterBar(AuditFilters, request.GET)
    mine = OrganizationEvent.objects.filter(organization_id=organization.pk)
    page = _page(
        f"What was done to {organization.name} itself: people, roles, clients, keys.",
        found(mine, bar.values, "UTC"), bar, False,
    )  # fmt: skip
    return listing.show(request, page, may=may_of(request), now=clock.now())


def found(rows: QuerySet[Any], values: dict[str, Any], zone: str) -> QuerySet[Any]:
    """The events of a search: words in the actor, the verb, the subject and the reason."""
    for word in values.get("q", "").split():
        match = Q(actor__icontains=word) | Q(verb__icontains=word) | Q(label__icontains=word)
        if rows.model is Event:
            match |= Q(reason__icontains=word)
        rows = rows.filter(match)
    if since := values.get("since"):
        rows = rows.filter(at__gte=shop_day_start(since, zone))
    if until := values.get("until"):
        rows = rows.filter(at__lt=shop_day_start(until + timedelta(days=1), zone))
    return rows


def _page(lede: str, rows: QuerySet[Any], bar: FilterBar, of_client: bool) -> listing.ListPage:
    return listing.ListPage(
        heading="Audit log",
        lede=f"{lede} Nobody can change or remove a line.",
        noun="events",
        table=audit_table(of_client),
        rows=rows,
        bar=bar,
        empty=listing.Empty("Nothing found", "Clear the search to see every event.", icon="shield"),
    )


def audit_table(of_client: bool) -> Table:
    """Columns of events; those of a client name their subject and reason too."""
    more = (
        Column("kind", "Kind", "subject_type", fold=2),
        Column("id", "Id", "subject_id", fold=2),
        Column("reason", "Reason", "reason", fold=1),
    )
    return Table(
        name="audit",
        caption="Audit log",
        default_sort="-at",
        columns=(
            Column("verb", "What", "verb", phone="title"),
            Column("label", "Of", "label"),
            Column("actor", "By", "actor"),
            *(more if of_client else ()),
            Column("data", "Details", _details, fold=1),
            Column("at", "When", "at", kind="ago", sort="at"),
        ),
    )


def _details(row: Model) -> str:
    data: dict[str, Any] = row.data  # type: ignore[attr-defined]
    told = ((name, _told(value)) for name, value in data.items())
    return "; ".join(f"{name}: {value}" for name, value in told if value)


def _told(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
