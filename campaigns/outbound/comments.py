"""Hiding, showing and answering comments at TikTok (contract 9)."""

from datetime import datetime, timedelta

from campaigns.actions.comments import COMMENT, note_done, note_refused
from campaigns.models import AdComment
from sparkops.connections.apis import ads_api
from sparkops.isolation.scope import client_scope
from sparkops.outbox.models import Command
from sparkops.outbox.queue import Outcome
from sparkops.tiktok import errors
from sparkops.tiktok.ads.api import AdsApi
from sparkops.tiktok.ads.identities import IdentityRef


def do_comment(client_id: int, command: Command, now: datetime) -> Outcome:
    """Hiding may be repeated; an answer is looked for before it is sent again."""
    with client_scope(client_id):
        rows = AdComment.objects.select_related("ad__ad_account", "ad__ad_group")
        row = rows.get(pk=command.payload["comment"])
    ad, text = row.ad, str(command.payload["text"])
    with ads_api(client_id, ad.ad_account.connection_id) as api:
        if command.payload["do"] != AdComment.Doing.REPLY:
            to_hide = command.payload["do"] == AdComment.Doing.HIDE
            api.comments.set_visibility(
                ad.ad_account.advertiser_id, [row.comment_id], "HIDDEN" if to_hide else "PUBLIC"
            )
        elif command.attempts <= 1 or not _is_answered(api, row, text, now):
            api.comments.reply(
                ad.ad_account.advertiser_id,
                IdentityRef(ad.identity_id, ad.identity_type, ad.identity_bc_id),
                ad_id=ad.ad_id,
                tiktok_item_id=ad.item_id,
                comment_id=row.comment_id,
                text=text,
            )
    return Outcome({"result": "done"}, lambda: note_done(command, now=now))


def _is_answered(api: AdsApi, row: AdComment, text: str, now: datetime) -> bool:
    pages = api.comments.pages(
        row.ad.ad_account.advertiser_id,
        row.ad.ad_group.adgroup_id,
        row.written_at.date(),
        (now + timedelta(days=1)).date(),
        comment_types=["REPLY"],
    )
    return any(
        one.original_comment_id == row.comment_id and one.content == text
        for page in pages
        for one in page.items
    )


def not_done(command: Command, error: errors.TikTokError, now: datetime) -> None:
    """TikTok refused it."""
    note_refused(command, str(error.sentence), now=now)


HANDLERS = {COMMENT: do_comment}
ON_REFUSAL = {COMMENT: not_done}
