"""Plans: the list, a new one from the board, and one with its checks, approvals and links."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from campaigns.actions import approval, bulk
from campaigns.actions import plans as actions
from campaigns.actions.gmv_max_launch import least_target_of, override_gmv_max, set_target
from campaigns.forms import (
    BY_CREATOR,
    LimitForm,
    LinkForm,
    PlanForm,
    ReasonForm,
    TriageFilters,
    plan_draft,
    template_of,
)
from campaigns.models import GmvMaxLaunch, LaunchLimit, Plan, PlanLine
from campaigns.queries.plans import blast_radius, plans, progress_of
from campaigns.queries.templates import current_templates
from campaigns.queries.triage import board, find_verdicts
from campaigns.tables import plans_table, tone_of_launch, tone_of_plan
from campaigns.views.checks import told
from creators.models import Post
from sparkops import clock
from sparkops.errors import Refusal
from sparkops.tenants.gate import ClientRequest, client_view, may_of
from sparkops.tenants.permissions import Permission
from sparkops.web import formats, listing, pages
from sparkops.web.filters import FilterBar

MOST_POSTS = 50


@client_view(Permission.VIEW)
def plan_list(request: ClientRequest) -> HttpResponse:
    """Every plan, newest first."""
    slug = request.client.slug
    board = reverse("campaigns:triage", kwargs={"client": slug})
    limits = reverse("campaigns:limits", kwargs={"client": slug})
    templates = reverse("campaigns:templates", kwargs={"client": slug})
    page = listing.ListPage(
        heading="Plans",
        lede="What is to be launched together, and who approved it.",
        noun="plans",
        table=plans_table(slug),
        rows=plans(),
        bar=FilterBar(PlanForm.Filters, request.GET),
        empty=listing.Empty(
            "No plan yet", "Choose posts on the triage board.", board, "Open triage", "target"
        ),
        actions=[
            listing.Action("Templates", templates, "list"),
            listing.Action("Launch limits", limits, "shield"),
        ],
    )
    return listing.show(request, page, may=may_of(request), now=clock.now())


@client_view(Permission.CAMPAIGN_LAUNCH)
def new_plan(request: ClientRequest) -> HttpResponse:
    """A plan from posts chosen on the board."""
    now = clock.now()
    is_sent = request.method == "POST"
    asked = request.POST if is_sent else request.GET
    ids, left_out = _chosen(asked)
    posts = list(Post.objects.filter(verdicts__in=ids).select_related("creator").order_by("pk"))
    with timezone.override(ZoneInfo(request.client.timezone)):
        start = plan_draft(now, template_of(asked))
        form = PlanForm(request.POST if is_sent else None, posts=posts, initial=start)
        made = _made(request, form, posts) if is_sent else None
        if made:
            return _to_made(request, made)
        context = {
            "now": now,
            "form": form,
            "posts": posts,
            "ids": ids,
            "left_out": left_out,
            "most": MOST_POSTS,
            "templates": list(current_templates()) if posts else [],
            "zone": request.client.timezone,
        }
        return pages.render(
            request,
            "campaigns/plan_new.html",
            context,
            pieces={"dialog-body": "question"},
            status=422 if is_sent else 200,
        )


def _chosen(asked: QueryDict) -> tuple[list[int], int]:
    """The chosen rows of the board, or all that match its filters, and how many are left out."""
    ids = [int(one) for one in asked.getlist("id") if one.isdigit()]
    if asked.get("all"):
        bar = FilterBar(TriageFilters, asked)
        rows = find_verdicts(board(), bar.values)
        if tab := asked.get("tab"):
            rows = rows.filter(standing=tab)
        ids = list(rows.order_by("-score", "pk").values_list("pk", flat=True))
    return ids[:MOST_POSTS], max(len(ids) - MOST_POSTS, 0)


def _made(request: ClientRequest, form: PlanForm, posts: list[Post]) -> list[Plan]:
    """The plans that were made, none when something in the form has to be put right first."""
    if not form.is_valid():
        return []
    values = dict(form.cleaned_data)
    split = values.pop("split", "")
    draft, by, now = actions.Draft(posts=posts, **values), request.actor, clock.now()
    try:
        if split == BY_CREATOR:
            return actions.make_plans_by_creator(draft, by=by, now=now)
        return [actions.make_plan(draft, by=by, now=now)]
    except Refusal as refusal:
        form.add_error(refusal.field, refusal.sentence)
        return []


def _to_made(request: ClientRequest, made: list[Plan]) -> HttpResponse:
    if len(made) == 1:
        return _to_plan(request, made[0])
    messages.success(request, f"{len(made)} plans are made, one for each creator.")
    return pages.redirect(request, "campaigns:plans", client=request.client.slug)


@client_view(Permission.VIEW)
def plan(request: ClientRequest, pk: int) -> HttpResponse:
    """One plan: posts with their gates, blast radius, approvals and links."""
    row = get_object_or_404(Plan, pk=pk)
    return pages.render(request, "campaigns/plan.html", _context(request, row))


def _context(request: ClientRequest, row: Plan, token: str = "") -> dict[str, Any]:
    now, may = clock.now(), request.member.may
    draft = row.state == Plan.State.DRAFT
    lines: list[dict[str, Any]] = [
        {"line": one.line, "refused": one.refused, "may_override": one.may_override,
         "checks": told(one.told).checks}
        for one in actions.check_lines(row, now=now)
    ]  # fmt: skip
    campaigns: list[dict[str, Any]] = [
        {"row": one.row, "refused": one.refused, "may_override": one.may_override,
         "checks": told(one.told).checks, "offer": least_target_of(one.row)}
        for one in actions.check_campaigns(row, now=now)
    ]  # fmt: skip
    url = request.build_absolute_uri(reverse("approve", kwargs={"token": token})) if token else ""
    return {
        "now": now,
        "row": row,
        "tone": tone_of_plan(row),
        "lines": lines,
        "campaigns": campaigns,
        "refusing": sum(bool(one["refused"]) for one in [*lines, *campaigns]),
        "radius": blast_radius(row),
        **_progress(request, row, now),
        "links": list(row.links.order_by("-created_at")),
        "link_form": LinkForm(),
        "new_link": url,
        "reason_form": ReasonForm(),
        "may_edit": may(Permission.CAMPAIGN_LAUNCH),
        "may_approve": may(Permission.PLAN_APPROVE),
        "may_override": draft and may(Permission.CAMPAIGN_OVERRIDE),
        "is_draft": draft,
        "is_proposed": row.state == Plan.State.PROPOSED,
        "is_sendable": row.state in approval.SENDABLE,
        "is_closed": row.state in actions.CLOSED,
        "may_undo": row.can_be_undone(now),
    }


def _progress(request: ClientRequest, row: Plan, now: datetime) -> dict[str, Any]:
    found = progress_of(row, now)
    if found is None:
        return {}
    return {
        "progress": found,
        "launched": [(one, tone_of_launch(one)) for one in found.rows],
        "may_retry": bool(found.failed) and request.member.may(Permission.CAMPAIGN_LAUNCH),
    }


@client_view(Permission.VIEW)
def progress(request: ClientRequest, pk: int) -> HttpResponse:
    """How far the launches of a plan got; polled, and safe to leave."""
    row = get_object_or_404(Plan, pk=pk)
    now = clock.now()
    found = _progress(request, row, now)
    if not found:
        raise Http404("Nothing of this plan was launched yet.")
    context = {"now": now, "row": row, **found}
    return pages.render(request, "campaigns/plan_progress.html", context)


@client_view(Permission.CAMPAIGN_LAUNCH)
@require_POST
def retry(request: ClientRequest, pk: int) -> HttpResponse:
    """Send again the launches that stopped or were refused."""
    row = _locked(pk)
    tried = bulk.retry_failed(row, by=request.actor, now=clock.now())
    messages.success(request, f"Sent again: {formats.plural(tried, 'launch', 'launches')}.")
    return _to_plan(request, row)


@client_view(Permission.CAMPAIGN_LAUNCH)
@require_POST
def propose(request: ClientRequest, pk: int) -> HttpResponse:
    """Ask for internal approval."""
    row = _locked(pk)
    actions.propose(row, by=request.actor, now=clock.now())
    messages.success(request, "The plan waits for internal approval.")
    return _to_plan(request, row)


@client_view(Permission.PLAN_APPROVE)
@require_POST
def confirm(request: ClientRequest, pk: int) -> HttpResponse:
    """Approve inside."""
    row = _locked(pk)
    actions.confirm(row, by=request.actor, now=clock.now())
    messages.success(request, "Approved inside. Send it to the client next.")
    return _to_plan(request, row)


@client_view(Permission.CAMPAIGN_LAUNCH)
@require_POST
def reopen(request: ClientRequest, pk: int) -> HttpResponse:
    """Back to a draft."""
    row = _locked(pk)
    actions.take_to_draft(row, by=request.actor, now=clock.now())
    messages.success(request, "The plan is a draft again, and its links no longer work.")
    return _to_plan(request, row)


@client_view(Permission.CAMPAIGN_LAUNCH)
@require_POST
def withdraw(request: ClientRequest, pk: int) -> HttpResponse:
    """Give a plan up."""
    row = _locked(pk)
    actions.withdraw(row, by=request.actor, now=clock.now())
    messages.success(request, "The plan is withdrawn.")
    return _to_plan(request, row)


@client_view(Permission.CAMPAIGN_LAUNCH)
@require_POST
def undo(request: ClientRequest, pk: int) -> HttpResponse:
    """Take the client's approval back while nothing has left."""
    row = _locked(pk)
    approval.undo(row, by=request.actor, now=clock.now())
    messages.success(request, "The approval is undone. Nothing was launched.")
    return _to_plan(request, row)


