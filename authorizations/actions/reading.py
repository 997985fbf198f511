"""What TikTok lists now, applied to the ledger: confirmed ends, extensions, losses (2.6, AR4)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from authorizations.actions.codes import fingerprint, put_code
from authorizations.actions.content_suite import listed_in_suite
from authorizations.actions.moves import begin, move_if_allowed
from authorizations.actions.watching import TIKTOK, note_found, note_unlisted
from authorizations.models import Authorization, Redemption
from authorizations.rules import renewal, watch
from authorizations.rules.redemption import Outcome, ReadBack, checked
from authorizations.rules.states import USABLE, State
from sparkops.catalog.models import AdAccount
from sparkops.landing.merge import Counts

CODE = Authorization.Kind.VIDEO_CODE
LISTED = (CODE, Authorization.Kind.CONTENT_SUITE)
"""Kinds that the list of authorized posts holds."""
REDEEMED = Redemption.State.REDEEMED.value
ASKED = (State.DRAFT, State.REQUESTED)
"""Rows of a chain that wait for a permission and are none yet."""
NEXT = {
    Authorization.Kind.VIDEO_CODE: "Hand the code in again, or ask the creator for a new one.",
    Authorization.Kind.ACCOUNT: "Ask the owner to link the account again.",
    Authorization.Kind.AFFILIATE_CREATIVE: "Ask the creator to switch it on again, or for a code.",
    Authorization.Kind.CONTENT_SUITE: "Ask the creator again.",
}


@dataclass(frozen=True)
class Listed:
    """One authorized post of one ad account. `code` is plain and lives only in memory."""

    post_id: int
    creator_id: int | None
    item_id: str
    code: str
    identity_id: str
    identity_type: str
    read: ReadBack


def apply_readings(readings: Sequence[Listed], account: AdAccount, *, now: datetime) -> Counts:
    """Bring the ledger to a page of the list; rows that say what is known cost three queries."""
    settled = _settled(readings, account, now)
    seen = list(settled.values())
    Redemption.objects.filter(pk__in=[one.pk for one in seen]).update(listed_at=now)
    Authorization.objects.filter(pk__in=[one.authorization_id for one in seen]).update(
        checked_at=now
    )
    news = [one for one in readings if one.item_id not in settled]
    for listed in news:
        apply_reading(listed, account, now=now)
    return Counts(changed=len(news), unchanged=len(seen))


def _settled(
    readings: Sequence[Listed], account: AdAccount, now: datetime
) -> dict[str, Redemption]:
    """Redemptions, by item id, whose ledger row already says what the list says."""
    by_print = {fingerprint(one.code): one for one in readings if one.code}
    rows = (
        Redemption.objects.filter(
            ad_account=account,
            state=REDEEMED,
            authorization__kind=CODE,
            authorization__code_fingerprint__in=by_print,
        )
        .exclude(authorization__state__in=[State.RENEWED, State.SUPERSEDED])
        .select_related("authorization")
    )
    return {
        listed.item_id: one
        for one in rows
        if _says_the_same(one, listed := by_print[one.authorization.code_fingerprint], now)
    }


def _says_the_same(one: Redemption, listed: Listed, now: datetime) -> bool:
    row, outcome = one.authorization, checked(listed.read, now=now)
    known = (row.post_id, row.starts_at, row.ends_at, one.status_word, one.identity_id)
    read = listed.read
    if known != (
        listed.post_id,
        read.starts_at,
        read.ends_at,
        read.authorization_word,
        listed.identity_id,
    ):
        return False
    if row.problem_code != ("" if outcome.usable else outcome.code):
        return False
    return (State(row.state) in USABLE) is outcome.usable


def apply_reading(listed: Listed, account: AdAccount, *, now: datetime) -> Authorization:
    """Bring the ledger to what TikTok lists for one post; returns the row that counts now."""
    _reject_misplaced(listed, now)
    row = _row_of(listed, now)
    outcome = checked(listed.read, now=now)
    row.checked_at = now
    row.post_id, row.creator_id = listed.post_id, row.creator_id or listed.creator_id
    _confirm_times(row, listed.read)
    row.problem_code = "" if outcome.usable else outcome.code
    row.problem = "" if outcome.usable else outcome.sentence
    row.next_action = outcome.next_action
    row.verified_at = row.verified_at or (now if outcome.usable else None)
    row.save()
    _settle_state(row, outcome, now)
    _note_redemption(row, listed, account, outcome, now)
    return row


def note_missing(
    account: AdAccount,
    *,
    since: datetime,
    now: datetime,
    kinds: Collection[str] = LISTED,
    item_ids: Collection[str] | None = None,
) -> int:
    """Take note of what the account's list has not held since `since`; returns how many.

    A list that shifts while it is paged can miss a row, so `since` is the reading before the last.
    With `item_ids` only these posts are looked at: those that TikTok was asked for by id.
    """
    rows = Redemption.objects.filter(
        ad_account=account, state=REDEEMED, authorization__kind__in=kinds, listed_at__lt=since
    ).select_related("authorization", "ad_account")
    if item_ids is not None:
        rows = rows.filter(authorization__post__item_id__in=item_ids)
    missing = list(rows)
    for one in missing:
        one.state = Redemption.State.UNBOUND.value
        one.problem_code = "not_listed"
        one.problem = "TikTok no longer lists it in this ad account: it was removed there."
        one.answered_at = now
        one.save()
        note_unlisted(one, one.problem, now=now)
        end_if_nowhere(one.authorization, one.problem, now)
    return len(missing)


def end_if_nowhere(row: Authorization, reason: str, now: datetime) -> None:
    """End a permission that no ad account has any more."""
    if State(row.state) not in USABLE:
        return
    if row.redemptions.filter(state=REDEEMED).exists():
        return
    row.problem_code, row.problem = "not_listed", reason
    row.next_action = NEXT[Authorization.Kind(row.kind)]
    row.save()
    move_if_allowed(row, State.REVOKED.value, by=TIKTOK, now=now, reason=reason)


def _reject_misplaced(listed: Listed, now: datetime) -> None:
    """A code handed in for one post that TikTok lists for another: the hand-in is refused, and the
    code is left to the post it is of."""
    if not listed.code:
        return
    row = (
        Authorization.objects.filter(kind=CODE, code_fingerprint=fingerprint(listed.code))
        .filter(state__in=[State.DRAFT, State.SUBMITTED])
        .exclude(post=None)
        .exclude(post_id=listed.post_id)
        .select_related("post")
        .first()
    )
    if row is None or row.post is None:
        return
    outcome = checked(listed.read, now=now, expected_item_id=row.post.item_id)
    row.code_fingerprint = ""
    row.problem_code, row.problem = outcome.code, outcome.sentence
    row.next_action = outcome.next_action
    row.checked_at = now
    row.save()
    move_if_allowed(row, State.REJECTED.value, by=TIKTOK, now=now, reason=outcome.sentence)
    row.redemptions.exclude(state=REDEEMED).update(
        state=Redemption.State.REFUSED,
        problem_code=outcome.code,
        problem=f"{outcome.sentence} {outcome.next_action}",
        answered_at=now,
    )


def _row_of(listed: Listed, now: datetime) -> Authorization:
    """The row for this reading: the known one, or the next generation of the post's chain."""
    granted = None
    if not listed.code:
        granted = listed_in_suite(listed.post_id, listed.read.ends_at, now=now)
    if granted is not None:
        return granted
    print_ = fingerprint(listed.code) if listed.code else ""
    chain = _chain(listed.post_id, print_)
    given = [row for row in chain if row.state not in ASKED]
    same = [row for row in given if row.code_fingerprint == print_]
    if same and same[-1].post_id is None:
        # Handed in before TikTok said which post it is of: it joins the post's chain here.
        return _join(same[-1], [row for row in chain if row.pk != same[-1].pk], listed, now)
    newest = chain[-1] if chain else None
    if not given:
        row = _begin(listed, newest, State.DRAFT.value, now, "TikTok lists the permission.")
        _close_requests(chain, now)
        return row
    found = _renewal(given, listed)
    if found.change in {renewal.Change.EXTENSION, renewal.Change.NEW_CODE}:
        return _succeed(chain, listed, found, now)
    row = same[-1] if same else given[-1]
    if row.state == State.REVOKED and checked(listed.read, now=now).usable:
        return _succeed(chain, listed, _given_again(row), now)
    return row


