"""Telling TikTok which posts a GMV Max campaign uses (contract 7)."""

from datetime import datetime

from campaigns.actions.gmv_max import CHOOSE, note_chosen, note_not_chosen, products_of
from campaigns.models import GmvMaxChoice
from sparkops.connections.apis import ads_api
from sparkops.isolation.scope import client_scope
from sparkops.outbox.models import Command
from sparkops.outbox.queue import Outcome
from sparkops.tiktok import errors
from sparkops.tiktok.ads.api import AdsApi

NOT_PRIMARY = (
    "Another ad account holds the shop's GMV Max right: {holder}. A shop has one; use that account,"
    " or move the right in Ads Manager, which pauses what runs there."
)


def choose_post(client_id: int, command: Command, now: datetime) -> Outcome:
    """Put a post in or take it out, if the account holds the shop's right. Repeating it is safe:
    a post that is in, or out, stays so."""
    with client_scope(client_id):
        rows = GmvMaxChoice.objects.select_related("campaign__ad_account__shop", "post")
        row = rows.get(pk=command.payload["choice"])
        products = products_of(row.post, row.campaign.ad_account.shop_id)
    account = row.campaign.ad_account
    with ads_api(client_id, account.connection_id) as api:
        shop_id = account.shop.shop_id if account.shop else ""
        if holder := other_holder(api, account.advertiser_id, shop_id):
            sentence = NOT_PRIMARY.format(holder=holder)
            return Outcome(
                {"result": "not the primary account"},
                lambda: note_not_chosen(command, sentence, now=now),
            )
        api.gmv_max.choose_posts(
            account.advertiser_id,
            row.campaign.campaign_id,
            "ADD" if row.included else "REMOVE",
            {row.post.item_id: products},
        )
    return Outcome({"result": "done"}, lambda: note_chosen(row.pk))


def not_chosen(command: Command, error: errors.TikTokError, now: datetime) -> None:
    """TikTok refused it."""
    note_not_chosen(command, str(error.sentence), now=now)


def other_holder(api: AdsApi, advertiser_id: str, shop_id: str) -> str:
    """The ad account that holds the shop's right instead of this one, "" when this one may."""
    for store in api.gmv_max.stores(advertiser_id).items:
        holder = store.exclusive_authorized_advertiser_info
        if store.store_id == shop_id and holder and holder.advertiser_id != advertiser_id:
            return holder.advertiser_name or holder.advertiser_id
    return ""


HANDLERS = {CHOOSE: choose_post}
ON_REFUSAL = {CHOOSE: not_chosen}
