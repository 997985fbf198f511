"""The list of samples, a sample's page, and reminders."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from creators.actions.reminders import WORDS, save_reminders, why_not_remind_now
from creators.actions.reminders import remind as remind_creator
from creators.actions.samples import extend_sample, shorten_sample
from creators.forms import ReminderForm, SampleFilters
from creators.models import Sample
from creators.queries import edits_of
from creators.queries.samples import (
    answer_of,
    find_samples,
    policy_of_client,
    reminder_of,
    samples_of_view,
    standings,
)
from creators.rules.samples import EXTENSION
from creators.tables import SAMPLE_TONES, VERDICT_TONES, samples_table
from creators.views.checks import shown_checks
from creators.views.creators import footer
from creators.views.timeline import changes
from sparkops import clock
from sparkops.landing.queries import Freshness, freshness
from sparkops.tenants.gate import ClientRequest, client_view, may_of
from sparkops.tenants.permissions import Permission
from sparkops.web import listing, pages
from sparkops.web.filters import FilterBar

STREAMS = ("samples", "sample_posts")
LABELS = {
    "": "All",
    "decide": "To decide",
    "way": "On the way",
    "due": "Waiting for a post",
    "overdue": "Overdue",
    "posted": "Posted",
    "never": "Never posted",
}


@client_view(Permission.VIEW)
def samples(request: ClientRequest) -> HttpResponse:
    """Every sample request with what speaks for its creator."""
    now, slug = clock.now(), request.client.slug
    bar = FilterBar(SampleFilters, request.GET)
    view, read = request.GET.get("view", ""), freshness(STREAMS)

    def prepare(rows: Sequence[Any]) -> None:
        found = standings({one.creator_id for one in rows}, zone=request.client.timezone, now=now)
        for one in rows:
            one.standing = found[one.creator_id]

    page = listing.ListPage(
        heading="Samples",
        lede="Who asks for a sample, who still owes a post, and how reliable they were.",
        noun="samples",
        table=samples_table(slug),
        rows=find_samples(samples_of_view(view), bar.values),
        bar=bar,
        empty=_nothing(slug, view, read),
        tabs=listing.view_tabs(request.path, view, LABELS, samples_of_view),
        actions=_actions(request),
        bulk=_bulk(request),
        stale=read.sentences,
        prepare=prepare,
        extra={"freshness": footer(request, read)},
    )
    return listing.show(request, page, may=may_of(request), now=now)


@client_view(Permission.VIEW)
def sample(request: ClientRequest, pk: int) -> HttpResponse:
    """One sample: its days, its creator, its post, and what can be done."""
    row, now = _row(pk), clock.now()
    found = standings({row.creator_id}, zone=request.client.timezone, now=now)
    waits = row.state in (Sample.State.DELIVERED, Sample.State.OVERDUE)
    context = {
        "now": now,
        "row": row,
        "tone": SAMPLE_TONES.get(row.state, ""),
        "standing": found[row.creator_id],
        "reminder": reminder_of(row),
        "why_not_remind": why_not_remind_now(row, request.client, now),
        "answer": answer_of(row),
        "checks": shown_checks(row) if row.state == Sample.State.REQUESTED else [],
        "verdict_tone": VERDICT_TONES.get(row.verdict, ""),
        "may_edit": request.member.may(Permission.CREATOR_EDIT),
        "may_move": waits,
        "extended_to": row.due_on + EXTENSION if row.due_on else None,
        "edits": changes(edits_of(row)),
        "freshness": footer(request, freshness(STREAMS)),
    }
    return pages.render(request, "creators/sample.html", context)


@client_view(Permission.CREATOR_EDIT)
@require_POST
def extend(request: ClientRequest, pk: int) -> HttpResponse:
    """TikTok granted the extra week."""
    return _act(request, pk, extend_sample, "The due day is 7 days later.")


@client_view(Permission.CREATOR_EDIT)
@require_POST
def shorten(request: ClientRequest, pk: int) -> HttpResponse:
    """Take an extension back."""
    return _act(request, pk, shorten_sample, "The extension is taken back.")


@client_view(Permission.CREATOR_EDIT)
@require_POST
def remind(request: ClientRequest, pk: int) -> HttpResponse:
    """Send the sample's one reminder."""
    row = _row(pk)
    remind_creator(row, request.client, by=request.actor, now=clock.now())
    messages.success(request, f"The reminder to {row.creator} is on its way.")
    return pages.redirect(request, "creators:sample", client=request.client.slug, pk=pk)


@client_view(Permission.CREATOR_EDIT)
def reminders(request: ClientRequest) -> HttpResponse:
    """When creators are reminded, and with which words."""
    policy = policy_of_client()
    form = ReminderForm(
        request.POST or None,
        initial={"remind_on_day": policy.remind_on_day, "reminder_text": policy.reminder_text},
    )
    if request.method == "POST" and form.is_valid():
        save_reminders(**form.cleaned_data, by=request.actor, now=clock.now())
        messages.success(request, "The reminders are saved.")
        return pages.redirect(request, "creators:samples", client=request.client.slug)
    status = 422 if form.errors else 200
    context = {"form": form, "words": WORDS}
    return pages.render(request, "creators/reminders.html", context, status=status)


def _row(pk: int) -> Sample:
    return get_object_or_404(samples_of_view(""), pk=pk)


def _act(
    request: ClientRequest, pk: int, action: Callable[..., None], sentence: str
) -> HttpResponse:
    action(_row(pk), by=request.actor, now=clock.now())
    messages.success(request, sentence)
    return pages.redirect(request, "creators:sample", client=request.client.slug, pk=pk)


def _actions(request: ClientRequest) -> list[listing.Action]:
    if not request.member.may(Permission.CREATOR_EDIT):
        return []
    client = {"client": request.client.slug}
    return [
        listing.Action("Rules", reverse("creators:sample-rules", kwargs=client), "settings"),
        listing.Action("Reminders", reverse("creators:sample-reminders", kwargs=client), "bell"),
    ]


def _bulk(request: ClientRequest) -> list[listing.Action]:
    if not request.member.may(Permission.CREATOR_EDIT):
        return []
    url = reverse("creators:sample-answer", kwargs={"client": request.client.slug})
    return [listing.Action("Approve or decline…", url, "check", primary=True)]


def _nothing(slug: str, view: str, read: Freshness) -> listing.Empty:
    everything = reverse("creators:samples", kwargs={"client": slug})
    connections = reverse("connections:list", kwargs={"client": slug})
    if view:
        return listing.Empty("Nothing here", "No sample is here.", everything, "All samples")
    text = "The shop has no sample requests yet."
    if not read.synced:
        text = "They arrive with the shop's sample requests. The first read takes a few minutes."
    return listing.Empty("No samples yet", text, connections, "Open connections", "box")