def _renewal(given: Sequence[Authorization], listed: Listed) -> renewal.Renewal:
    print_ = fingerprint(listed.code) if listed.code else ""
    return renewal.renewed([_generation(row, listed) for row in given], _reading(listed, print_))


def _close_requests(chain: Sequence[Authorization], now: datetime) -> None:
    """What was asked for has come, by extension or by a new code."""
    for row in chain:
        if row.state in ASKED:
            reason = "The permission that was asked for has come."
            move_if_allowed(row, State.SUPERSEDED.value, by=TIKTOK, now=now, reason=reason)


def _given_again(row: Authorization) -> renewal.Renewal:
    """What was revoked stays in the history; what TikTok lists again is a new row."""
    return renewal.Renewal(
        renewal.Change.NEW_CODE,
        str(row.pk),
        "The creator gave the permission again.",
        leads=True,
        old_state=State.SUPERSEDED,
    )


def _chain(post_id: int, print_: str) -> list[Authorization]:
    rows = Authorization.objects.filter(kind=CODE)
    by_post = rows.filter(post_id=post_id)
    by_code = rows.filter(code_fingerprint=print_, post=None) if print_ else rows.none()
    return sorted((by_post | by_code).distinct(), key=lambda row: (row.generation, row.pk))


def _generation(row: Authorization, listed: Listed) -> renewal.Generation:
    return renewal.Generation(
        key=str(row.pk),
        number=row.generation,
        item_id=listed.item_id,
        code=row.code_fingerprint,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        state=State(row.state),
    )


