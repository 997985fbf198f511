"""One authorization: its chain, its clocks, its ad accounts, and what can be done."""

from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from authorizations.actions.codes import reveal_code
from authorizations.actions.content_suite import may_withdraw
from authorizations.actions.hand_in import retry
from authorizations.actions.removal import ask_to_unbind
from authorizations.actions.renewal import request_renewal
from authorizations.actions.terms import record_terms
from authorizations.forms import FeeForm, PaidForm, TermsForm
from authorizations.models import Authorization, Redemption
from authorizations.queries import (
    StoryLine,
    chain_of,
    clocks_of,
    ends_disagree,
    limits_of,
    spend_per_day,
    story_of,
)
from authorizations.queries.permissions import kinds_of_post
from authorizations.queries.room import room_in
from authorizations.queries.stops import stops_of
from authorizations.queries.watch import open_findings_of
from authorizations.rules.states import LABELS, State
from authorizations.rules.stopping import pause_at
from authorizations.tables import FEE_TONES, TONES
from creators.models import Post
from creators.views.panels import panel_urls
from sparkops import clock
from sparkops.clock import shop_day
from sparkops.errors import Refusal
from sparkops.tenants.gate import client_view
from sparkops.tenants.permissions import Permission
from sparkops.web import pages

PANELS = {
    "authorizations:links": "Creator's link and terms",
    "campaigns:post-ads": "Ads on this post",
}
OWN_PANELS = {"renewals:of-permission": "Message to the creator"}
"""Panels about this one permission; the others are about its post."""
OTHER_EVENTS = {"reminder": "Reminder", "code_revealed": "Code revealed"}
ICONS = {"verified": "check", "code_revealed": "eye", "reminder": "bell", "requested": "send"}


@client_view(Permission.VIEW)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole story of one permission."""
    row = row_of(pk)
    return pages.render(request, "authorizations/detail.html", page_context(request, row))


@client_view(Permission.CODE_REVEAL)
@require_POST
def reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the code once; who looked is in the audit log."""
    row = row_of(pk)
    code = reveal_code(row, by=request.actor, now=clock.now())  # type: ignore[attr-defined]
    response = pages.render(request, "authorizations/code.html", {"row": row, "code": code})
    response.headers["Cache-Control"] = "no-store"
    return response


