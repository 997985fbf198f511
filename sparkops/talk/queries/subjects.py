"""The objects that can be talked about."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.urls import reverse

from authorizations.models import Authorization
from campaigns.models import Ad, Campaign, Plan
from creators.models import Creator, Post, Sample


@dataclass(frozen=True)
class Kind:
    """A kind of object: its model, what people call it, and the page it is shown on.

    `page` gives the URL name and the id there, or nothing where no page shows it.
    """

    model: type[Model]
    noun: str
    page: Callable[[Any], tuple[str, int] | None]


KINDS = {
    "creator": Kind(Creator, "creator", lambda row: ("creators:creator", row.pk)),
    "post": Kind(Post, "post", lambda row: ("creators:post", row.pk)),
    "sample": Kind(Sample, "sample", lambda row: ("creators:creator", row.creator_id)),
    "authorization": Kind(
        Authorization, "authorization", lambda row: ("authorizations:detail", row.pk)
    ),
    "ad": Kind(Ad, "ad", lambda row: ("campaigns:ad", row.pk)),
    "campaign": Kind(
        Campaign,
        "campaign",
        lambda row: None if row.is_gmv_max else ("campaigns:campaign", row.pk),
    ),
    "plan": Kind(Plan, "plan", lambda row: ("campaigns:plan", row.pk)),
}


@dataclass(frozen=True)
class Subject:
    """One object of the open client, with the page of its comments and its own page, if any."""

    kind: str
    pk: int
    row: Model
    label: str
    noun: str
    thread_path: str
    page_path: str


def find_subject(kind: str, pk: int, slug: str) -> Subject | None:
    """The object of the open client, None when there is no such one."""
    known = KINDS.get(kind)
    row = known.model._default_manager.filter(pk=pk).first() if known else None
    if known is None or row is None:
        return None
    page = known.page(row)
    return Subject(
        kind,
        pk,
        row,
        str(row)[:200],
        known.noun,
        thread_path(kind, pk, slug),
        reverse(page[0], kwargs={"client": slug, "pk": page[1]}) if page else "",
    )


def thread_path(kind: str, pk: int, slug: str) -> str:
    """The page of an object's comments."""
    return reverse("talk:thread", kwargs={"client": slug, "kind": kind, "pk": pk})
