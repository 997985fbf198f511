"""The steps of the guided set-up. What is done is read from the data itself, as on the checklist,
so whoever comes back goes on where the client stands."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from sparkops.home.setup import (
    are_terms_written,
    connected_kinds,
    is_asking_decided,
    was_anyone_asked,
)
from sparkops.renewals.models import Run, SavedMessage
from sparkops.renewals.rules.texts import Kind
from sparkops.tenants.models import Client
from sparkops.tenants.permissions import Permission


@dataclass(frozen=True)
class Step:
    """One step: `without` is what the client goes without until it is done; `left` says that it
    was passed over, because a later one is done."""

    key: str
    label: str
    url: str
    without: str
    permission: Permission
    done: bool
    left: bool

    @property
    def state(self) -> str:
        """How it stands, in words."""
        return "Done" if self.done else "Left for later" if self.left else "To do"


_STEPS = (
    ("connect", "Connect", Permission.CONNECT,
     "Nothing is read from TikTok and no code can be used; you work with what you bring as a"
     " sheet."),
    ("brand", "Brand", Permission.CONNECT,
     "Creators see the client's plain name in the colours of SparkOps."),
    ("terms", "Terms", Permission.AUTHORIZATION_EDIT,
     "Creators have no page of their own, and no ad can be launched."),
    ("message", "Message", Permission.AUTHORIZATION_EDIT,
     "Creators read the words that come with SparkOps."),
    ("reminders", "Reminders", Permission.CONNECT,
     "No creator is asked for a renewal by itself; only your team is reminded."),
    ("request", "First request", Permission.AUTHORIZATION_EDIT,
     "No creator has been asked for anything yet."),
)  # fmt: skip


def guide_steps(client: Client) -> list[Step]:
    """Every step but the last page, in order."""
    done = {
        "connect": bool(connected_kinds()),
        "brand": bool(client.brand_name or client.brand_accent or client.brand_logo),
        "terms": are_terms_written(),
        "message": SavedMessage.objects.filter(kind=Kind.REQUEST.value).exists(),
        "reminders": is_asking_decided(),
        "request": Run.objects.exists() or was_anyone_asked(),
    }
    last = max((at for at, one in enumerate(_STEPS) if done[one[0]]), default=-1)
    return [
        Step(
            key,
            label,
            address_of(key, client.slug),
            without,
            permission,
            done[key],
            at < last and not done[key],
        )  # fmt: skip
        for at, (key, label, permission, without) in enumerate(_STEPS)
    ]


def step_after(key: str) -> str:
    """The key of the step that follows, "done" of the last one, "" of that."""
    return _beside(key, 1)


def step_before(key: str) -> str:
    """The key of the step before, "" of the first."""
    return _beside(key, -1)


def address_of(key: str, slug: str) -> str:
    """The page of a step, "" for the key ""."""
    return reverse(f"home:guide-{key}", kwargs={"client": slug}) if key else ""


def where_to_go_on(steps: Sequence[Step]) -> str:
    """The key of the first step that waits: one that nobody passed over, else one that was."""
    waiting = [one for one in steps if not one.done and not one.left]
    left = [one for one in steps if one.left]
    return next((one.key for one in (*waiting, *left)), "done")


def _beside(key: str, way: int) -> str:
    keys = ["", *(one[0] for one in _STEPS), "done", ""]
    return keys[keys.index(key, 1) + way]
