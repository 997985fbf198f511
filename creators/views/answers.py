"""Answering sample requests, and the rules that answer them."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from creators.actions.answers import UNDO_FOR, decide_requests, save_rules, undo_answer
from creators.actions.answers import answer as answer_request
from creators.forms import AnswerForm, SampleFilters, SampleRulesForm, entered_rules
from creators.models import Sample, SampleAnswer
from creators.queries.samples import (
    approvals,
    find_samples,
    policy_of_client,
    samples_of_view,
    undecided,
)
from sparkops import clock
from sparkops.errors import Refusal
from sparkops.tenants.gate import ClientRequest, client_view
from sparkops.tenants.permissions import Permission
from sparkops.web import formats, pages

MOST = 500
SHOWN = 8


@client_view(Permission.CREATOR_EDIT)
def rules(request: ClientRequest) -> HttpResponse:
    """The rules of approval, how much of the caps is used, and what they do at once."""
    policy, now = policy_of_client(), clock.now()
    form = SampleRulesForm(request.POST or None, initial=entered_rules(policy))
    if request.method == "POST" and form.is_valid():
        save_rules(request.client, by=request.actor, now=now, **form.values())
        count = decide_requests(request.client, now=now)
        said = f" {formats.plural(count, 'request')} approved by them." if count else ""
        messages.success(request, f"The rules are saved.{said}")
        return pages.redirect(request, "creators:samples", client=request.client.slug)
    context = {
        "form": form,
        "policy": policy,
        "used": approvals(request.client.timezone, now),
        "open": undecided().count(),
    }
    status = 422 if form.errors else 200
    return pages.render(request, "creators/sample_rules.html", context, status=status)


@client_view(Permission.CREATOR_EDIT)
def answer(request: ClientRequest) -> HttpResponse:
    """The question before chosen requests are answered; then the answers."""
    data = request.POST if request.method == "POST" else request.GET
    rows = _chosen(data)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and rows and form.is_valid():
        return _answer_all(request, rows, form.cleaned_data)
    context = {
        "rows": rows[:SHOWN],
        "count": len(rows),
        "more": max(len(rows) - SHOWN, 0),
        "ids": [one.pk for one in rows],
        "form": form,
        "only_decline": data.get("word") == SampleAnswer.Word.DECLINE,
        "seconds": int(UNDO_FOR.total_seconds()),
    }
    status = 422 if form.errors else 200
    return pages.render(
        request,
        "creators/answer.html",
        context,
        pieces={"dialog-body": "question"},
        status=status,
    )


@client_view(Permission.CREATOR_EDIT)
@require_POST
def undo(request: ClientRequest, pk: int) -> HttpResponse:
    """Take an answer back before it leaves."""
    row = get_object_or_404(Sample, pk=pk)
    undo_answer(row, by=request.actor, now=clock.now())
    messages.success(request, "The answer is taken back. Nothing left for TikTok.")
    return pages.redirect(request, "creators:sample", client=request.client.slug, pk=pk)


def _chosen(data: QueryDict) -> list[Sample]:
    """Open requests among the ticked rows, or among all that the list's filters match."""
    if data.get("all"):
        filters = SampleFilters(data)
        filters.is_valid()
        rows = find_samples(samples_of_view(data.get("view", "")), filters.cleaned_data)
    else:
        ids = [int(one) for one in data.getlist("id") if one.isdigit()]
        rows = Sample.objects.filter(pk__in=ids[:MOST])
    return list(undecided().filter(pk__in=rows.values("pk"))[:MOST])


def _answer_all(request: ClientRequest, rows: list[Sample], values: dict[str, Any]) -> HttpResponse:
    now, done, refusals = clock.now(), 0, []
    word = values["word"]
    reason = values["reason"] if word == SampleAnswer.Word.DECLINE else ""
    for row in rows:
        try:
            answer_request(
                row, word, reason=reason, client=request.client, by=request.actor, now=now
            )
            done += 1
        except Refusal as refusal:
            refusals.append(f"{row.creator}: {refusal.sentence}")
    said = "approved" if word == SampleAnswer.Word.APPROVE else "declined"
    if done:
        left = "They leave" if done > 1 else "It leaves"
        messages.success(
            request,
            f"{formats.plural(done, 'request')} {said}. {left} for TikTok in"
            f" {int(UNDO_FOR.total_seconds())} seconds; until then it can be taken back.",
        )
    for sentence in refusals[:SHOWN]:
        messages.warning(request, sentence)
    if len(rows) == 1:
        return pages.redirect(request, "creators:sample", client=request.client.slug, pk=rows[0].pk)
    return pages.redirect(request, "creators:samples", client=request.client.slug)
