"""What decides cover of some posts, in one statement for any number of them.

The statement is written out: the list, the guard and every alert ask it, and the four queries that
a model layer makes of it cost more to compose than the database takes to answer.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection

from authorizations.models import Authorization
from authorizations.rules.cover import Facts, Route, Term
from authorizations.rules.spans import ClockKind
from authorizations.rules.states import LABELS, USABLE, State

SILENT = [State.DRAFT, State.REQUESTED, State.SUPERSEDED, State.REJECTED]
"""States of a permission that says nothing about cover."""

_PERMISSION = """
  SELECT id, kind, state, starts_at, ends_at, end_source, problem, post_id
    FROM authorizations_authorization
   WHERE NOT state = ANY(%(silent)s)
"""
_TERMS = "SELECT id, starts_on, ends_on, hold_until FROM authorizations_usageterms"

# Terms and account links of the creator count for every post of theirs; each branch has its index.
_FACTS = f"""
SELECT post.id, client.timezone,
  (SELECT json_agg(json_build_array(id, kind, state, starts_at, ends_at, end_source, problem,
                                    post_id) ORDER BY id)
     FROM ({_PERMISSION} AND post_id = post.id
           UNION ALL
           {_PERMISSION} AND post_id IS NULL AND creator_id = post.creator_id
                         AND kind = 'account') AS permission),
  (SELECT json_agg(json_build_array(id, starts_on, ends_on, hold_until) ORDER BY id)
     FROM ({_TERMS} WHERE post_id = post.id
           UNION ALL
           {_TERMS} WHERE post_id IS NULL AND creator_id = post.creator_id) AS terms),
  (SELECT json_agg(lost_at) FROM creators_postproduct WHERE post_id = post.id),
  (SELECT json_agg(json_build_array(open.id, open.starts_at, open.ends_at) ORDER BY open.id)
     FROM creators_postproduct link
     JOIN creators_collaboration open ON open.product_id = link.product_id
    WHERE link.post_id = post.id AND open.kind = 'open')
  FROM creators_post post JOIN tenants_client client ON client.id = post.client_id
 WHERE post.id = ANY(%(posts)s)
"""  # noqa: S608 - made of the two constants above


def facts_of(post_ids: Collection[int]) -> dict[int, Facts]:
    """What decides cover of some posts of the open scope, by post. Times are aware UTC."""
    if not post_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, {"posts": list(post_ids), "silent": SILENT})
        return {pk: _facts(zone, *found) for pk, zone, *found in cursor.fetchall()}


_Rows = list[list[Any]] | None


def _facts(
    zone_name: str, routes: _Rows, terms: _Rows, lost: list[str | None] | None, open_: _Rows
) -> Facts:
    rights, holds = _terms(terms or [], ZoneInfo(zone_name))
    return Facts(
        routes=tuple(_route(_Permission(*row)) for row in routes or ()),
        terms=rights,
        holds=holds,
        collaborations=tuple(
            Term(str(pk), _moment(starts_at), _moment(ends_at)) for pk, starts_at, ends_at in open_
        )
        if open_
        else (),
        has_product_link=None in (lost or ()),
        product_link_lost_at=_last(lost or []),
    )


def _last(lost: list[str | None]) -> datetime | None:
    """When the last product link went; None while one is there or there never was one."""
    gone = [_moment(one) for one in lost if one is not None]
    return max(one for one in gone if one) if gone and len(gone) == len(lost) else None


class _Permission(NamedTuple):
    """The columns of a permission that decide cover, and no codes or notes."""

    pk: int
    kind: str
    state: str
    starts_at: str | None
    ends_at: str | None
    end_source: str
    problem: str
    post_id: int | None


def _route(row: _Permission) -> Route:
    state = State(row.state)
    has_passed = state in {State.RENEWED, State.EXPIRED}
    is_confirmed = row.end_source == Authorization.EndSource.API
    # Handed in and without a confirmed end is not known yet, which is no refusal (AR4).
    is_open = state is State.SUBMITTED and not is_confirmed
    return Route(
        key=str(row.pk),
        kind=ClockKind(row.kind),
        starts_at=_moment(row.starts_at),
        ends_at=_moment(row.ends_at),
        end_is_confirmed=is_confirmed,
        chain=f"post-{row.post_id}" if row.post_id else f"account-{row.pk}",
        blocked="" if state in USABLE or has_passed or is_open else _blocked(row),
    )


def _blocked(row: _Permission) -> str:
    why = row.problem or f"It is {LABELS[State(row.state)]}."
    return why if why.endswith(".") else f"{why}."


def _terms(rows: Iterable[list[Any]], zone: ZoneInfo) -> tuple[tuple[Term, ...], tuple[Term, ...]]:
    """The rights of usage terms, and their holds. Days are the client's and inclusive."""
    rights, holds = [], []
    for pk, starts_on, ends_on, hold_until in rows:
        begin = _begin_of(date.fromisoformat(starts_on), zone)
        rights.append(Term(str(pk), begin, _end_of(ends_on, zone)))
        if hold_until:
            holds.append(Term(str(pk), begin, _end_of(hold_until, zone)))
    return tuple(rights), tuple(holds)


def _end_of(day: str | None, zone: ZoneInfo) -> datetime | None:
    return _begin_of(date.fromisoformat(day) + timedelta(days=1), zone) if day else None


def _begin_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
