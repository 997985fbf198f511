"""Signing in: consent link, tokens, disconnect, and the ad accounts a token reaches."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from sparkops.tiktok.ads.api import AdsApi
from sparkops.tiktok.ads.oauth import AccountSignIn, AdsSignIn, consent_url
from sparkops.tiktok.errors import Auth, Server, Unexpected
from sparkops.tiktok.limits import NoLimiter
from sparkops.tiktok.transport import Transport

from .conftest import ADVERTISER, APP_ID, SECRET, TOKEN, TikTok


@pytest.fixture
def sign_in(transport: Transport) -> AdsSignIn:
    return AdsSignIn(transport, NoLimiter(), app_id=APP_ID, secret=SECRET)


@pytest.fixture
def account(transport: Transport) -> AccountSignIn:
    return AccountSignIn(transport, NoLimiter(), client_id="client-1", client_secret=SECRET)


def test_consent_url() -> None:
    url = urlsplit(
        consent_url(
            "https://business.example/",
            app_id=APP_ID,
            redirect_uri="https://sparkops.example/connect?x=1&y=2",
            state="a b&c",
        )
    )
    assert (url.scheme, url.netloc, url.path) == ("https", "business.example", "/portal/auth")
    assert parse_qs(url.query) == {
        "app_id": [APP_ID],
        "state": ["a b&c"],
        "redirect_uri": ["https://sparkops.example/connect?x=1&y=2"],
    }


def test_exchange(sign_in: AdsSignIn, tiktok: TikTok) -> None:
    tiktok.will_accept({"access_token": TOKEN, "advertiser_ids": [7412, "7413"], "scope": [4, 2]})
    token = sign_in.exchange("oauth-code-1").value
    assert tiktok.last.path == "/open_api/v1.3/oauth2/access_token/"
    assert tiktok.bodies[-1] == {"app_id": APP_ID, "secret": SECRET, "auth_code": "oauth-code-1"}
    assert "access-token" not in tiktok.last.headers
    assert token.access_token == TOKEN
    assert (token.advertiser_ids, token.scope) == (["7412", "7413"], ["4", "2"])
    assert TOKEN not in repr(token)


def test_used_oauth_code_asks_to_start_again(sign_in: AdsSignIn, tiktok: TikTok) -> None:
    tiktok.will_refuse(40110, "The auth_code is canceled.")
    with pytest.raises(Auth, match="Start connecting again") as raised:
        sign_in.exchange("oauth-code-1")
    assert raised.value.reason == "login_used"


def test_exchange_is_never_repeated(sign_in: AdsSignIn, tiktok: TikTok) -> None:
    tiktok.will_answer(b"", 503)
    with pytest.raises(Server):
        sign_in.exchange("oauth-code-1")
    assert len(tiktok.requests) == 1


def test_answer_without_a_token_is_no_success(sign_in: AdsSignIn, tiktok: TikTok) -> None:
    tiktok.will_accept({"advertiser_ids": []})
    with pytest.raises(Unexpected, match="access_token"):
        sign_in.exchange("oauth-code-1")


def test_revoke(sign_in: AdsSignIn, tiktok: TikTok) -> None:
    tiktok.will_accept({"app_id": APP_ID, "advertiser_ids": [ADVERTISER]})
    assert sign_in.revoke(TOKEN).value.advertiser_ids == [ADVERTISER]
    assert tiktok.last.path == "/open_api/v1.3/oauth2/revoke_token/"
    assert tiktok.bodies[-1] == {"app_id": APP_ID, "secret": SECRET, "access_token": TOKEN}


def test_reachable_ad_accounts(sign_in: AdsSignIn, api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_accept({"list": [{"advertiser_id": 7412, "advertiser_name": "Northwind"}]})
    for page in (sign_in.advertisers(TOKEN), api.advertisers.reachable()):
        assert [row.advertiser_id for row in page.items] == ["7412"]
        assert page.next_token == ""
        assert tiktok.last.path == "/open_api/v1.3/oauth2/advertiser/get/"
        assert tiktok.last.params == {"app_id": APP_ID, "secret": SECRET}
        assert tiktok.last.headers["access-token"] == TOKEN


def test_account_token(account: AccountSignIn, tiktok: TikTok) -> None:
    tiktok.will_accept(
        {
            "access_token": TOKEN,
            "expires_in": 86400,
            "refresh_token": SECRET,
            "refresh_token_expires_in": 31536000,
            "open_id": "open-1",
            "scope": "user.info.basic,biz.spark.auth",
            "token_type": "Bearer",
        }
    )
    token = account.exchange("oauth-code-2", "https://sparkops.example/back").value
    assert tiktok.last.path == "/open_api/v1.3/tt_user/oauth2/token/"
    assert tiktok.bodies[-1] == {
        "client_id": "client-1",
        "client_secret": SECRET,
        "grant_type": "authorization_code",
        "auth_code": "oauth-code-2",
        "redirect_uri": "https://sparkops.example/back",
    }
    assert (token.expires_in, token.open_id) == (86400, "open-1")
    assert "biz.spark.auth" in token.scopes
    assert TOKEN not in repr(token)
    assert SECRET not in repr(token)


def test_account_refresh_and_revoke(account: AccountSignIn, tiktok: TikTok) -> None:
    tiktok.will_accept({"access_token": TOKEN})
    account.refresh("refresh-1")
    account.revoke(TOKEN)
    client = {"client_id": "client-1", "client_secret": SECRET}
    assert [asked.path for asked in tiktok.requests] == [
        "/open_api/v1.3/tt_user/oauth2/refresh_token/",
        "/open_api/v1.3/tt_user/oauth2/revoke/",
    ]
    assert tiktok.bodies == [
        {**client, "grant_type": "refresh_token", "refresh_token": "refresh-1"},
        {**client, "access_token": TOKEN},
    ]
