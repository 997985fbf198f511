"""TikTok's status words of campaigns, ad groups and ads as our states.

Sources: marketing contract 5.6, 6.1, 6.5 and domain 2.8. The lists are not closed: an unknown word
is kept, shown as TikTok's, and never taken for delivering.
"""

import re
from dataclasses import dataclass
from enum import StrEnum


class AdState(StrEnum):
    """What an ad (or its campaign or ad group) is doing, in our words."""

    LIVE = "live"
    PAUSED = "paused"
    IN_REVIEW = "in_review"
    REJECTED = "rejected"
    LOST_PERMISSION = "lost_permission"
    PRODUCT_UNAVAILABLE = "product_unavailable"
    LIMITED = "limited"
    ENDED = "ended"
    DELETED = "deleted"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class StatusRead:
    """One status. `word` is TikTok's own, as it came; `known` is False when it is new to us."""

    state: AdState
    sentence: str
    word: str
    known: bool = True


_LEVEL = re.compile(r"^(?:ADGROUP|CAMPAIGN|AD)_(?:STATUS|STAUS)_")

# The part after "AD_STATUS_" and its like. Parents come with their level in front.
_BY_TAIL: dict[str, tuple[AdState, str]] = {
    "DELIVERY_OK": (AdState.LIVE, "It is delivering."),
    "PARTIAL_AUDIT_DELIVERY_OK": (
        AdState.LIVE, "It is delivering; TikTok has not approved every placement yet."),
    "REVIEW_PARTIALLY_APPROVED": (
        AdState.LIVE, "It is delivering; TikTok did not approve every placement."),
    "ENABLE": (AdState.LIVE, "It is switched on."),
    "DISABLE": (AdState.PAUSED, "It is paused."),
    "ADGROUP_DISABLE": (AdState.PAUSED, "Its ad group is paused."),
    "CAMPAIGN_DISABLE": (AdState.PAUSED, "Its campaign is paused."),
    "CREATE": (AdState.IN_REVIEW, "TikTok is reviewing it."),
    "AUDIT": (AdState.IN_REVIEW, "TikTok is reviewing it."),
    "REAUDIT": (AdState.IN_REVIEW, "TikTok is reviewing the change."),
    "AWAITING_RELEASE": (AdState.IN_REVIEW, "It waits for TikTok to release it."),
    "ADVERTISER_AUDIT": (AdState.IN_REVIEW, "TikTok is reviewing the ad account."),
    "PARTIAL_AUDIT_NO_DELIVERY": (
        AdState.IN_REVIEW, "TikTok is reviewing parts of it, and it does not deliver meanwhile."),
    "AUDIT_DENY": (AdState.REJECTED, "TikTok rejected it."),
    "ADGROUP_AUDIT_DENY": (AdState.REJECTED, "TikTok rejected its ad group."),
    "ADVERTISER_AUDIT_DENY": (AdState.REJECTED, "TikTok rejected the ad account."),
    "REVIEW_DISAPPROVED": (AdState.REJECTED, "TikTok rejected it."),
    "ASSET_AUTHORIZATION_LOST": (
        AdState.LOST_PERMISSION, "The post is no longer authorized, so it stopped."),
    "ADGROUP_ASSET_AUTHORIZATION_LOST": (
        AdState.LOST_PERMISSION, "A post of its ad group is no longer authorized, so it stopped."),
    "CREATOR_AUTHORIZATION_REVOKED": (
        AdState.LOST_PERMISSION, "The creator switched the authorization off, so it stopped."),
    "NO_AUTHORIZATION_OF_SHOWCASE": (
        AdState.LOST_PERMISSION, "The identity it runs under is no longer available."),
    "SHOWCASE_AUTHORIZATION_LOST": (
        AdState.LOST_PERMISSION, "The showcase is no longer authorized, so it stopped."),
    "MUSIC_AUTHORIZATION_MISSING": (
        AdState.LOST_PERMISSION, "The music has no licence for ads, so it stopped."),
    "LIVE_GMV_MAX_AUTHORIZATION_CANCEL": (
        AdState.LOST_PERMISSION, "The shop's permission for LIVE GMV Max was withdrawn."),
    "PRODUCT_GMV_MAX_AUTHORIZATION_CANCEL": (
        AdState.LOST_PERMISSION, "The shop's permission for GMV Max was withdrawn."),
    "TTS_TT_ASSET_UNAVAILABLE": (
        AdState.LOST_PERMISSION, "The shop's TikTok account is no longer available."),
    "TTS_TT_IDENTITY_UNAVAILABLE": (
        AdState.LOST_PERMISSION, "The shop's TikTok account is no longer available."),
    "PRODUCT_UNAVAILABLE": (AdState.PRODUCT_UNAVAILABLE, "The product is not available."),
    "ANCHOR_UNAVAILABLE": (
        AdState.PRODUCT_UNAVAILABLE, "The product link of the post is not available."),
    "CREATIVE_ANCHOR_UNAVAILABLE": (
        AdState.PRODUCT_UNAVAILABLE, "The product link of the post is not available."),
    "TIKTOK_SHOP_UNAVAILABLE": (AdState.PRODUCT_UNAVAILABLE, "The shop is not available."),
    "NOT_START": (AdState.LIMITED, "Its schedule has not begun."),
    "LIVE_NOT_START": (AdState.LIMITED, "It waits for the LIVE to begin."),
    "LIVE_OFFLINE": (AdState.LIMITED, "The LIVE is over."),
    "BALANCE_EXCEED": (AdState.LIMITED, "The ad account has no balance left."),
    "BUDGET_EXCEED": (AdState.LIMITED, "The budget is used up."),
    "CAMPAIGN_EXCEED": (AdState.LIMITED, "The campaign's budget is used up."),
    "AD_QUOTA_LIMIT": (AdState.LIMITED, "The ad account has too many ads."),
    "ADGROUP_QUOTA_LIMIT": (AdState.LIMITED, "The ad account has too many ad groups."),
    "TRANSCODING_FAIL": (AdState.LIMITED, "TikTok could not process the video."),
    "PROCESS_AUDIO": (AdState.IN_REVIEW, "TikTok is processing the sound."),
    "PIXEL_UNBIND": (AdState.LIMITED, "The pixel is no longer linked."),
    "AD_UNAVAILABLE": (AdState.LIMITED, "It has no ad that can deliver."),
    "INDUSTRY_QUALIFICATION_MISSING": (
        AdState.LIMITED, "TikTok asks for proof that this industry may be advertised."),
    "INDUSTRY_QUALIFICATION_EXPIRED": (
        AdState.LIMITED, "The proof that this industry may be advertised has expired."),
    "INDUSTRY_QUALIFICATION_DENY": (
        AdState.REJECTED, "TikTok refused the proof that this industry may be advertised."),
    "IDENTITY_USED_BY_GMV_MAX_AD": (
        AdState.LIMITED, "GMV Max has taken over the identity, so it stopped."),
    "IDENTITY_USED_BY_LIVE_GMV_MAX": (
        AdState.LIMITED, "LIVE GMV Max has taken over the identity, so it stopped."),
    "PRODUCT_USED_BY_PRODUCT_GMV_MAX": (
        AdState.LIMITED, "GMV Max has taken over the product, so it stopped."),
    "DONE": (AdState.ENDED, "Its schedule is over."),
    "TIME_DONE": (AdState.ENDED, "Its schedule is over."),
    "FROZEN": (AdState.ENDED, "TikTok ended it for good."),
    "DELETE": (AdState.DELETED, "It was deleted."),
    "ADGROUP_DELETE": (AdState.DELETED, "Its ad group was deleted."),
    "CAMPAIGN_DELETE": (AdState.DELETED, "Its campaign was deleted."),
}  # fmt: skip

