"""Tasks and comments in the API. A key speaks under its own name, and people are told as ever."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from sparkops.api.call import Call
from sparkops.api.fields import named
from sparkops.api.gate import client_endpoint
from sparkops.api.operations import LARGEST_ID, Action, Listing, own_id
from sparkops.errors import Refusal
from sparkops.talk import actions
from sparkops.talk.models import Comment, Task
from sparkops.talk.queries import team_of
from sparkops.talk.queries.subjects import KINDS, Subject, find_subject
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
    """What a person, or a program under the name of its key, wrote about an object."""

    reply_to_id = serializers.IntegerField(read_only=True, allow_null=True)

    class Meta:
        model = Comment
        fields = (
            "id", "subject_type", "subject_id", "label", "author_name", "text", "reply_to_id",
            "created_at",
        )  # fmt: skip


class TaskInput(serializers.Serializer):
    """One task per object: the same object again changes it. A person, a day, or both."""

    subject_type = serializers.ChoiceField(choices=list(KINDS))
    subject_id = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
    assignee = serializers.EmailField(
        required=False, allow_null=True, help_text="The address of somebody who may comment."
    )
    due_on = serializers.DateField(required=False, allow_null=True)


class CommentInput(serializers.Serializer):
    """People whom the text names with @ are told, like the author of what it answers."""

    subject_type = serializers.ChoiceField(choices=list(KINDS))
    subject_id = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
    text = serializers.CharField(max_length=4_000)
    reply_to_id = serializers.IntegerField(
        min_value=1, max_value=LARGEST_ID, required=False, allow_null=True
    )


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


def _assign(call: Call, values: dict[str, Any]) -> Task:
    """Say who looks after an object until when; the person is told."""
    assignee = None
    if address := values.get("assignee"):
        team = {one.email: one for one in team_of(call.client)}
        assignee = team.get(address.lower())
        if assignee is None:
            raise Refusal(
                "unknown_person", "Nobody with this address may take tasks here.", field="assignee"
            )
    return actions.assign(
        _subject(call, values),
        assignee=assignee,
        due_on=values.get("due_on"),
        by=call.actor,
        now=call.now,
    )


def _say(call: Call, values: dict[str, Any]) -> Comment:
    """Write a comment under the name of the key."""
    subject, answered = _subject(call, values), None
    if pk := values.get("reply_to_id"):
        said = Comment.objects.filter(subject_type=subject.kind, subject_id=subject.pk)
        answered = said.filter(pk=pk).first()
        if answered is None:
            raise Refusal(
                "unknown_comment", "There is no such comment on this object.", field="reply_to_id"
            )
    return actions.say(
        subject,
        values["text"],
        author=None,
        by=call.actor,
        team=team_of(call.client),
        reply_to=answered,
        now=call.now,
    )


def _take_back(call: Call, values: dict[str, Any]) -> Comment:
    """Take back a comment that this key wrote."""
    row = get_object_or_404(Comment, pk=call.ids["pk"])
    actions.take_back(row, by=call.actor, now=call.now)
    return row


def _put_back(call: Call, values: dict[str, Any]) -> Comment:
    """Put back a comment that this key took back."""
    row = get_object_or_404(Comment, pk=call.ids["pk"])
    actions.put_back(row, by=call.actor)
    return row


def _subject(call: Call, values: dict[str, Any]) -> Subject:
    found = find_subject(values["subject_type"], values["subject_id"], call.client.slug)
    if found is None:
        raise Refusal("unknown_object", "There is no such object here.", field="subject_id")
    return found


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
    post=Action(
        summary="Set a task",
        do=_assign,
        takes=TaskInput,
        shape=TaskShape,
        permission=Permission.COMMENT,
        status=201,
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
    post=Action(
        summary="Write a comment",
        do=_say,
        takes=CommentInput,
        shape=CommentShape,
        permission=Permission.COMMENT,
        status=201,
    ),
)
COMMENT_DEEDS = {
    word: client_endpoint(
        f"{word.replace('-', '_')}_comment",
        TAG,
        post=Action(summary=summary, do=do, shape=CommentShape, permission=Permission.COMMENT),
    )
    for word, summary, do in (
        ("take-back", "Take a comment back", _take_back),
        ("put-back", "Put a comment back", _put_back),
    )
}
