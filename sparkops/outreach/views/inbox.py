"""The shared inbox: who waits for an answer, the conversation, saved words, who answers."""

from typing import Any

from django.contrib import messages as notes
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from sparkops import clock
from sparkops.errors import Refusal
from sparkops.outreach.actions import contacts
from sparkops.outreach.actions import inbox as actions
from sparkops.outreach.forms import AnswerForm, AssignForm, MarkForm, WordsForm
from sparkops.outreach.models import SavedAnswer, Thread
from sparkops.outreach.queries.contacts import contacts_of
from sparkops.outreach.queries.inbox import conversation, saved_words, threads, words_for
from sparkops.outreach.rules.replies import BLOCKED
from sparkops.outreach.tables import threads_table
from sparkops.outreach.tasks import send
from sparkops.tenants.gate import ClientRequest, client_view
from sparkops.tenants.permissions import Permission
from sparkops.tenants.queries import people_who_may
from sparkops.web import pages
from sparkops.web.keyset import capped_count, paginate
from sparkops.web.tables import with_query

TABS = (("waits", "Waiting"), ("mine", "Mine"), ("all", "All"))


@client_view(Permission.CREATOR_EDIT)
def inbox(request: ClientRequest) -> HttpResponse:
    """Every conversation, those that wait first to see."""
    view, now = request.GET.get("view", "waits"), clock.now()
    user_id = request.actor.user_id or 0
    table, rows = threads_table(request.client.slug), threads(view, user_id)
    sort = table.sort(request.GET.get("sort"))
    page = paginate(rows, sort.order, request.GET.get("cursor"))
    context = {
        "now": now,
        "table": table.bind(page, query=request.GET, sort=sort, now=now),
        "count": capped_count(rows),
        "tabs": [
            {
                "label": label,
                "url": request.path + with_query(request.GET, view=key, cursor=None),
                "count": capped_count(threads(key, user_id)),
                "current": key == view,
            }
            for key, label in TABS
        ],
    }
    return pages.render(request, "outreach/inbox.html", context, pieces={"threads": "list"})


@client_view(Permission.CREATOR_EDIT)
def thread(request: ClientRequest, pk: int) -> HttpResponse:
    """One conversation, and an answer to it."""
    found = _thread(pk)
    form = AnswerForm(request.POST or None, initial={"text": _used(request, found)})
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer(found, form.cleaned_data["text"], by=request.actor, now=clock.now())
        except Refusal as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            send.delay_on_commit(client_id=request.client.pk)
            notes.success(request, "The answer is on its way.")
            return pages.redirect(request, "outreach:thread", client=request.client.slug, pk=pk)
    people = people_who_may(request.client, Permission.CREATOR_EDIT)
    context: dict[str, Any] = {
        "now": clock.now(),
        "row": found,
        "form": form,
        "said": conversation(found),
        "contact": contacts_of([found.creator_id]).get(found.creator_id),
        "assign": AssignForm(people=people, initial={"to": found.assigned_to_id or ""}),
        "saved": saved_words(),
    }
    status = 422 if form.errors else 200
    return pages.render(request, "outreach/thread.html", context, status=status)


@client_view(Permission.CREATOR_EDIT)
@require_POST
def assign(request: ClientRequest, pk: int) -> HttpResponse:
    """Say who answers."""
    people = people_who_may(request.client, Permission.CREATOR_EDIT)
    form = AssignForm(request.POST, people=people)
    if form.is_valid():
        by_id = {str(one.pk): one for one in people}
        to = by_id.get(form.cleaned_data["to"])
        actions.assign(_thread(pk), to, by=request.actor, now=clock.now())
        notes.success(request, f"{to} answers from now on." if to else "Nobody is assigned.")
    return pages.redirect(request, "outreach:thread", client=request.client.slug, pk=pk)


@client_view(Permission.CREATOR_EDIT)
@require_POST
def mark(request: ClientRequest, pk: int) -> HttpResponse:
    """Note a decline or an opt-out, or take it back; a block is asked for its reason."""
    found, form, now = _thread(pk), MarkForm(request.POST), clock.now()
    if form.is_valid():
        what = form.cleaned_data["what"]
        if what == "undo":
            contacts.unblock(found.creator, by=request.actor, now=now)
        elif what == BLOCKED:
            return pages.redirect(
                request, "outreach:block", client=request.client.slug, pk=found.creator_id
            )
        else:
            contacts.note(found.creator, what, at=now, by=request.actor, now=now)
        notes.success(request, "Noted. It holds in every outreach.")
    return pages.redirect(request, "outreach:thread", client=request.client.slug, pk=pk)


@client_view(Permission.CREATOR_EDIT)
def words(request: ClientRequest) -> HttpResponse:
    """Saved answers, and a new one."""
    form = WordsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.save_words(form.cleaned_data["name"], form.cleaned_data["body"])
        notes.success(request, "The answer is saved.")
        return pages.redirect(request, "outreach:words", client=request.client.slug)
    context = {"form": form, "rows": saved_words()}
    status = 422 if form.errors else 200
    return pages.render(request, "outreach/words.html", context, status=status)


def _thread(pk: int) -> Thread:
    return get_object_or_404(Thread.objects.select_related("creator", "assigned_to"), pk=pk)


def _used(request: ClientRequest, found: Thread) -> str:
    """The saved answer that the address names, filled in."""
    asked = request.GET.get("use", "")
    saved = SavedAnswer.objects.filter(pk=int(asked)).first() if asked.isdigit() else None
    return words_for(saved, found) if saved else ""
