"""TikTok accounts linked to an ad account: permissions without a code (marketing contract 5.3)."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from authorizations.actions.moves import begin, move_if_allowed
from authorizations.actions.reading import note_missing
from authorizations.actions.watching import TIKTOK, note_linked_again
from authorizations.models import Authorization, Redemption
from creators.actions.known import know_creators
from creators.rules.handles import plain_handle
from sparkops.catalog.inbound import ad_account_parts, open_ads
from sparkops.catalog.models import AdAccount
from sparkops.connections.models import Connection
from sparkops.landing.merge import Counts
from sparkops.landing.streams import Context, Stream, Window
from sparkops.tiktok.ads.api import AdsApi
from sparkops.tiktok.ads.identities import Identity

OWN = "TT_USER"
BY_BUSINESS_CENTER = "BC_AUTH_TT"
AVAILABLE = {"", "AVAILABLE"}


def _pages(api: AdsApi, part: str, _window: Window) -> Iterator[Any]:
    yield from api.identities.pages(part, OWN)
    for centers in api.business_centers.pages():
        for center in centers.items:
            yield from api.identities.pages(
                part, BY_BUSINESS_CENTER, identity_authorized_bc_id=center.bc_info.bc_id
            )


def load_accounts(identities: Sequence[Identity], context: Context) -> Counts:
    """One authorization per linked account; it has no end of its own and lasts until unlinked."""
    account = AdAccount.objects.get(advertiser_id=context.part)
    handles = {
        one.identity_id: plain_handle(one.username or one.display_name) for one in identities
    }
    creators = know_creators(
        [handle for handle in handles.values() if " " not in handle],
        now=context.now,
        source="ads",
    )
    added = 0
    for one in identities:
        row, is_new = _row(one, creators.get(handles[one.identity_id]), context)
        added += is_new
        usable = one.available_status in AVAILABLE
        move_if_allowed(
            row,
            "verified" if usable else "revoked",
            by=TIKTOK,
            now=context.now,
            reason="TikTok lists the linked account."
            if usable
            else f"TikTok says: {one.available_status}",
        )
        _note_account(row, one, account, context.now)
        if usable:
            note_linked_again(row, account, now=context.now)
    return Counts(added=added, unchanged=len(identities) - added)


def note_unlinked(context: Context) -> Counts:
    """Accounts that neither this reading nor the one before found are no longer linked."""
    if context.window.since is None:
        return Counts()
    account = AdAccount.objects.get(advertiser_id=context.part)
    since, now = context.window.since, context.now
    kinds = [Authorization.Kind.ACCOUNT]
    return Counts(changed=note_missing(account, since=since, now=now, kinds=kinds))


def _note_account(row: Authorization, one: Identity, account: AdAccount, now: datetime) -> None:
    answer = {
        "state": Redemption.State.REDEEMED.value,
        "identity_id": one.identity_id,
        "identity_type": one.identity_type,
        "identity_bc_id": one.identity_authorized_bc_id,
        "status_word": one.available_status,
        "answered_at": now,
        "listed_at": now,
    }
    Redemption.objects.update_or_create(
        authorization=row,
        ad_account=account,
        defaults=answer,
        create_defaults={**answer, "requested_at": now},
    )


def _row(one: Identity, creator_id: int | None, context: Context) -> tuple[Authorization, bool]:
    """The account's row that counts; one that is linked again after its end is a new generation."""
    known = (
        Authorization.objects.filter(
            kind=Authorization.Kind.ACCOUNT, redemptions__identity_id=one.identity_id
        )
        .order_by("-generation", "-pk")
        .first()
    )
    is_back = (
        known is not None
        and known.state == Authorization.State.REVOKED
        and one.available_status in AVAILABLE
    )
    if known is not None and not is_back:
        return known, False
    row = Authorization(
        kind=Authorization.Kind.ACCOUNT.value,
        state=Authorization.State.DRAFT.value,
        creator_id=creator_id,
        previous=known,
        generation=known.generation + 1 if known else 1,
        end_source=Authorization.EndSource.API.value,
        source="tiktok",
    )
    begin(row, by=TIKTOK, now=context.now, reason="The account is linked.")
    return row, True


IDENTITIES = Stream(
    name="identities",
    label="Linked TikTok accounts",
    kind=Connection.Kind.ADS,
    # Ads under a linked account stop with the link, so it is looked at as often as posts are.
    every=timedelta(minutes=10),
    parts=ad_account_parts,
    open=open_ads,
    pages=_pages,
    load=load_accounts,
    finish=note_unlinked,
    # As with authorized posts: windows meet without overlap, and every reading sees every row.
    overlap=timedelta(0),
    first=None,
    skip_equal_pages=False,
)
