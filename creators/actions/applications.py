"""What becomes of applications: they come in once, and people approve or decline them."""

from datetime import datetime

from creators.actions.known import know_creators
from creators.models import Application, ApplicationPage, Creator
from creators.rules.handles import plain_handle
from sparkops.audit.record import Actor, record
from sparkops.errors import Refusal

SOURCE = "application"


def apply(
    *, handle: str, email: str, message: str, language: str = "", now: datetime
) -> Application:
    """Keep an application, and the language it was written in. A handle with an open one keeps that
    one: nobody can write over what somebody else sent. Raises Refusal for what is no handle."""
    name = plain_handle(handle)
    if not name:
        raise Refusal("no_handle", "Write your TikTok name, such as @maya.glow.", field="handle")
    found, _ = Application.objects.get_or_create(
        handle=name,
        state=Application.State.NEW,
        defaults={
            "email": email,
            "message": message,
            "language": language,
            "applied_at": now,
        },
    )
    return found


def approve_application(application: Application, *, by: Actor, now: datetime) -> Creator:
    """Let the creator in: a record of them, with the address they gave where none is known.
    Raises Refusal when it was decided before."""
    row = _open(application)
    pk = know_creators([row.handle], now=now, source=SOURCE)[row.handle]
    creator = Creator.objects.get(pk=pk)
    if row.email and not creator.email:
        creator.email = row.email
        creator.save(update_fields=["email"])
    row.creator = creator
    _decide(row, Application.State.APPROVED, by=by, now=now)
    return creator


def decline_application(application: Application, *, by: Actor, now: datetime) -> None:
    """Say no. Raises Refusal when it was decided before."""
    _decide(_open(application), Application.State.DECLINED, by=by, now=now)


def reopen_application(application: Application, *, by: Actor, now: datetime) -> None:
    """Take a decision back; a creator who was let in stays known. Raises Refusal when the handle
    applied again meanwhile, or nothing was decided."""
    row = Application.objects.select_for_update().get(pk=application.pk)
    if row.state == Application.State.NEW:
        raise Refusal("open", "This application is open.")
    if Application.objects.filter(handle=row.handle, state=Application.State.NEW).exists():
        raise Refusal("again", "This creator applied again; decide on the newer application.")
    row.state, row.decided_at, row.decided_by = Application.State.NEW.value, None, ""
    row.save()
    record("application.reopened", row, by=by, now=now)


def tell(application: Application, *, now: datetime) -> None:
    """Note that the decision is on its way to the creator."""
    Application.objects.filter(pk=application.pk).update(told_at=now)


def save_page(*, is_open: bool, intro: str, by: Actor, now: datetime) -> None:
    """Open or close the public page, and change its words."""
    page, _ = ApplicationPage.objects.get_or_create()
    if (page.is_open, page.intro) == (is_open, intro):
        return
    page.is_open, page.intro = is_open, intro
    page.save()
    record("application_page.changed", page, by=by, now=now, data={"open": is_open})


def _open(application: Application) -> Application:
    row = Application.objects.select_for_update().get(pk=application.pk)
    if row.state != Application.State.NEW:
        raise Refusal("decided", f"@{row.handle} was decided on before.")
    return row


def _decide(row: Application, state: Application.State, *, by: Actor, now: datetime) -> None:
    row.state, row.decided_at, row.decided_by = state.value, now, by.label
    row.told_at = None
    row.save()
    record(f"application.{state.value}", row, by=by, now=now)
