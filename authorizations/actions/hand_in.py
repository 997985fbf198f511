"""Codes handed in, from whatever was pasted, and their way into the ad accounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from authorizations.actions.codes import fingerprint, put_code
from authorizations.actions.moves import begin, move_if_allowed
from authorizations.actions.refusal import record_refusal
from authorizations.models import Authorization, Fee, Redemption
from authorizations.queries.room import room_in
from authorizations.rules.codes import CodesRead, find_codes
from authorizations.rules.fees import HELD, is_held
from authorizations.rules.room import ACCOUNT_FULL, refusal
from authorizations.rules.states import USABLE, State
from sparkops.audit.record import Actor, record
from sparkops.catalog.models import AdAccount
from sparkops.crypto import masked
from sparkops.errors import Refusal
from sparkops.isolation.scope import current_client_id
from sparkops.outbox.models import Command
from sparkops.outbox.queue import put
from sparkops.tenants.models import Client

REDEEM = "authorizations.redeem"
MAX_CODES = 1_000
ON_THE_WAY = (Redemption.State.WAITING, Redemption.State.RETRY)


@dataclass(frozen=True)
class HandInLine:
    """What became of one piece of the text. `result` is new, known, repeat or refused."""

    line: int
    mask: str
    result: str
    sentence: str
    authorization_id: int | None = None


def hand_in_codes(
    text: str, *, ad_accounts: Sequence[AdAccount], by: Actor, now: datetime
) -> list[HandInLine]:
    """Take every code in `text`, once each, and ask the ad accounts to redeem it.

    Raises Refusal when there is nothing to do. Lines that are no code are returned with the reason.
    """
    found = find_codes(text)
    if not found.codes and not found.rejected:
        raise Refusal(
            "no_code",
            "There is no Spark code in this text. A code looks like #AbC…=.",
            field="text",
        )
    if not ad_accounts:
        raise Refusal(
            "no_ad_account", "Choose at least one ad account to use the codes in.", field="accounts"
        )
    if len(found.codes) > MAX_CODES:
        raise Refusal("too_many", f"Hand in at most {MAX_CODES:,} codes at a time.", field="text")
    return _take(found, ad_accounts, by, now)


def _take(
    found: CodesRead, ad_accounts: Sequence[AdAccount], by: Actor, now: datetime
) -> list[HandInLine]:
    lines = []
    for one in found.codes:
        authorization, is_new = take_code(one.code, source="paste", by=by, now=now)
        asked = ask_to_redeem(authorization, ad_accounts, by=by, now=now)
        sentence = _sentence(is_new, asked, authorization)
        result = "new" if is_new else "known"
        lines.append(
            HandInLine(one.line, authorization.code_mask, result, sentence, authorization.pk)
        )
    lines += [
        HandInLine(one.line, masked(one.code), "repeat", "The same code stands above.")
        for one in found.repeats
    ]
    lines += [
        HandInLine(one.line, masked(one.text), "refused", one.reason.sentence)
        for one in found.rejected
    ]
    return sorted(lines, key=lambda line: line.line)


def take_code(
    code: str,
    *,
    source: str,
    by: Actor,
    now: datetime,
    post_id: int | None = None,
    creator_id: int | None = None,
    stated_ends_at: datetime | None = None,
) -> tuple[Authorization, bool]:
    """The authorization of a code and whether it is new. A known one is handed in again."""
    known = (
        Authorization.objects.filter(code_fingerprint=fingerprint(code))
        .order_by("-generation", "-pk")
        .first()
    )
    if known is not None:
        _fill(known, post_id, creator_id, stated_ends_at)
        move_if_allowed(known, "submitted", by=by, now=now, reason="The code was handed in again.")
        return known, False
    authorization = Authorization(
        kind=Authorization.Kind.VIDEO_CODE.value,
        state=Authorization.State.SUBMITTED.value,
        post_id=post_id,
        creator_id=creator_id,
        stated_ends_at=stated_ends_at,
        end_source=_stated(stated_ends_at),
        source=source,
    )
    put_code(authorization, code)
    begin(authorization, by=by, now=now, reason="A code was handed in.")
    return authorization, True


def _fill(
    row: Authorization,
    post_id: int | None,
    creator_id: int | None,
    stated_ends_at: datetime | None,
) -> None:
    """Add what is said now to a code that was known before; what TikTok read back stays."""
    row.post_id = row.post_id or post_id
    row.creator_id = row.creator_id or creator_id
    row.stated_ends_at = stated_ends_at or row.stated_ends_at
    if row.end_source != Authorization.EndSource.API:
        row.end_source = _stated(row.stated_ends_at)
    row.save()


def _stated(ends_at: datetime | None) -> str:
    source = Authorization.EndSource
    return source.CREATOR_STATED.value if ends_at else source.UNKNOWN.value


def import_authorization(
    *,
    post_id: int | None,
    creator_id: int | None,
    code: str,
    stated_ends_at: datetime | None = None,
    by: Actor,
    now: datetime,
) -> tuple[Authorization, bool]:
    """A permission named in a spreadsheet, and whether it is new.

    With a code it is handed in and every ad account of the client is asked to redeem it; the end
    the sheet states is kept beside what TikTok says (AR4). Without one it is what has to be asked
    for: a request. Raises Refusal when there is neither a code nor a post.
    """
    if code.strip():
        row, is_new = take_code(
            code,
            source="import",
            by=by,
            now=now,
            post_id=post_id,
            creator_id=creator_id,
            stated_ends_at=stated_ends_at,
        )
        ask_to_redeem(row, list(AdAccount.objects.order_by("pk")), by=by, now=now)
        return row, is_new
    if post_id is None:
        raise Refusal("no_code", "This row has neither a code nor a post to ask for.")
    known = Authorization.objects.filter(post_id=post_id).order_by("-generation", "-pk").first()
    if known is not None:
        return known, False
    row = Authorization(
        kind=Authorization.Kind.VIDEO_CODE.value,
        state=Authorization.State.DRAFT.value,
        post_id=post_id,
        creator_id=creator_id,
        stated_ends_at=stated_ends_at,
        end_source=_stated(stated_ends_at),
        source="import",
    )
    begin(row, by=by, now=now, reason="A spreadsheet names it; its code is not known yet.")
    return row, True


def ask_to_redeem(
    authorization: Authorization, ad_accounts: Sequence[AdAccount], *, by: Actor, now: datetime
) -> int:
    """One redemption and one command per ad account; returns how many are on their way or held.

    Accounts that have a working permission are left alone; full ones are refused (TA3). One that
    has run out is asked again: the creator may have extended the same code.
    """
    works = State(authorization.state) in USABLE
    asked = 0
    for account in ad_accounts:
        redemption, is_new = Redemption.objects.get_or_create(
            authorization=authorization, ad_account=account, defaults={"requested_at": now}
        )
        if is_new:
            _send_or_keep(redemption, by=by, now=now)
        elif redemption.state == Redemption.State.HELD:
            release(redemption, by=by, now=now)
        elif redemption.state == Redemption.State.REDEEMED and works:
            continue
        elif redemption.state not in ON_THE_WAY:
            retry(redemption, by=by, now=now)
        asked += redemption.state != Redemption.State.REFUSED
    return asked


def retry(redemption: Redemption, *, by: Actor, now: datetime) -> None:
    """Try an answered redemption once more."""
    redemption.state = Redemption.State.WAITING.value
    redemption.problem_code = redemption.problem = ""
    redemption.requested_at = now
    redemption.save()
    authorization = redemption.authorization
    move_if_allowed(authorization, "submitted", by=by, now=now, reason="It is tried once more.")
    _send_or_keep(redemption, by=by, now=now)


def release(redemption: Redemption, *, by: Actor, now: datetime) -> bool:
    """Send a held redemption if nothing holds it any more; whether it goes (N9)."""
    redemption.state = Redemption.State.WAITING.value
    redemption.problem_code = redemption.problem = ""
    redemption.requested_at = now
    redemption.save()
    return _send_or_keep(redemption, by=by, now=now)


def _send_or_keep(redemption: Redemption, *, by: Actor, now: datetime) -> bool:
    """Ask TikTok, unless the account is full; or keep the sealed code until its fee is paid."""
    room = room_in(redemption.ad_account)
    if room.is_full:
        record_refusal(redemption, refusal(room), now=now)
        return False
    fee = Fee.objects.filter(authorization=redemption.authorization_id).first()
    client = Client.objects.get(pk=current_client_id())
    if not is_held(fee.state if fee else None, hold_until_paid=client.hold_codes_until_paid):
        _enqueue(redemption, by=by, now=now)
        return True
    redemption.state = Redemption.State.HELD.value
    redemption.problem_code, redemption.problem = "fee_not_paid", HELD
    redemption.save()
    record("authorization.code_held", redemption.authorization, by=by, now=now, reason=HELD)
    return False


def _enqueue(redemption: Redemption, *, by: Actor, now: datetime) -> Command:
    # The time of asking is part of the key: asking again after an answer is another command.
    asked = redemption.requested_at.isoformat()
    return put(
        REDEEM, f"{REDEEM}:{redemption.pk}:{asked}", {"redemption": redemption.pk}, by=by, now=now
    )


def _sentence(is_new: bool, asked: int, authorization: Authorization) -> str:
    answered = list(authorization.redemptions.select_related("ad_account").order_by("pk"))
    if any(one.state == Redemption.State.HELD for one in answered):
        return f"{HELD} Finance marks it paid on the code's page."
    full = [str(one.ad_account) for one in answered if one.problem_code == ACCOUNT_FULL]
    told = f" Not for {', '.join(full)}: TikTok's limit of Spark Ads is reached." if full else ""
    taken = "Taken" if is_new else "Known from before"
    if not asked:
        return f"{taken}.{told}" if told else "This code is already in use in these ad accounts."
    where = "1 ad account" if asked == 1 else f"{asked} ad accounts"
    return f"{taken}; TikTok is asked for {where}.{told}"