# Words without a level in front, and the plain words of primary and operation status.
_WHOLE: dict[str, tuple[AdState, str]] = {
    "NO_AVAILABLE_PRODUCTS": (AdState.PRODUCT_UNAVAILABLE, "It has no available product."),
    "PRODUCT_ANCHOR_UNAVAILABLE": (
        AdState.PRODUCT_UNAVAILABLE, "The product link of the post is not available."),
    "CREATIVE_PAUSED_USED_IN_GMV_MAX": (
        AdState.LIMITED, "GMV Max uses the post, so this ad stopped."),
    "ADVERTISER_ACCOUNT_PUNISH": (AdState.LIMITED, "TikTok suspended the ad account."),
    "ADVERTISER_ACCOUNT_INVALID": (AdState.LIMITED, "The ad account is not valid."),
    "ADVERTISER_ACCOUNT_BALANCE_EXCEED": (AdState.LIMITED, "The ad account has no balance left."),
    "ADVERTISER_CONTRACT_PENDING": (AdState.LIMITED, "The ad account's contract is not signed."),
    "DELIVERY_OK": (AdState.LIVE, "It is delivering."),
    "NOT_DELIVERY": (AdState.LIMITED, "It is not delivering."),
    "DISABLE": (AdState.PAUSED, "It is paused."),
    "DELETE": (AdState.DELETED, "It was deleted."),
    "TIME_DONE": (AdState.ENDED, "Its schedule is over."),
    "FROZEN": (AdState.ENDED, "TikTok ended it for good."),
}  # fmt: skip


def read_status(secondary: str, *, primary: str = "", operation: str = "") -> StatusRead:
    """The state that the words of one object mean together.

    The secondary status says most and decides when it is known. Without one, the primary status
    and then the operation status (ENABLE, DISABLE, FROZEN) decide; ENABLE alone only says that it
    is switched on, not that it delivers.
    """
    word = secondary.strip()
    if word:
        return _secondary(word)
    for plain in (primary.strip(), operation.strip()):
        found = _WHOLE.get(plain.upper().removeprefix("STATUS_"))
        if found is not None:
            return StatusRead(*found, plain)
    said = operation.strip() or primary.strip()
    if said.upper() == "ENABLE":
        return StatusRead(AdState.UNKNOWN, "It is switched on; TikTok gives no status yet.", said)
    return _unknown(said)


def is_permission_loss(read: StatusRead) -> bool:
    """Whether the ad stopped because a right is gone: alert, and ask for a renewal."""
    return read.state is AdState.LOST_PERMISSION


def _secondary(word: str) -> StatusRead:
    upper = word.upper()
    level = _LEVEL.match(upper)
    found = _BY_TAIL.get(upper[level.end() :]) if level else _WHOLE.get(upper)
    return StatusRead(*found, word) if found is not None else _unknown(word)


def _unknown(word: str) -> StatusRead:
    if not word:
        return StatusRead(AdState.UNKNOWN, "TikTok gives no status.", "", known=False)
    return StatusRead(AdState.UNKNOWN, f"TikTok says: {word}", word, known=False)
