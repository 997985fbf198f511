"""Taking an import back: what it made and nobody used since, newest first.

The order of making is the order of need (a creator before the post, the post before the code), so
going backwards never takes away what something else of the import still stands on.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db.models import ForeignObjectRel, Model

from authorizations.actions.taking_back import take_back
from authorizations.models import Authorization, Redemption, Reminder, Transition
from creators.actions.creators import edit_creator
from creators.models import Creator, Handle, Post
from profit.actions.costs import remove_creator_fee
from profit.models import CreatorFee
from sparkops.audit.record import Actor, record
from sparkops.errors import Refusal
from sparkops.intake.actions.applying import snapshot
from sparkops.intake.actions.checking import May, refuse_forbidden
from sparkops.intake.models import Import, Touch
from sparkops.intake.rules.layout import from_json

BATCH = 100
MINE = (Touch, Handle, Transition, Redemption, Reminder)
"""Rows that say nothing of use: bookkeeping that comes and goes with the thing itself."""


def start_undo(batch: Import, *, may: May, by: Actor, now: datetime) -> None:
    """Let the workers take it back. Raises Refusal unless it is done or stopped half-way, and when
    the member may not edit what it made."""
    locked = Import.objects.select_for_update().get(pk=batch.pk)
    if locked.state not in (Import.State.DONE, Import.State.FAILED):
        raise Refusal(
            "not_done",
            f"“{locked.name}” cannot be undone now: it is {locked.get_state_display().lower()}.",
        )
    refuse_forbidden(from_json(locked.layout).fields, may)
    locked.state, locked.finished_at = Import.State.UNDOING.value, None
    locked.actor, locked.actor_id = by.label, by.user_id
    locked.save(update_fields=["state", "finished_at", "actor", "actor_id"])
    record("import.undo_started", locked, by=by, now=now)


def undo_batch(batch_id: int, *, now: datetime, size: int = BATCH) -> bool:
    """Take back the newest things left; returns whether more are. Like `run_batch` in that it may
    be cut off at any moment and repeated."""
    batch = (
        Import.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(pk=batch_id, state=Import.State.UNDOING)
        .first()
    )
    if batch is None:
        return False
    by = Actor(batch.actor, batch.actor_id)
    touches = list(
        Touch.objects.filter(row__batch=batch, undone_at=None, kept="")
        .exclude(verb=Touch.Verb.FOUND)
        .select_related("creator", "post", "authorization", "creator_fee")
        .order_by("-pk")[:size]
    )
    for touch in touches:
        touch.kept = _taken_back(touch, by, now)
        touch.undone_at = None if touch.kept else now
        Touch.objects.filter(pk=touch.pk).update(kept=touch.kept, undone_at=touch.undone_at)
    if len(touches) == size:
        return True
    _finish(batch, by, now)
    return False


def _finish(batch: Import, by: Actor, now: datetime) -> None:
    mine = Touch.objects.filter(row__batch=batch).exclude(verb=Touch.Verb.FOUND)
    batch.state, batch.finished_at = Import.State.UNDONE.value, now
    batch.counts = batch.counts | {
        "taken_back": mine.exclude(undone_at=None).count(),
        "kept": mine.exclude(kept="").count(),
        "changes": mine.count(),
    }
    batch.save(update_fields=["state", "finished_at", "counts"])
    record("import.undone", batch, by=by, now=now, data=batch.counts)


def _taken_back(touch: Touch, by: Actor, now: datetime) -> str:
    """Take one thing back; returns why it was kept, or ""."""
    thing = touch.creator_fee or touch.authorization or touch.post or touch.creator
    if thing is None:
        return ""  # somebody removed it since
    if touch.verb == Touch.Verb.CHANGED:
        return _changed_back(touch, thing, by, now)
    return _unmade(touch, thing, by, now)


def _changed_back(touch: Touch, thing: Model, by: Actor, now: datetime) -> str:
    if any(getattr(thing, name) != value for name, value in touch.after.items()):
        return f"{touch.label} was changed again since."
    if isinstance(thing, Creator):
        edit_creator(thing, **touch.before, timezone=thing.timezone, by=by, now=now)
        return ""
    Post.objects.filter(pk=thing.pk).update(**touch.before)
    record("post.taken_back", thing, by=by, now=now, data={"before": touch.after})
    return ""


def _unmade(touch: Touch, thing: Model, by: Actor, now: datetime) -> str:
    why = _changed_since(touch, thing) or _used_by(touch, thing)
    if why:
        return why
    # Later imports may have met the thing; their rows keep its label.
    name = _REFERENCES[type(thing)]
    Touch.objects.filter(**{name: thing}).update(**{name: None})
    try:
        _UNMAKERS[type(thing)](thing, by, now)
    except Refusal as refusal:
        Touch.objects.filter(pk=touch.pk).update(**{name: thing})
        return refusal.sentence
    return ""


def _changed_since(touch: Touch, thing: Model) -> str:
    if not touch.after:
        return ""
    present = snapshot(thing)
    changed = [name for name, value in touch.after.items() if present.get(name) != value]
    if not changed:
        return ""
    words = ", ".join(name.removesuffix("_id").replace("_", " ") for name in changed)
    return f"{touch.label} was changed since: {words}."


def _used_by(touch: Touch, thing: Model) -> str:
    """What refers to the thing beside its own bookkeeping, as a sentence; "" when nothing does."""
    users = []
    for relation in _relations(thing):
        model = relation.related_model
        if model in MINE:
            continue
        if model._base_manager.filter(**{relation.field.name: thing}).exists():  # type: ignore[union-attr]
            users.append(str(model._meta.verbose_name_plural))  # type: ignore[union-attr]
    if not users:
        return ""
    return f"{touch.label} is in use: it has {', '.join(dict.fromkeys(users))}."


def _relations(thing: Model) -> Iterable[ForeignObjectRel]:
    for field in thing._meta.get_fields(include_hidden=True):
        if isinstance(field, ForeignObjectRel) and (field.one_to_many or field.one_to_one):
            yield field


def _forget_fee(fee: Model, by: Actor, now: datetime) -> None:
    assert isinstance(fee, CreatorFee)
    remove_creator_fee(fee, by=by, now=now)


def _forget_code(authorization: Model, by: Actor, now: datetime) -> None:
    assert isinstance(authorization, Authorization)
    take_back(authorization, by=by, now=now)


def _forget(thing: Model, by: Actor, now: datetime) -> None:
    record(f"{thing._meta.model_name}.taken_back", thing, by=by, now=now)
    thing.delete()


_REFERENCES: dict[type[Model], str] = {
    CreatorFee: "creator_fee",
    Authorization: "authorization",
    Post: "post",
    Creator: "creator",
}
_UNMAKERS: dict[type[Model], Callable[[Model, Actor, datetime], None]] = {
    CreatorFee: _forget_fee,
    Authorization: _forget_code,
    Post: _forget,
    Creator: _forget,
}
