"""The comments of an object, its task, and the list of tasks."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from sparkops import clock
from sparkops.accounts.models import User
from sparkops.clock import shop_day
from sparkops.errors import Refusal
from sparkops.talk import actions
from sparkops.talk.forms import SayForm, TaskFilters, TaskForm
from sparkops.talk.models import Comment, Task
from sparkops.talk.queries import (
    SHOWN,
    TASK_VIEWS,
    comments_of,
    persons,
    task_of,
    tasks_of_view,
    team_of,
)
from sparkops.talk.queries.subjects import Subject, find_subject
from sparkops.talk.rules.mentions import best_names
from sparkops.talk.tables import tasks_table
from sparkops.tenants.gate import ClientRequest, client_view, may_of
from sparkops.tenants.permissions import Permission
from sparkops.web import listing, pages
from sparkops.web.filters import FilterBar
from sparkops.web.keyset import capped_count

PANEL = "talk"
LABELS = ("Mine", "All open", "Overdue", "Done")


@client_view(Permission.COMMENT)
def thread(request: ClientRequest, kind: str, pk: int) -> HttpResponse:
    """What was said about an object, and its task: a page, or a panel on the object's own page."""
    return _shown(request, _subject(request, kind, pk))


@client_view(Permission.COMMENT)
@require_POST
def say(request: ClientRequest, kind: str, pk: int) -> HttpResponse:
    """Write a comment."""
    subject = _subject(request, kind, pk)
    said = Comment.objects.filter(subject_type=kind, subject_id=pk)
    form = SayForm(request.POST, comments=said)
    if not form.is_valid():
        return _shown(request, subject, say_form=form)
    actions.say(
        subject,
        form.cleaned_data["text"],
        author=_person(request),
        by=request.actor,
        team=team_of(request.client),
        reply_to=form.cleaned_data["reply_to"],
        now=clock.now(),
    )
    return _done(request, subject, "Your comment is there.")


@client_view(Permission.COMMENT)
@require_POST
def remove(request: ClientRequest, kind: str, pk: int, comment: int) -> HttpResponse:
    """Take back a comment of one's own."""
    subject = _subject(request, kind, pk)
    actions.take_back(_comment(subject, comment), by=request.actor, now=clock.now())
    return _done(request, subject, "Your comment is taken back.")


@client_view(Permission.COMMENT)
@require_POST
def restore(request: ClientRequest, kind: str, pk: int, comment: int) -> HttpResponse:
    """Put a comment back."""
    subject = _subject(request, kind, pk)
    actions.put_back(_comment(subject, comment), by=request.actor)
    return _done(request, subject, "Your comment is back.")


@client_view(Permission.COMMENT)
@require_POST
def assign(request: ClientRequest, kind: str, pk: int) -> HttpResponse:
    """Set assignee and due day."""
    subject = _subject(request, kind, pk)
    form = TaskForm(request.POST, team=team_of(request.client))
    if form.is_valid():
        try:
            actions.assign(subject, **form.cleaned_data, by=request.actor, now=clock.now())
        except Refusal as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            return _done(request, subject, "The task is set.")
    return _shown(request, subject, task_form=form)


@client_view(Permission.COMMENT)
@require_POST
def finish(request: ClientRequest, kind: str, pk: int) -> HttpResponse:
    """Mark the task as done."""
    subject = _subject(request, kind, pk)
    actions.finish(_task(subject), by=request.actor, now=clock.now())
    return _done(request, subject, "The task is done.")


@client_view(Permission.COMMENT)
@require_POST
def reopen(request: ClientRequest, kind: str, pk: int) -> HttpResponse:
    """Take back that the task is done."""
    subject = _subject(request, kind, pk)
    actions.reopen(_task(subject), by=request.actor, now=clock.now())
    return _done(request, subject, "The task is open again.")


@client_view(Permission.COMMENT)
def tasks(request: ClientRequest) -> HttpResponse:
    """Everything that somebody looks after, one's own first."""
    now, user = clock.now(), _person(request)
    today = shop_day(now, request.client.timezone)
    view = request.GET.get("view", "")
    bar = FilterBar(TaskFilters, request.GET)
    rows = tasks_of_view(view, user, today)
    if word := bar.values.get("q"):
        rows = rows.filter(label__icontains=word)
    page = listing.ListPage(
        heading="Tasks",
        lede="What somebody looks after, until when.",
        noun="tasks",
        table=tasks_table(request.client.slug, today),
        rows=rows,
        bar=bar,
        empty=listing.Empty(
            "No task here",
            "Open a creator, post, authorization, ad or plan and choose who looks after it.",
            reverse("creators:creators", kwargs={"client": request.client.slug}),
            "Open creators",
            "checkc",
        ),
        tabs=[
            listing.Tab(
                label,
                request.path if key == "mine" else f"{request.path}?view={key}",
                current=key == (view if view in TASK_VIEWS else "mine"),
                count=capped_count(tasks_of_view(key, user, today)),
            )
            for key, label in zip(TASK_VIEWS, LABELS, strict=True)
        ],
    )
    return listing.show(request, page, may=may_of(request), now=now)


def _subject(request: ClientRequest, kind: str, pk: int) -> Subject:
    found = find_subject(kind, pk, request.client.slug)
    if found is None:
        raise Http404("There is no such object here.")
    return found


def _person(request: ClientRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _comment(subject: Subject, pk: int) -> Comment:
    return get_object_or_404(Comment, pk=pk, subject_type=subject.kind, subject_id=subject.pk)


def _task(subject: Subject) -> Task:
    return get_object_or_404(Task, subject_type=subject.kind, subject_id=subject.pk)


def _done(request: ClientRequest, subject: Subject, sentence: str) -> HttpResponse:
    """The thread with what changed: in its place inside htmx, else its page."""
    if pages.details(request):
        return pages.toast(_shown(request, subject), sentence)
    messages.success(request, sentence)
    return pages.redirect(request, subject.thread_path)


def _shown(
    request: ClientRequest,
    subject: Subject,
    *,
    say_form: forms.Form | None = None,
    task_form: forms.Form | None = None,
) -> HttpResponse:
    team, task = team_of(request.client), task_of(subject)
    before = request.GET.get("before", "")
    comments = comments_of(subject, before=int(before) if before.isdigit() else None)
    first = {"assignee": task.assignee, "due_on": task.due_on} if task else {}
    answered = request.GET.get("reply", "")
    context: dict[str, Any] = {
        "subject": subject,
        "comments": comments,
        "older": comments[0].pk if len(comments) == SHOWN else None,
        "answered": next((one for one in comments if str(one.pk) == answered), None),
        "task": task,
        "today": shop_day(clock.now(), request.client.timezone),
        "say_form": say_form or SayForm(initial={"reply_to": answered}),
        "task_form": task_form or TaskForm(initial=first, team=team),
        "names": best_names(persons(team)),
    }
    wrong = say_form is not None or task_form is not None
    return pages.render(
        request,
        "talk/thread.html",
        context,
        pieces={PANEL: "thread"},
        status=422 if wrong else 200,
    )
