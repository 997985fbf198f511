"""Permissions that creators gave inside TikTok One's Content Suite (TA9).

No call of the contracts lists them: a person brings them with the method and where it can be seen.
Such a row covers nothing until an ad account lists the post; then TikTok's times count.
"""

from dataclasses import dataclass
from datetime import datetime

from authorizations.actions.moves import begin, move, move_if_allowed
from authorizations.actions.watching import TIKTOK
from authorizations.models import Authorization
from authorizations.rules.states import USABLE, State
from authorizations.rules.suite import LONGEST_LIST, Method, Named, named_in
from creators.actions.known import know_creators, know_posts
from creators.models import Post
from sparkops.audit.record import Actor
from sparkops.errors import Refusal

SUITE = Authorization.Kind.CONTENT_SUITE
COUNTS = (State.SUBMITTED.value, *sorted(state.value for state in USABLE))
"""States of a row that stands; what came before an end is history."""


@dataclass(frozen=True)
class Grant:
    """What Content Suite shows of some permissions. `ends_at` None is unknown, never forever.

    `evidence` says where it can be seen: a link, the name of an export, a file.
    """

    method: Method
    starts_at: datetime | None
    ends_at: datetime | None
    evidence: str


@dataclass(frozen=True)
class SuiteLine:
    """What became of a line: `result` is new, known or refused."""

    line: int
    name: str
    result: str
    sentence: str
    authorization_id: int | None = None


def record_grants(text: str, grant: Grant, *, by: Actor, now: datetime) -> list[SuiteLine]:
    """One permission per post (per creator for the account method) that the text names.

    Raises Refusal when the text names none or too many, and for an end before the start.
    """
    if grant.starts_at and grant.ends_at and grant.ends_at <= grant.starts_at:
        raise Refusal("window", "It ends before it begins.", field="ends_on")
    found = named_in(text, grant.method)
    if not found:
        raise Refusal("nothing", "Paste at least one line.", field="text")
    if len(found) > LONGEST_LIST:
        raise Refusal("too_many", f"Record at most {LONGEST_LIST} at a time.", field="text")
    good = [one for one in found if one.problem is None]
    creators = know_creators({one.handle for one in good if one.handle}, now=now, source="suite")
    posts = know_posts({one.item_id: one.handle for one in good if one.item_id}, now=now,
                       source="suite")  # fmt: skip
    owners = dict(Post.objects.filter(pk__in=posts.values()).values_list("pk", "creator_id"))
    lines = []
    for one in found:
        if one.problem is not None:
            lines.append(SuiteLine(one.line, "", "refused", one.problem.sentence))
            continue
        post_id = posts.get(one.item_id)
        creator_id = owners[post_id] if post_id else creators[one.handle]
        lines.append(_record(one, post_id, creator_id, grant, by=by, now=now))
    return lines


def _record(
    one: Named, post_id: int | None, creator_id: int | None, grant: Grant, *, by: Actor,
    now: datetime,
) -> SuiteLine:  # fmt: skip
    name = f"@{one.handle}" if post_id is None else f"post …{one.item_id[-4:]}"
    chain = Authorization.objects.filter(kind=SUITE, post=post_id)
    if post_id is None:
        chain = chain.filter(creator=creator_id)
    newest = chain.order_by("-generation", "-pk").first()
    if newest is not None and newest.state in COUNTS:
        return SuiteLine(one.line, name, "known", "It is in the ledger already.", newest.pk)
    row = Authorization(
        kind=SUITE.value,
        method=grant.method.value,
        evidence=grant.evidence,
        state=State.SUBMITTED.value,
        post_id=post_id,
        creator_id=creator_id,
        previous=newest,
        generation=newest.generation + 1 if newest else 1,
        starts_at=grant.starts_at,
        stated_ends_at=grant.ends_at,
        end_source=_source_of(grant).value,
        source="suite",
    )
    begin(row, by=by, now=now, reason="It was granted in Content Suite.")
    sentence = "Recorded. It counts once an ad account lists the post."
    return SuiteLine(one.line, name, "new", sentence, row.pk)


def _source_of(grant: Grant) -> Authorization.EndSource:
    source = Authorization.EndSource
    return source.RECORDED if grant.ends_at else source.UNKNOWN


def may_withdraw(row: Authorization) -> bool:
    """Whether a row was recorded by a person and TikTok has not confirmed it."""
    return row.kind == SUITE and row.state == State.SUBMITTED


def withdraw(row: Authorization, *, by: Actor, now: datetime) -> None:
    """Take back a row that was recorded by mistake; the history keeps it.

    Raises Refusal when it is no such row, or TikTok has confirmed it.
    """
    if not may_withdraw(row):
        raise Refusal("confirmed", "Only what TikTok has not confirmed can be taken back.")
    move(row, State.REJECTED.value, by=by, now=now, reason="It was recorded by mistake.")


def listed_in_suite(
    post_id: int, ends_at: datetime | None, *, now: datetime
) -> Authorization | None:
    """The Content Suite permission that an ad account lists for a post without a code, if one is
    recorded; with a later end than TikTok had confirmed, the next generation of it."""
    row = (
        Authorization.objects.filter(kind=SUITE, post_id=post_id, state__in=COUNTS)
        .order_by("-generation", "-pk")
        .first()
    )
    is_confirmed = row is not None and row.end_source == Authorization.EndSource.API
    if row is None or not is_confirmed or not row.ends_at or not ends_at or ends_at <= row.ends_at:
        return row
    reason = "The creator extended the permission."
    move_if_allowed(row, State.RENEWED.value, by=TIKTOK, now=now, reason=reason)
    following = Authorization(
        kind=SUITE.value,
        method=row.method,
        evidence=row.evidence,
        state=State.DRAFT.value,
        post_id=row.post_id,
        creator_id=row.creator_id,
        previous=row,
        generation=row.generation + 1,
        source="tiktok",
    )
    begin(following, by=TIKTOK, now=now, reason=reason)
    return following
