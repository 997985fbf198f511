"""Reads of comments and tasks."""

from datetime import date

from django.db.models import Q, QuerySet

from sparkops.accounts.models import User
from sparkops.talk.models import Comment, Task
from sparkops.talk.queries.subjects import Subject
from sparkops.talk.rules.mentions import Person
from sparkops.tenants.models import Client
from sparkops.tenants.permissions import Permission
from sparkops.tenants.queries import people_who_may

SHOWN = 50
TASK_VIEWS = ("mine", "open", "overdue", "done")


def team_of(client: Client) -> list[User]:
    """Everyone who may comment, by name: who can be named and assigned."""
    return sorted(people_who_may(client, Permission.COMMENT), key=lambda one: (str(one), one.pk))


def persons(team: list[User]) -> list[Person]:
    """The team as the rules of mentions know it."""
    return [Person(one.pk, one.name, one.email) for one in team]


def comments_of(subject: Subject, *, before: int | None = None) -> list[Comment]:
    """At most `SHOWN` comments, oldest first: the newest, or those before a comment's id."""
    rows = Comment.objects.filter(subject_type=subject.kind, subject_id=subject.pk)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows.select_related("author", "reply_to").order_by("-pk")[:SHOWN])[::-1]


def task_of(subject: Subject) -> Task | None:
    """The task of an object, if it has one."""
    rows = Task.objects.filter(subject_type=subject.kind, subject_id=subject.pk)
    return rows.select_related("assignee").first()


def tasks_of_view(view: str, user: User, today: date) -> QuerySet[Task]:
    """The rows behind a tab of the list; an unknown one is the person's own open tasks."""
    open_ones = Q(done_at=None)
    asked = {
        "open": open_ones,
        "overdue": open_ones & Q(due_on__lt=today),
        "done": Q(done_at__isnull=False),
    }
    mine = open_ones & Q(assignee=user)
    return Task.objects.filter(asked.get(view, mine)).select_related("assignee")
