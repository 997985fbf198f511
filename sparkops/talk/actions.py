"""Writing comments, and giving somebody a task."""

from datetime import date, datetime

from sparkops.accounts.models import User
from sparkops.alerts.actions import end_alert, raise_alert, resolve_alerts
from sparkops.alerts.kinds import ASSIGNED, MENTION, REPLY
from sparkops.alerts.models import Alert
from sparkops.audit.record import Actor, record, record_changes
from sparkops.errors import Refusal
from sparkops.talk.models import Comment, Task
from sparkops.talk.queries import persons
from sparkops.talk.queries.subjects import Subject
from sparkops.talk.rules.mentions import call_names, mentioned


def say(
    subject: Subject,
    text: str,
    *,
    author: User | None,
    by: Actor,
    team: list[User],
    reply_to: Comment | None = None,
    now: datetime,
) -> Comment:
    """Write a comment; people it names and the author it answers are told, each once.

    Who writes has read what was said before, so notices to them about this object end. `author` is
    None of a program, which `by` names.
    """
    comment = Comment.objects.create(
        subject_type=subject.kind,
        subject_id=subject.pk,
        label=subject.label,
        author=author,
        author_name=by.label,
        text=text,
        reply_to=reply_to,
        created_at=now,
    )
    if author is not None:
        _end_notices(subject, author, now)
    named = mentioned(text, call_names(persons(team)))
    told = dict.fromkeys(named, MENTION)
    if reply_to is not None and reply_to.author_id is not None:
        told.setdefault(reply_to.author_id, REPLY)
    for person in team:
        if person.pk in told and person != author:
            _tell(told[person.pk], comment, subject, person, now)
    return comment


def _tell(kind: str, comment: Comment, subject: Subject, person: User, now: datetime) -> None:
    deed = "named you" if kind == MENTION else "answered you"
    raise_alert(
        kind,
        f"{kind}:{comment.pk}:{person.pk}",
        subject=comment,
        severity=Alert.Severity.INFO,
        title=f"{comment.author_name} {deed}: {subject.label}",
        body=comment.text,
        path=f"{subject.thread_path}#comment-{comment.pk}",
        action_label="Answer",
        now=now,
        people=[person],
    )


def _end_notices(subject: Subject, reader: User, now: datetime) -> None:
    said = Comment.objects.filter(subject_type=subject.kind, subject_id=subject.pk)
    open_ones = Alert.objects.filter(
        kind__in=[MENTION, REPLY],
        subject_type="comment",
        subject_id__in=said.values("pk"),
        resolved_at=None,
        deliveries__user=reader,
    )
    for alert in open_ones:
        end_alert(alert, now=now)


def take_back(comment: Comment, *, by: Actor, now: datetime) -> None:
    """Hide a comment of one's own; what it told people ends. Raises Refusal for another's."""
    _own(comment, by)
    comment.removed_at = now
    comment.save(update_fields=["removed_at"])
    resolve_alerts(comment, now=now)


def put_back(comment: Comment, *, by: Actor) -> None:
    """Show a comment again that was taken back. Raises Refusal for another's."""
    _own(comment, by)
    comment.removed_at = None
    comment.save(update_fields=["removed_at"])


def _own(comment: Comment, by: Actor) -> None:
    # A program has no person's key; its name holds the prefix of its own key.
    if comment.author_id != by.user_id or (by.user_id is None and comment.author_name != by.label):
        raise Refusal("not_yours", "Only who wrote a comment can take it back.")


def assign(
    subject: Subject,
    *,
    assignee: User | None,
    due_on: date | None,
    by: Actor,
    now: datetime,
) -> Task:
    """Set who looks after an object and until when; the person is told by the first who sets it.

    Raises Refusal for somebody's task without a person and a day: that would be no task.
    """
    if assignee is None and due_on is None:
        raise Refusal("empty_task", "Choose a person, a day, or both.", field="assignee")
    task, is_new = Task.objects.select_for_update().get_or_create(
        subject_type=subject.kind,
        subject_id=subject.pk,
        defaults={"label": subject.label, "set_by": by.label, "set_at": now},
    )
    before, fields = _values(task), _fields(task)
    task.assignee, task.due_on, task.label = assignee, due_on, subject.label
    task.set_by, task.set_at, task.done_at = by.label, now, None
    task.save()
    if not is_new and before == _values(task):
        return task
    record("task.set", task, by=by, now=now, data={"before": before, "after": _values(task)})
    record_changes(task, fields, _fields(task), by=by, now=now)
    resolve_alerts(task, now=now)
    if assignee is not None and assignee.pk != by.user_id:
        _tell_assignee(task, subject, assignee, by, now)
    return task


def _fields(task: Task) -> dict[str, object]:
    due_on = task.due_on.isoformat() if task.due_on else None
    return {"assignee": task.assignee_id, "due_on": due_on}


def _values(task: Task) -> dict[str, object]:
    return {
        "assignee": str(task.assignee) if task.assignee else "",
        "due_on": task.due_on.isoformat() if task.due_on else "",
        "done": task.done_at is not None,
    }


def _tell_assignee(task: Task, subject: Subject, assignee: User, by: Actor, now: datetime) -> None:
    until = f" It is due on {task.due_on:%d %B %Y}." if task.due_on else ""
    raise_alert(
        ASSIGNED,
        f"{ASSIGNED}:{task.pk}:{assignee.pk}:{now.isoformat()}",
        subject=task,
        severity=Alert.Severity.INFO,
        title=f"{by.label} gave you a task: {subject.label}",
        body=f"Look after this {subject.noun}.{until}",
        path=subject.thread_path,
        action_label="Open",
        now=now,
        people=[assignee],
    )


def finish(task: Task, *, by: Actor, now: datetime) -> None:
    """Mark a task as done; a notice about it ends."""
    if task.done_at is None:
        task.done_at = now
        task.save(update_fields=["done_at"])
        record("task.done", task, by=by, now=now)
        resolve_alerts(task, now=now)


def reopen(task: Task, *, by: Actor, now: datetime) -> None:
    """Take back that a task is done."""
    if task.done_at is not None:
        task.done_at = None
        task.save(update_fields=["done_at"])
        record("task.reopened", task, by=by, now=now)
