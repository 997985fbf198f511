"""What TikTok lists now, applied to the ledger: confirmed ends, extensions, losses (2.6, AR4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from authorizations.actions.codes import fingerprint, put_code
from authorizations.actions.moves import begin, move_if_allowed
from authorizations.models import Authorization, Redemption
from authorizations.rules import renewal
from authorizations.rules.redemption import Outcome, ReadBack, checked
from authorizations.rules.states import USABLE, State
from sparkops.audit.record import Actor
from sparkops.catalog.models import AdAccount

TIKTOK = Actor("TikTok")
CODE = Authorization.Kind.VIDEO_CODE


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


def apply_reading(listed: Listed, account: AdAccount, *, now: datetime) -> Authorization:
    """Bring the ledger to what TikTok lists for one post; returns the row that counts now."""
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


def _row_of(listed: Listed, now: datetime) -> Authorization:
    """The row for this reading: the known one, or the next generation of the post's chain."""
    print_ = fingerprint(listed.code) if listed.code else ""
    chain = _chain(listed.post_id, print_)
    if not chain:
        return _begin(listed, None, State.DRAFT.value, now, "TikTok lists the permission.")
    newest = max(chain, key=lambda row: row.generation)
    same = [row for row in chain if row.code_fingerprint == print_]
    if same and same[-1].post_id is None:
        # Handed in before TikTok said which post it is of: it joins the post's chain here.
        joined = same[-1]
        others = [row for row in chain if row.pk != joined.pk]
        if others:
            return _join(joined, others, listed, now)
        return joined
    found = renewal.renewed([_generation(row, listed) for row in chain], _reading(listed, print_))
    if found.change in {renewal.Change.EXTENSION, renewal.Change.NEW_CODE}:
        leader = next(row for row in chain if str(row.pk) == found.key)
        return _succeed(leader, newest, listed, found, now)
    return same[-1] if same else newest


def _chain(post_id: int, print_: str) -> list[Authorization]:
    rows = Authorization.objects.filter(kind=CODE)
    by_post = rows.filter(post_id=post_id)
    by_code = rows.filter(code_fingerprint=print_) if print_ else rows.none()
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
        source="tiktok",
    )
    if listed.code:
        put_code(row, listed.code)
    begin(row, by=TIKTOK, now=now, reason=reason)
    return row


def _succeed(
    leader: Authorization,
    newest: Authorization,
    listed: Listed,
    found: renewal.Renewal,
    now: datetime,
) -> Authorization:
    if not found.leads:
        return leader
    after = found.old_state or State.RENEWED
    move_if_allowed(leader, after.value, by=TIKTOK, now=now, reason=found.sentence)
    row = _begin(listed, newest, State.DRAFT.value, now, found.sentence)
    _carry_redemptions(leader, row, now)
    return row


def _join(
    joined: Authorization, others: Sequence[Authorization], listed: Listed, now: datetime
) -> Authorization:
    newest = max(others, key=lambda row: row.generation)
    joined.post_id = listed.post_id
    joined.previous, joined.generation = newest, newest.generation + 1
    joined.save()
    reason = "A new code for the same post took its place."
    after = (
        "renewed" if State(newest.state) in USABLE or newest.state == "expired" else "superseded"
    )
    move_if_allowed(newest, after, by=TIKTOK, now=now, reason=reason)
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
            )
            for one in old.redemptions.filter(state=Redemption.State.REDEEMED)  # type: ignore[attr-defined]
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
    Redemption.objects.update_or_create(
        authorization=row,
        ad_account=account,
        defaults={
            "state": Redemption.State.REDEEMED.value,
            "identity_id": listed.identity_id,
            "identity_type": listed.identity_type,
            "status_word": listed.read.authorization_word,
            "problem_code": "" if outcome.usable else outcome.code,
            "problem": "" if outcome.usable else outcome.sentence,
            "answered_at": now,
        },
        create_defaults={
            "state": Redemption.State.REDEEMED.value,
            "identity_id": listed.identity_id,
            "identity_type": listed.identity_type,
            "status_word": listed.read.authorization_word,
            "problem_code": "" if outcome.usable else outcome.code,
            "problem": "" if outcome.usable else outcome.sentence,
            "requested_at": now,
            "answered_at": now,
        },
    )