@client_view(Permission.AUTHORIZATION_EDIT)
@require_POST
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the next window."""
    row = row_of(pk)
    request_renewal(row, by=request.actor, now=clock.now())  # type: ignore[attr-defined]
    messages.success(request, "The renewal is requested. Now ask the creator.")
    return pages.redirect(
        request,
        "authorizations:detail",
        client=request.client.slug,  # type: ignore[attr-defined]
        pk=row.pk,
    )


@client_view(Permission.AUTHORIZATION_EDIT)
@require_POST
def retry_redemption(request: HttpRequest, pk: int, redemption: int) -> HttpResponse:
    """Try one ad account once more."""
    found = get_object_or_404(
        Redemption.objects.select_related("authorization"), pk=redemption, authorization_id=pk
    )
    retry(found, by=request.actor, now=clock.now())  # type: ignore[attr-defined]
    messages.success(request, "TikTok is asked once more. The answer arrives within a minute.")
    return pages.redirect(
        request,
        "authorizations:detail",
        client=request.client.slug,  # type: ignore[attr-defined]
        pk=pk,
    )


@client_view(Permission.AUTHORIZATION_EDIT)
@require_POST
def remove(request: HttpRequest, pk: int, redemption: int) -> HttpResponse:
    """Remove the post from one ad account."""
    found = get_object_or_404(
        Redemption.objects.select_related("authorization"), pk=redemption, authorization_id=pk
    )
    ask_to_unbind(found, by=request.actor, now=clock.now())  # type: ignore[attr-defined]
    messages.success(request, "TikTok is asked to remove the post from this ad account.")
    return pages.redirect(
        request,
        "authorizations:detail",
        client=request.client.slug,  # type: ignore[attr-defined]
        pk=pk,
    )


@client_view(Permission.AUTHORIZATION_EDIT)
@require_POST
def terms(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what the creator agreed to for this post."""
    row = row_of(pk)
    form = TermsForm(request.POST)
    if form.is_valid() and row.creator_id is not None:
        try:
            record_terms(
                creator_id=row.creator_id,
                post_id=row.post_id,
                **form.cleaned_data,
                by=request.actor,  # type: ignore[attr-defined]
                now=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            messages.success(request, "The usage terms are recorded.")
            return pages.redirect(
                request,
                "authorizations:detail",
                client=request.client.slug,  # type: ignore[attr-defined]
                pk=pk,
            )
    context = {**page_context(request, row), "terms_form": form}
    return pages.render(request, "authorizations/detail.html", context, status=422)


@client_view(Permission.VIEW)
def post_panel(request: HttpRequest, pk: int) -> HttpResponse:
    """The permissions of one post, for the post's page."""
    post = get_object_or_404(Post.objects.select_related("creator"), pk=pk)
    now = clock.now()
    context = {
        "now": now,
        "kinds": kinds_of_post(post),
        "limit": limits_of([pk], now)[pk],
        "findings": open_findings_of(pk),
    }
    return pages.render(request, "authorizations/post_panel.html", context)


def row_of(pk: int) -> Authorization:
    return get_object_or_404(
        Authorization.objects.select_related("post__creator", "creator", "fee"), pk=pk
    )


def page_context(request: HttpRequest, row: Authorization) -> dict[str, object]:
    client, member = request.client, request.member  # type: ignore[attr-defined]
    now, chain = clock.now(), chain_of(row)
    ids = [row.post_id] if row.post_id else []
    buffer = timedelta(hours=client.safety_buffer_hours)
    limit = limits_of(ids, now).get(row.post_id or 0, (None, None))
    return {
        "now": now,
        "row": row,
        "tone": TONES.get(State(row.state), ""),
        "limit": limit,
        "pauses_at": pause_at(limit[0], buffer) if limit[0] else None,
        "stop": stops_of(ids, now, buffer).get(row.post_id or 0),
        "spend": spend_per_day(ids, shop_day(now, client.timezone)).get(row.post_id or 0),
        "clocks": clocks_of(row.post_id, now) if row.post_id else [],
        "disagrees": ends_disagree(row),
        "findings": open_findings_of(row.post_id) if row.post_id else [],
        "used": _share_used(row, now),
        "kinds": kinds_of_post(row.post) if row.post else [],
        "chain": [(one, TONES.get(State(one.state), "")) for one in chain],
        "events": [_event(line) for line in story_of(chain)],
        "redemptions": [
            (one, room_in(one.ad_account))
            for one in row.redemptions.select_related("ad_account").order_by("pk")
        ],
        "terms": list(row.post.usage_terms.order_by("-starts_on")) if row.post else [],
        "terms_form": TermsForm(),
        "fee": getattr(row, "fee", None),
        "fee_tone": FEE_TONES.get(row.fee.state, "") if hasattr(row, "fee") else "",
        "fee_form": FeeForm(initial=_fee_of(row, client.currency)),
        "paid_form": PaidForm(initial={"paid_on": shop_day(now, client.timezone)}),
        "may_pay": member.may(Permission.COST_EDIT),
        "may_take_back": may_withdraw(row) and member.may(Permission.AUTHORIZATION_EDIT),
        "is_held": row.redemptions.filter(state=Redemption.State.HELD).exists(),
        "may_edit": member.may(Permission.AUTHORIZATION_EDIT),
        "may_reveal": member.may(Permission.CODE_REVEAL),
        "panels": panel_urls(PANELS, client=client.slug, pk=row.post_id) if row.post_id else [],
        "own_panels": panel_urls(OWN_PANELS, client=client.slug, pk=row.pk),
    }


def _fee_of(row: Authorization, currency: str) -> dict[str, object]:
    fee = getattr(row, "fee", None)
    if fee is None:
        return {"currency": currency}
    return {"amount": fee.amount, "currency": fee.currency, "due_on": fee.due_on}


def _share_used(row: Authorization, now: datetime) -> int | None:
    """Percent of the permission's time that is over."""
    if row.starts_at is None or row.ends_at is None or row.ends_at <= row.starts_at:
        return None
    share = (now - row.starts_at) / (row.ends_at - row.starts_at)
    return round(100 * min(max(share, 0), 1))


def _event(line: StoryLine) -> dict[str, object]:
    """A line as parts/timeline.html draws it."""
    title = OTHER_EVENTS.get(line.what) or LABELS[State(line.what)].capitalize()
    tone = "" if line.what in OTHER_EVENTS else TONES.get(State(line.what), "").split(" ")[0]
    return {
        "at": line.at,
        "title": f"{title} · no. {line.generation}",
        "text": f"{line.text} {line.actor}".strip(),
        "tone": tone,
        "icon": ICONS.get(line.what, "clock"),
    }
