"""Saving, changing and deleting views; choosing among them; arranging tables."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from sparkops.accounts.models import User
from sparkops.audit.record import Actor, record
from sparkops.desk.models import SavedView, TableLook, ViewUse
from sparkops.errors import Refusal

MOST_VIEWS = 100
"""Views that one person may keep of one client."""
NAME_TAKEN = "You have a view of this list with that name."
MOST_COLUMNS = MOST_LETTERS = 60


def save_view(
    *,
    page: str,
    section: str,
    query: str,
    name: str,
    is_shared: bool,
    is_pinned: bool,
    owner: User | None,
    by: Actor,
    now: datetime,
) -> SavedView:
    """Keep a list with its filters under a name; one without an owner is a program's, which `by`
    names, and shared.

    Raises Refusal when the person has that name on that list already, or too many views.
    """
    if SavedView.objects.filter(owner=owner, removed_at=None).count() >= MOST_VIEWS:
        raise Refusal("too_many", f"You have {MOST_VIEWS} views. Delete one you no longer use.")
    view = SavedView(
        page=page,
        section=section,
        name=name,
        query=query,
        owner=owner,
        owner_name=by.label,
        is_shared=is_shared or owner is None,
        created_at=now,
    )
    _named_once(view)
    record("view.saved", view, by=by, now=now, data={"page": page, "shared": is_shared})
    if is_pinned and owner is not None:
        pin(view, user=owner, on=True)
    return view


def change_view(
    view: SavedView, *, name: str, is_shared: bool, by: Actor, now: datetime
) -> SavedView:
    """Rename a view, or share it or keep it to oneself. Raises Refusal for a name that is taken."""
    before = {"name": view.name, "shared": view.is_shared}
    view.name, view.is_shared = name, is_shared
    after = {"name": name, "shared": is_shared}
    if before != after:
        _named_once(view)
        if not is_shared:
            ViewUse.objects.filter(view=view).exclude(user=view.owner).delete()
        record("view.changed", view, by=by, now=now, data={"before": before, "after": after})
    return view


def delete_view(view: SavedView, *, by: Actor, now: datetime) -> None:
    """Take a view away from everyone who sees it; `restore_view` brings it back."""
    if view.removed_at is None:
        view.removed_at = now
        view.save(update_fields=["removed_at"])
        ViewUse.objects.filter(view=view).update(is_default=False)
        record("view.deleted", view, by=by, now=now)


def restore_view(view: SavedView, *, by: Actor, now: datetime) -> None:
    """Bring a deleted view back. Raises Refusal when its name is taken by now."""
    view.removed_at = None
    _named_once(view)
    record("view.restored", view, by=by, now=now)


def pin(view: SavedView, *, user: User, on: bool) -> None:
    """Show a view in one's menu, or no longer."""
    _use(view, user, is_pinned=on)


def make_default(view: SavedView, *, user: User, on: bool) -> None:
    """Open a view where the menu led to the bare list, or no longer."""
    if on:
        others = ViewUse.objects.filter(user=user, page=view.page, is_default=True)
        others.exclude(view=view).update(is_default=False)
    _use(view, user, is_default=on)


def arrange_table(table: str, *, columns: Sequence[str], is_dense: bool, user: User) -> None:
    """Keep the columns, by key and in order, and the density a person wants of a table.

    Raises Refusal for more than a table has.
    """
    if len(table) > MOST_LETTERS or len(columns) > MOST_COLUMNS:
        raise Refusal("no_such_table", "There is no such table.")
    if any(len(key) > MOST_LETTERS for key in columns):
        raise Refusal("no_such_column", "There is no such column.")
    TableLook.objects.update_or_create(
        user=user, table=table, defaults={"columns": list(columns), "is_dense": is_dense}
    )


def reset_table(table: str, *, user: User) -> None:
    """Show a table as it comes."""
    TableLook.objects.filter(user=user, table=table).delete()


def _use(view: SavedView, user: User, **chosen: bool) -> None:
    ViewUse.objects.update_or_create(
        user=user, view=view, defaults=chosen, create_defaults={"page": view.page, **chosen}
    )


def _named_once(view: SavedView) -> None:
    if view.owner_id is None:
        # The database takes owners that are nobody for different ones.
        others = SavedView.objects.filter(
            owner=None, owner_name=view.owner_name, page=view.page, name=view.name, removed_at=None
        )
        if others.exclude(pk=view.pk).exists():
            raise Refusal("name_taken", NAME_TAKEN, field="name")
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as error:
        raise Refusal("name_taken", NAME_TAKEN, field="name") from error
