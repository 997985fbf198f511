"""Changing switches, budgets and bids at TikTok, after a look at what stands there."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from campaigns.actions.parts import (
    CHANGE,
    MODELS,
    Change,
    change_of,
    note_changed,
    note_not_changed,
)
from campaigns.models import AdGroup, Level
from campaigns.queries.guards import account_of
from sparkops.connections.apis import ads_api
from sparkops.isolation.scope import client_scope
from sparkops.outbox.models import Command
from sparkops.outbox.queue import Outcome
from sparkops.tiktok import errors
from sparkops.tiktok.ads.api import AdsApi
from sparkops.tiktok.ads.drafts import AdGroupPatch, CampaignPatch, GmvMaxPatch

BY_HAND = (
    "The {field} at TikTok is {found}, not {before} any more: somebody changed it there."
    " Nothing was overwritten."
)


def change_part(client_id: int, command: Command, now: datetime) -> Outcome:
    """Make one change, unless it is made already or TikTok shows another start than expected."""
    change = change_of(command)
    with client_scope(client_id):
        row = _row(change)
        account = account_of(row)
    with ads_api(client_id, account.connection_id) as api:
        found = _standing(api, account.advertiser_id, change, row)
        if not _same(found, change.after):
            if not _same(found, change.before):
                sentence = BY_HAND.format(field=change.field, found=found, before=change.before)
                return Outcome(
                    {"result": "changed by hand", "found": found},
                    lambda: note_not_changed(command, sentence, now=now),
                )
            _write(api, account.advertiser_id, change, row)
    return Outcome({"result": "changed"}, lambda: note_changed(change, now=now))


def not_changed(command: Command, error: errors.TikTokError, now: datetime) -> None:
    """TikTok refused the change."""
    note_not_changed(command, str(error.sentence), now=now)


def _row(change: Change) -> Any:
    join = "campaign__ad_account" if change.level == Level.AD_GROUP else "ad_account"
    return MODELS[change.level].objects.select_related(join).get(pk=change.pk)


def _standing(api: AdsApi, advertiser: str, change: Change, row: Any) -> str:
    """What TikTok shows now for the field of the change."""
    if change.level == Level.AD_GROUP:
        found = _first(api.ad_groups.pages(advertiser, adgroup_ids=[row.adgroup_id]))
    elif change.level == Level.CAMPAIGN and row.is_gmv_max:
        found = api.gmv_max.campaign_info(advertiser, row.campaign_id).value
    elif change.level == Level.CAMPAIGN:
        found = _first(api.campaigns.pages(advertiser, campaign_ids=[row.campaign_id]))
    else:
        found = _first(api.ads.pages(advertiser, ad_ids=[row.ad_id]))
    if change.field == "status":
        return str(found.operation_status)
    return str(getattr(found, _name_of(change, row)))


def _name_of(change: Change, row: Any) -> str:
    """TikTok's name for the field of a change."""
    names = {"budget": "budget", "target": "roas_bid"}
    return str(row.bid_field) if change.field == "bid" else names[change.field]


def _write(api: AdsApi, advertiser: str, change: Change, row: Any) -> None:
    if change.field == "status":
        calls: dict[str, Any] = {
            Level.AD: (api.ads, "ad_id"),
            Level.AD_GROUP: (api.ad_groups, "adgroup_id"),
            Level.CAMPAIGN: (api.campaigns, "campaign_id"),
        }
        group, name = calls[change.level]
        group.set_status(advertiser, [getattr(row, name)], change.after)
    elif isinstance(row, AdGroup):
        of_group = AdGroupPatch.model_validate({_name_of(change, row): Decimal(change.after)})
        api.ad_groups.update(advertiser, row.adgroup_id, of_group)
    elif row.is_gmv_max:
        of_gmv_max = GmvMaxPatch.model_validate({_name_of(change, row): Decimal(change.after)})
        api.gmv_max.update(advertiser, row.campaign_id, of_gmv_max)
    else:
        of_campaign = CampaignPatch(budget=Decimal(change.after))
        api.campaigns.update(advertiser, row.campaign_id, of_campaign)


def _same(found: str, told: str) -> bool:
    try:
        return Decimal(found) == Decimal(told)
    except ArithmeticError:
        return found == told


def _first(pages: Iterable[Any]) -> Any:
    for page in pages:
        for row in page.items:
            return row
    raise errors.Server(api="ads", sentence="{api} does not list what is to be changed now.")


HANDLERS = {CHANGE: change_part}
ON_REFUSAL = {CHANGE: not_changed}