@client_view(Permission.PLAN_APPROVE)
@require_POST
def send(request: ClientRequest, pk: int) -> HttpResponse:
    """Make a link for one person; it is shown this once."""
    row, form = _locked(pk), LinkForm(request.POST)
    if not form.is_valid():
        raise Refusal("no_recipient", "Say for whom the link is.")
    recipient = form.cleaned_data["recipient"]
    _, token = approval.make_link(row, recipient=recipient, by=request.actor, now=clock.now())
    response = pages.render(request, "campaigns/plan.html", _context(request, row, token))
    response.headers["Cache-Control"] = "no-store"
    return response


@client_view(Permission.PLAN_APPROVE)
@require_POST
def revoke(request: ClientRequest, pk: int, link: int) -> HttpResponse:
    """Make a link worthless."""
    row = _locked(pk)
    found = get_object_or_404(row.links.select_related("plan"), pk=link)
    approval.revoke_link(found, by=request.actor, now=clock.now())
    messages.success(request, "The link no longer works.")
    return _to_plan(request, row)


@client_view(Permission.CAMPAIGN_OVERRIDE)
@require_POST
def override(request: ClientRequest, pk: int, line: int) -> HttpResponse:
    """Let one post be launched against the gate, with a reason."""
    found = _line(pk, line)
    actions.override_line(
        found,
        reason=request.POST.get("reason", ""),
        role=request.member.role,
        by=request.actor,
        now=clock.now(),
    )
    messages.success(request, "Overridden. The reason is shown and logged.")
    return _to_plan(request, found.plan)


