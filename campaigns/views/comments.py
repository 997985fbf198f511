"""Comments under ads: the list, and one with its answer (N24)."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from campaigns.actions import comments as actions
from campaigns.forms.comments import AnswerForm, CommentFilters, SettleForm
from campaigns.models import AdComment
from campaigns.tables.comments import comments_table
from sparkops import clock
from sparkops.landing.queries import stale_sentences
from sparkops.tenants.gate import ClientRequest, client_view, may_of
from sparkops.tenants.permissions import Permission
from sparkops.web import listing, pages
from sparkops.web.filters import FilterBar

STREAMS = ("comments",)


@client_view(Permission.VIEW)
def comments(request: ClientRequest) -> HttpResponse:
    """Comments of ads that deliver; those that need an answer can be asked for."""
    slug = request.client.slug
    bar = FilterBar(CommentFilters, request.GET)
    rows = AdComment.objects.select_related("ad")
    if bar.values.get("waits"):
        rows = rows.filter(handled_at=None, due_at__isnull=False)
    page = listing.ListPage(
        heading="Comments under ads",
        lede="A risky one needs an answer within four hours. Only English words are judged.",
        noun="comments",
        table=comments_table(slug),
        rows=rows,
        bar=bar,
        empty=listing.Empty(
            "No comments here",
            "Comments under ads that deliver are read every 15 minutes.",
            reverse("campaigns:list", kwargs={"client": slug}),
            "See the ads",
            "mega",
        ),
        stale=stale_sentences(STREAMS),
    )
    return listing.show(request, page, may=may_of(request), now=clock.now())


@client_view(Permission.VIEW)
def comment(request: ClientRequest, pk: int) -> HttpResponse:
    """One comment and what can be done about it."""
    row = get_object_or_404(AdComment.objects.select_related("ad"), pk=pk)
    context = {
        "now": clock.now(),
        "row": row,
        "answer": AnswerForm(),
        "settle": SettleForm(),
        "by_code": row.ad.identity_type == actions.BY_CODE,
        "may": request.member.may(Permission.CAMPAIGN_LAUNCH),
    }
    return pages.render(request, "campaigns/comment.html", context)


@client_view(Permission.CAMPAIGN_LAUNCH)
@require_POST
def act(request: ClientRequest, pk: int, word: str) -> HttpResponse:
    """Hide, show, answer or settle."""
    row, now = get_object_or_404(AdComment, pk=pk), clock.now()
    if word == "settle":
        note = _text(SettleForm(request.POST), "note")
        actions.settle_comment(row, note=note, by=request.actor, now=now)
        messages.success(request, "Settled.")
    else:
        text = _text(AnswerForm(request.POST), "text") if word == "reply" else ""
        doing = AdComment.Doing(word)
        actions.ask_comment(row, doing, text=text, by=request.actor, now=now)
        messages.success(request, "It is sent to TikTok.")
    return pages.redirect(request, "campaigns:comment", client=request.client.slug, pk=pk)


def _text(form: forms.Form, name: str) -> str:
    return str(form.cleaned_data[name]) if form.is_valid() else ""
