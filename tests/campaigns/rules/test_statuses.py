"""TikTok's status words, and the ones nobody has seen before."""

import pytest

from campaigns.rules.statuses import AdState, is_permission_loss, read_status


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("AD_STATUS_DELIVERY_OK", AdState.LIVE),
        ("ADGROUP_STATUS_DELIVERY_OK", AdState.LIVE),
        ("CAMPAIGN_STATUS_ENABLE", AdState.LIVE),
        ("AD_STATUS_DISABLE", AdState.PAUSED),
        ("AD_STATUS_ADGROUP_DISABLE", AdState.PAUSED),
        ("AD_STATUS_CAMPAIGN_DISABLE", AdState.PAUSED),
        ("AD_STATUS_AUDIT", AdState.IN_REVIEW),
        ("AD_STATUS_REAUDIT", AdState.IN_REVIEW),
        ("ADGROUP_STATUS_CREATE", AdState.IN_REVIEW),
        ("AD_STATUS_AUDIT_DENY", AdState.REJECTED),
        ("CAMPAIGN_STATUS_REVIEW_DISAPPROVED", AdState.REJECTED),
        ("AD_STATUS_ASSET_AUTHORIZATION_LOST", AdState.LOST_PERMISSION),
        ("AD_STATUS_ADGROUP_ASSET_AUTHORIZATION_LOST", AdState.LOST_PERMISSION),
        ("ADGROUP_STATUS_ASSET_AUTHORIZATION_LOST", AdState.LOST_PERMISSION),
        ("AD_STATUS_CREATOR_AUTHORIZATION_REVOKED", AdState.LOST_PERMISSION),
        ("AD_STATUS_MUSIC_AUTHORIZATION_MISSING", AdState.LOST_PERMISSION),
        ("AD_STATUS_NO_AUTHORIZATION_OF_SHOWCASE", AdState.LOST_PERMISSION),
        ("AD_STATUS_PRODUCT_UNAVAILABLE", AdState.PRODUCT_UNAVAILABLE),
        ("AD_STATUS_ANCHOR_UNAVAILABLE", AdState.PRODUCT_UNAVAILABLE),
        ("NO_AVAILABLE_PRODUCTS", AdState.PRODUCT_UNAVAILABLE),
        ("PRODUCT_ANCHOR_UNAVAILABLE", AdState.PRODUCT_UNAVAILABLE),
        ("AD_STATUS_BUDGET_EXCEED", AdState.LIMITED),
        ("AD_STATUS_BALANCE_EXCEED", AdState.LIMITED),
        ("AD_STAUS_PIXEL_UNBIND", AdState.LIMITED),
        ("CREATIVE_PAUSED_USED_IN_GMV_MAX", AdState.LIMITED),
        ("CAMPAIGN_STATUS_IDENTITY_USED_BY_GMV_MAX_AD", AdState.LIMITED),
        ("AD_STATUS_DONE", AdState.ENDED),
        ("ADGROUP_STATUS_TIME_DONE", AdState.ENDED),
        ("AD_STATUS_CAMPAIGN_DELETE", AdState.DELETED),
    ],
)
def test_known_words(word: str, state: AdState) -> None:
    read = read_status(word)
    assert (read.state, read.word, read.known) == (state, word, True)
    assert is_permission_loss(read) is (state is AdState.LOST_PERMISSION)


def test_an_unknown_word_is_kept_shown_and_never_live() -> None:
    read = read_status("AD_STATUS_SOMETHING_NEW", primary="STATUS_DELIVERY_OK", operation="ENABLE")
    assert read.state is AdState.UNKNOWN
    assert read.sentence == "TikTok says: AD_STATUS_SOMETHING_NEW"
    assert not read.known


@pytest.mark.parametrize(
    ("primary", "operation", "state"),
    [
        ("STATUS_DELIVERY_OK", "ENABLE", AdState.LIVE),
        ("STATUS_NOT_DELIVERY", "ENABLE", AdState.LIMITED),
        ("", "DISABLE", AdState.PAUSED),
        ("", "FROZEN", AdState.ENDED),
        ("STATUS_DELETE", "", AdState.DELETED),
        ("", "ENABLE", AdState.UNKNOWN),
        ("", "", AdState.UNKNOWN),
    ],
)
def test_without_a_secondary_status_the_others_decide(
    primary: str, operation: str, state: AdState
) -> None:
    assert read_status("", primary=primary, operation=operation).state is state