@client_view(Permission.CAMPAIGN_OVERRIDE)
@require_POST
def override_campaign(request: ClientRequest, pk: int, campaign: int) -> HttpResponse:
    """Let a GMV Max campaign be launched against the gate, with a reason."""
    found = _campaign(pk, campaign)
    override_gmv_max(
        found,
        reason=request.POST.get("reason", ""),
        role=request.member.role,
        by=request.actor,
        now=clock.now(),
    )
    messages.success(request, "Overridden. The reason is shown and logged.")
    return _to_plan(request, found.plan)


@client_view(Permission.CAMPAIGN_LAUNCH)
@require_POST
def raise_target(request: ClientRequest, pk: int, campaign: int) -> HttpResponse:
    """Set the target ROAS of a campaign to the lowest one that loses nothing."""
    found = _campaign(pk, campaign)
    offer = least_target_of(found)
    if offer is None:
        raise Refusal("no_offer", "The target is at or above break-even already.")
    set_target(found, offer, by=request.actor, now=clock.now())
    messages.success(request, f"The target ROAS is {offer} now.")
    return _to_plan(request, found.plan)


@client_view(Permission.CAMPAIGN_LAUNCH)
@require_POST
def drop(request: ClientRequest, pk: int, line: int) -> HttpResponse:
    """Take a post out of the plan."""
    found = _line(pk, line)
    actions.drop_line(found, by=request.actor, now=clock.now())
    return _to_plan(request, found.plan)


@client_view(Permission.VIEW)
def limits(request: ClientRequest) -> HttpResponse:
    """The most one launch may spend, per currency."""
    may = request.member.may(Permission.PLAN_APPROVE)
    sent = request.POST if request.method == "POST" else None
    form = LimitForm(sent, initial={"currency": request.client.currency})
    if sent is not None and form.is_valid():
        if not may:
            raise Refusal("may_not", "Your role may not set limits. Ask an account manager.")
        actions.set_limit(**form.cleaned_data, by=request.actor, now=clock.now())
        messages.success(request, "The limit is set.")
        return pages.redirect(request, "campaigns:limits", client=request.client.slug)
    rows = list(LaunchLimit.objects.order_by("currency"))
    context = {"form": form, "rows": rows, "may": may, "now": clock.now()}
    return pages.render(
        request, "campaigns/limits.html", context, status=422 if sent is not None else 200
    )


def _locked(pk: int) -> Plan:
    return get_object_or_404(Plan.objects.select_for_update(), pk=pk)


def _line(pk: int, line: int) -> PlanLine:
    _locked(pk)
    rows = PlanLine.objects.select_related("plan", "post", "ad_account")
    return get_object_or_404(rows, pk=line, plan_id=pk)


def _campaign(pk: int, campaign: int) -> GmvMaxLaunch:
    _locked(pk)
    rows = GmvMaxLaunch.objects.select_related("plan", "ad_account", "shop")
    return get_object_or_404(rows, pk=campaign, plan_id=pk)


def _to_plan(request: ClientRequest, row: Plan) -> HttpResponse:
    return pages.redirect(request, "campaigns:plan", client=request.client.slug, pk=row.pk)
