"""Tasks and comments in the API. A comment is written by a person, so the API reads them."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from sparkops.api.call import Call
from sparkops.api.fields import named
from sparkops.api.gate import client_endpoint
from sparkops.api.operations import Action, Listing, own_id
from sparkops.talk import actions
from sparkops.talk.models import Comment, Task
from sparkops.tenants.permissions import Permission

TAG = "Tasks and comments"


class TaskShape(serializers.ModelSerializer):
    """Who looks after an object until which day of the client's zone."""

    assignee = named("assignee.name")

    class Meta:
        model = Task
        fields = (
            "id", "subject_type", "subject_id", "label", "assignee", "due_on", "set_by", "set_at",
            "done_at",
        )  # fmt: skip


class CommentShape(serializers.ModelSerializer):
    """What a person wrote about an object."""

    reply_to_id = serializers.IntegerField(read_only=True, allow_null=True)

    class Meta:
        model = Comment
        fields = (
            "id", "subject_type", "subject_id", "label", "author_name", "text", "reply_to_id",
            "created_at",
        )  # fmt: skip


class SubjectAsked(forms.Form):
    subject_type = forms.CharField(label="Kind of object", required=False, max_length=20)
    subject_id = own_id("Own id of the object")


class TasksAsked(SubjectAsked):
    done = forms.ChoiceField(
        label="Only done ones, or only open ones",
        required=False,
        choices=[("true", "Done"), ("false", "Open")],
    )


def _tasks(call: Call) -> QuerySet[Task]:
    """Tasks, open and done."""
    asked = dict(call.values)
    if word := asked.pop("done", ""):
        asked["done_at__isnull"] = word == "false"
    return Task.objects.filter(**asked).select_related("assignee")


def _task(call: Call) -> Task:
    """One task by own id."""
    return get_object_or_404(Task.objects.select_related("assignee"), pk=call.ids["pk"])


def _finish(call: Call, values: dict[str, Any]) -> Task:
    """Mark a task as done."""
    actions.finish(row := _task(call), by=call.actor, now=call.now)
    return row


def _reopen(call: Call, values: dict[str, Any]) -> Task:
    """Take back that a task is done."""
    actions.reopen(row := _task(call), by=call.actor, now=call.now)
    return row


def _comments(call: Call) -> QuerySet[Comment]:
    """Comments that were not taken back, the newest first."""
    return Comment.objects.filter(removed_at=None, **call.values)


TASKS = client_endpoint(
    "tasks",
    TAG,
    get=Listing(
        summary="List tasks",
        rows=_tasks,
        shape=TaskShape,
        filters=TasksAsked,
        permission=Permission.COMMENT,
    ),
)
DEEDS = {
    word: client_endpoint(
        f"{word}_task",
        TAG,
        post=Action(summary=summary, do=do, shape=TaskShape, permission=Permission.COMMENT),
    )
    for word, summary, do in (
        ("finish", "Mark a task as done", _finish),
        ("reopen", "Open a task again", _reopen),
    )
}
COMMENTS = client_endpoint(
    "comments",
    TAG,
    get=Listing(
        summary="List comments",
        rows=_comments,
        shape=CommentShape,
        filters=SubjectAsked,
        permission=Permission.COMMENT,
    ),
)
