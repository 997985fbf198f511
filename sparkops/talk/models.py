"""Comments and tasks. Their object is named by kind and id, so that any object can have them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from sparkops.isolation.models import ClientOwned


class Comment(ClientOwned):
    """What a person wrote about an object. `label` is the object's name at that time.

    A comment that its author took back keeps its row, so that it can be put back.
    """

    subject_type = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    label = models.CharField(max_length=200)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    author_name = models.CharField(max_length=200)
    text = models.TextField()
    reply_to = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="+")
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["client", "subject_type", "subject_id", "-id"], name="comment_of"),
        ]

    def __str__(self) -> str:
        return f"Comment on {self.label}"


class Task(ClientOwned):
    """Who looks after an object, until which day of the client's zone. One per object."""

    subject_type = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    label = models.CharField(max_length=200)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    due_on = models.DateField(null=True)
    set_by = models.CharField(max_length=200)
    set_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "subject_type", "subject_id"], name="task_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["client", "assignee", "due_on"], name="task_open", condition=Q(done_at=None)
            ),
            models.Index(fields=["client", "due_on", "id"], name="task_due"),
        ]

    def __str__(self) -> str:
        return self.label
