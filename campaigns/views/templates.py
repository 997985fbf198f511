"""Launch templates: the list, a new one, one with its versions, retiring it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from campaigns.actions import templates as actions
from campaigns.forms import OBJECTIVES
from campaigns.forms.templates import GOAL_WORDS, TemplateForm, entered_in
from campaigns.models import LaunchTemplate
from campaigns.queries.templates import current_templates, versions_of
from sparkops import clock
from sparkops.errors import Refusal
from sparkops.tenants.gate import ClientRequest, client_view
from sparkops.tenants.permissions import Permission
from sparkops.web import pages


@client_view(Permission.VIEW)
def templates(request: ClientRequest) -> HttpResponse:
    """Every template that can be used."""
    words = dict(OBJECTIVES)
    rows = [
        {"row": one, "objective": words[one.objective], "goal": GOAL_WORDS[one.goal]}
        for one in current_templates()
    ]
    context = {"rows": rows, "may": request.member.may(Permission.CAMPAIGN_LAUNCH)}
    return pages.render(request, "campaigns/templates.html", context)


@client_view(Permission.CAMPAIGN_LAUNCH)
def new_template(request: ClientRequest) -> HttpResponse:
    """A new template."""
    return _edited(request, None)


@client_view(Permission.CAMPAIGN_LAUNCH)
def template(request: ClientRequest, pk: int) -> HttpResponse:
    """One template: change it, which makes a new version."""
    return _edited(request, get_object_or_404(LaunchTemplate, pk=pk))


@client_view(Permission.CAMPAIGN_LAUNCH)
@require_POST
def retire(request: ClientRequest, pk: int) -> HttpResponse:
    """Take it off the lists."""
    row = get_object_or_404(current_templates(), pk=pk)
    actions.retire_template(row, by=request.actor, now=clock.now())
    messages.success(request, "The template is retired. Plans made from it go on.")
    return pages.redirect(request, "campaigns:templates", client=request.client.slug)


def _edited(request: ClientRequest, row: LaunchTemplate | None) -> HttpResponse:
    sent = request.POST if request.method == "POST" else None
    form = TemplateForm(sent, initial=entered_in(row))
    if sent is not None and form.is_valid() and (saved := _saved(request, form, row)):
        messages.success(request, f"Saved as version {saved.version}.")
        return pages.redirect(request, "campaigns:templates", client=request.client.slug)
    context: dict[str, Any] = {"form": form, "row": row}
    if row is not None:
        context["versions"] = list(versions_of(row))
        context["is_current"] = current_templates().filter(pk=row.pk).exists()
    return pages.render(
        request, "campaigns/template.html", context, status=200 if sent is None else 422
    )


def _saved(
    request: ClientRequest, form: TemplateForm, row: LaunchTemplate | None
) -> LaunchTemplate | None:
    by, now = request.actor, clock.now()
    try:
        if row is None:
            return actions.make_template(form.draft(), by=by, now=now)
        return actions.change_template(row, form.draft(), by=by, now=now)
    except Refusal as refusal:
        form.add_error(refusal.field, refusal.sentence)
        return None