def _reading(listed: Listed, print_: str) -> renewal.Reading:
    return renewal.Reading(listed.item_id, print_, listed.read.starts_at, listed.read.ends_at)


def _begin(
    listed: Listed, previous: Authorization | None, state: str, now: datetime, reason: str
) -> Authorization:
    row = Authorization(
        kind=CODE.value,
        state=state,
        post_id=listed.post_id,
        creator_id=listed.creator_id,
        previous=previous,
        generation=previous.generation + 1 if previous else 1,
        stated_ends_at=previous.stated_ends_at if previous and previous.state in ASKED else None,
        source="tiktok",
    )
    if listed.code:
        put_code(row, listed.code)
    begin(row, by=TIKTOK, now=now, reason=reason)
    return row


def _succeed(
    chain: Sequence[Authorization], listed: Listed, found: renewal.Renewal, now: datetime
) -> Authorization:
    """The next generation of a chain, which takes over unless the present one lasts longer."""
    if not found.leads:
        return _begin(listed, chain[-1], State.SUPERSEDED.value, now, found.sentence)
    leader = next(row for row in chain if str(row.pk) == found.key)
    after = found.old_state or State.RENEWED
    move_if_allowed(leader, after.value, by=TIKTOK, now=now, reason=found.sentence)
    if found.change is renewal.Change.EXTENSION:
        _note_extension(chain, leader, listed, now)
    row = _begin(listed, chain[-1], State.DRAFT.value, now, found.sentence)
    _carry_redemptions(leader, row, now)
    _close_requests(chain, now)
    return row


def _note_extension(
    chain: Sequence[Authorization], leader: Authorization, listed: Listed, now: datetime
) -> None:
    asked = any(row.state in ASKED for row in chain)
    found = watch.extension(leader.ends_at, listed.read.ends_at, asked=asked)
    if found is not None:
        note_found(found, now=now, post_id=listed.post_id)


def _join(
    joined: Authorization, others: Sequence[Authorization], listed: Listed, now: datetime
) -> Authorization:
    """A handed-in code becomes a generation of its post's chain, and leads if it lasts longest."""
    joined.post_id = listed.post_id
    if others:
        joined.previous, joined.generation = others[-1], others[-1].generation + 1
    joined.save()
    given = [row for row in others if row.state not in ASKED]
    if not checked(listed.read, now=now).usable:
        return joined
    found = _renewal(given, listed) if given else None
    if found is not None and not found.leads:
        move_if_allowed(joined, State.SUPERSEDED.value, by=TIKTOK, now=now, reason=found.sentence)
        return joined
    if found is not None:
        leader = next(row for row in given if str(row.pk) == found.key)
        after = found.old_state or State.RENEWED
        move_if_allowed(leader, after.value, by=TIKTOK, now=now, reason=found.sentence)
    _close_requests(others, now)
    return joined


def _carry_redemptions(old: Authorization, new: Authorization, now: datetime) -> None:
    """An extension keeps the same code, so every account that redeemed it still has it."""
    if old.code_fingerprint != new.code_fingerprint:
        return
    Redemption.objects.bulk_create(
        [
            Redemption(
                authorization=new,
                ad_account_id=one.ad_account_id,
                state=one.state,
                identity_id=one.identity_id,
                identity_type=one.identity_type,
                status_word=one.status_word,
                requested_at=one.requested_at,
                answered_at=now,
                listed_at=one.listed_at,
            )
            for one in old.redemptions.filter(state=Redemption.State.REDEEMED)
        ],
        ignore_conflicts=True,
    )


def _confirm_times(row: Authorization, read: ReadBack) -> None:
    row.starts_at = read.starts_at or row.starts_at
    if read.ends_at is not None:
        row.ends_at = read.ends_at
        row.end_source = Authorization.EndSource.API.value


def _settle_state(row: Authorization, outcome: Outcome, now: datetime) -> None:
    if outcome.state is None:
        return
    after = outcome.state
    if after is State.VERIFIED and State(row.state) in USABLE:
        return
    if after is State.SUBMITTED and row.state != State.DRAFT.value:
        return
    if State(row.state) is State.DRAFT and after not in {State.VERIFIED, State.SUBMITTED}:
        # The ledger learns of it only now: it was usable once and is not any more.
        move_if_allowed(row, "submitted", by=TIKTOK, now=now, reason="TikTok lists the permission.")
    move_if_allowed(row, after.value, by=TIKTOK, now=now, reason=outcome.sentence)


def _note_redemption(
    row: Authorization, listed: Listed, account: AdAccount, outcome: Outcome, now: datetime
) -> None:
    answer = {
        "state": REDEEMED,
        "identity_id": listed.identity_id,
        "identity_type": listed.identity_type,
        "status_word": listed.read.authorization_word,
        "problem_code": "" if outcome.usable else outcome.code,
        "problem": "" if outcome.usable else outcome.sentence,
        "answered_at": now,
        "listed_at": now,
    }
    Redemption.objects.update_or_create(
        authorization=row,
        ad_account=account,
        defaults=answer,
        create_defaults={**answer, "requested_at": now},
    )
