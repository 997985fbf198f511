"""Fields whose history is one click away, and how each gets an earlier value back (SS6)."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.urls import reverse

from authorizations.actions.fees import agree_fee
from authorizations.models import Authorization, Fee
from creators.actions.creators import edit_creator
from creators.actions.posts import edit_post
from creators.models import Creator, Post
from sparkops.accounts.models import User
from sparkops.audit.record import Actor, record_changes
from sparkops.errors import Refusal
from sparkops.talk.actions import assign
from sparkops.talk.models import Task
from sparkops.talk.queries.subjects import find_subject, thread_path
from sparkops.tenants.actions import change_settings
from sparkops.tenants.models import Client
from sparkops.tenants.permissions import Permission

Write = Callable[[Any, Client, Mapping[str, Any], Actor, datetime], None]


@dataclass(frozen=True)
class Field:
    """A field that people change: who may see what it was, and who may put it back."""

    label: str
    view: Permission
    edit: Permission


@dataclass(frozen=True)
class Kind:
    """A kind of object: `values` reads every field as JSON, `write` sets all of them through the
    same action as its form, `page` is where it is edited."""

    model: type[Model]
    fields: Mapping[str, Field]
    values: Callable[[Any], dict[str, Any]]
    write: Write
    page: Callable[[Any, Client], str]


def _write_creator(
    row: Creator, _client: Client, values: Mapping[str, Any], by: Actor, now: datetime
) -> None:
    edit_creator(row, **values, by=by, now=now)


def _write_client(
    row: Client, _client: Client, values: Mapping[str, Any], by: Actor, now: datetime
) -> None:
    change_settings(row, **values, by=by, now=now)


def _write_task(
    row: Task, client: Client, values: Mapping[str, Any], by: Actor, now: datetime
) -> None:
    subject = find_subject(row.subject_type, row.subject_id, client.slug)
    if subject is None:
        raise Refusal("gone", "What the task was about is no longer there.")
    due_on = date.fromisoformat(values["due_on"]) if values["due_on"] else None
    assignee = User.objects.filter(pk=values["assignee"]).first()
    assign(subject, assignee=assignee, due_on=due_on, by=by, now=now)


def _settings(row: Client) -> dict[str, Any]:
    names = ("timezone", "reminder_days", "safety_buffer_hours", "hold_codes_until_paid")
    return {name: getattr(row, name) for name in names}


def _task(row: Task) -> dict[str, Any]:
    return {"assignee": row.assignee_id, "due_on": row.due_on.isoformat() if row.due_on else None}


def _write_post(
    row: Post, _client: Client, values: Mapping[str, Any], by: Actor, now: datetime
) -> None:
    owner = User.objects.filter(pk=values["owner"]).first()
    edit_post(row, owner=owner, tags=values["tags"], by=by, now=now)


def _write_authorization(
    row: Authorization, _client: Client, values: Mapping[str, Any], by: Actor, now: datetime
) -> None:
    before, fee = _authorization(row), values["fee"]
    if fee is None:
        raise Refusal("no_fee", "Write 0 with a currency to say that no fee is due.", field="fee")
    amount, currency = fee
    held = getattr(row, "fee", None)
    agree_fee(
        row,
        amount=Decimal(amount),
        currency=currency,
        due_on=held.due_on if held else None,
        by=by,
        now=now,
    )
    record_changes(row, before, {"fee": fee}, by=by, now=now)


def _post(row: Post) -> dict[str, Any]:
    return {"owner": row.owner_id, "tags": sorted(tag.name for tag in row.tags.all())}


def _authorization(row: Authorization) -> dict[str, Any]:
    fee = Fee.objects.filter(authorization=row).first()
    return {"fee": [f"{fee.amount:.2f}", fee.currency] if fee else None}


_P = Permission
KINDS = {
    "post": Kind(
        Post,
        {
            "owner": Field("Owner", _P.VIEW, _P.CREATOR_EDIT),
            "tags": Field("Tags", _P.VIEW, _P.CREATOR_EDIT),
        },
        _post,
        _write_post,
        lambda row, client: reverse("creators:post", kwargs={"client": client.slug, "pk": row.pk}),
    ),
    "authorization": Kind(
        Authorization,
        {"fee": Field("Agreed fee", _P.VIEW, _P.COST_EDIT)},
        _authorization,
        _write_authorization,
        lambda row, client: reverse(
            "authorizations:detail", kwargs={"client": client.slug, "pk": row.pk}
        ),
    ),
    "creator": Kind(
        Creator,
        {
            "email": Field("E-mail", _P.CONTACT_VIEW, _P.CREATOR_EDIT),
            "notes": Field("Notes", _P.CONTACT_VIEW, _P.CREATOR_EDIT),
            "timezone": Field("Time zone", _P.VIEW, _P.CREATOR_EDIT),
        },
        lambda row: {name: getattr(row, name) for name in ("email", "notes", "timezone")},
        _write_creator,
        lambda row, client: reverse(
            "creators:creator", kwargs={"client": client.slug, "pk": row.pk}
        ),
    ),
    "task": Kind(
        Task,
        {
            "assignee": Field("Assignee", _P.COMMENT, _P.COMMENT),
            "due_on": Field("Due", _P.COMMENT, _P.COMMENT),
        },
        _task,
        _write_task,
        lambda row, client: thread_path(row.subject_type, row.subject_id, client.slug),
    ),
    "client": Kind(
        Client,
        {
            "timezone": Field("Time zone", _P.CONNECT, _P.CONNECT),
            "reminder_days": Field("Reminders", _P.CONNECT, _P.CONNECT),
            "safety_buffer_hours": Field("Safety buffer in hours", _P.CONNECT, _P.CONNECT),
            "hold_codes_until_paid": Field("Hold codes until paid", _P.CONNECT, _P.CONNECT),
        },
        _settings,
        _write_client,
        lambda _row, client: reverse("home:settings", kwargs={"client": client.slug}),
    ),
}


def find(kind: str, pk: int, client: Client) -> Model | None:
    """The object of the open client; None when there is no such one."""
    known = KINDS.get(kind)
    if known is None or (known.model is Client and pk != client.pk):
        return None
    return known.model._default_manager.filter(pk=pk).first()


def words(field: str, value: Any) -> str:
    """A value of a field as people read it."""
    if value in (None, "", []):
        return "empty"
    if field in ("assignee", "owner"):
        return str(User.objects.filter(pk=value).first() or "somebody who left")
    if field == "fee":
        return " ".join(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def fingerprint(value: Any) -> str:
    """What a page says it has shown of a value, to notice that it changed meanwhile."""
    return json.dumps(value, sort_keys=True)


def put_back(
    kind: str,
    row: Model,
    client: Client,
    field: str,
    value: Any,
    *,
    seen: str,
    by: Actor,
    now: datetime,
) -> None:
    """Give a field an earlier value. Raises Refusal when it is not what the person saw, and what
    the action of its form raises."""
    known = KINDS[kind]
    locked = known.model._default_manager.select_for_update().get(pk=row.pk)
    values = known.values(locked)
    if fingerprint(values[field]) != seen:
        current = words(field, values[field])
        raise Refusal("changed_meanwhile", f"Somebody changed it meanwhile: it is “{current}” now.")
    known.write(locked, client, {**values, field: value}, by, now)
