"""Consent page, codes, tokens and the end of an authorization."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from .caller import Caller, sample

GET, REFRESH = "/api/v2/token/get", "/api/v2/token/refresh"
REDIRECT = "http://127.0.0.1:8000/connections/shop/callback/?from=tiktok"


def token_call(caller: Caller, path: str, **query: str) -> Any:
    common = {"app_key": caller.app.app_key, "app_secret": caller.app.app_secret}
    return caller.http.get(caller.base_url + path, params=common | query).json()


def consent(caller: Caller, decision: str, state: str = "st&te") -> dict[str, list[str]]:
    """Opens the page, sends its form back, and returns the query the browser is sent to."""
    caller.control("shop_app", redirect_uri=REDIRECT)
    link = f"{caller.base_url}/open/authorize"
    page = caller.http.get(link, params={"service_id": caller.app.service_id, "state": state})
    assert page.status_code == 200
    assert "text/html" in page.headers["content-type"]
    form = {
        "service_id": caller.app.service_id,
        "state": state,
        "seller_id": caller.world.brands[caller.brand].seller_id,
        "decision": decision,
    }
    assert all(f'name="{name}"' in page.text for name in form)
    answer = caller.http.post(link, data=form)
    assert answer.status_code == 302
    assert answer.headers["location"].startswith(REDIRECT)
    return parse_qs(urlsplit(answer.headers["location"]).query)


def test_consent_leads_to_a_token_with_the_sampled_shape(writer: Caller) -> None:
    back = consent(writer, "authorize")
    assert back["state"] == ["st&te"]
    assert back["app_key"] == [writer.app.app_key]
    answer = token_call(writer, GET, auth_code=back["code"][0], grant_type="authorized_code")
    known = sample("token_get.json")
    assert answer["message"] == known["message"]
    assert {name: type(value) for name, value in answer["data"].items()} == {
        name: type(value) for name, value in known["data"].items()
    }
    assert answer["data"]["granted_scopes"] == known["data"]["granted_scopes"]
    now = writer.world.now()
    week = int((now + timedelta(days=7)).timestamp())
    assert answer["data"]["access_token_expire_in"] == week
    shops = writer.get(
        "/authorization/202309/shops", cipher=False, token=answer["data"]["access_token"]
    )
    assert [shop["id"] for shop in shops.data["shops"]] == [writer.shop.id]


def test_cancel_gives_no_code(writer: Caller) -> None:
    back = consent(writer, "cancel")
    assert "code" not in back
    assert back["state"] == ["st&te"]


def test_page_shows_state_as_text(writer: Caller) -> None:
    writer.control("shop_app", redirect_uri=REDIRECT)
    page = writer.http.get(
        f"{writer.base_url}/oauth/authorize",
        params={"app_key": writer.app.app_key, "state": '"><script>'},
    )
    assert "<script>" not in page.text
    assert re.search(r'name="state" value="&quot;&gt;&lt;script&gt;"', page.text)


def test_link_without_a_known_app(writer: Caller) -> None:
    page = writer.http.get(f"{writer.base_url}/open/authorize", params={"service_id": "1"})
    assert page.status_code == 404


def test_code_works_once(writer: Caller) -> None:
    code = consent(writer, "authorize")["code"][0]
    first = token_call(writer, GET, auth_code=code, grant_type="authorized_code")
    again = token_call(writer, GET, auth_code=code, grant_type="authorized_code")
    assert (first["code"], again["code"]) == (0, 36004004)


def test_code_dies_after_half_an_hour(writer: Caller) -> None:
    code = consent(writer, "authorize")["code"][0]
    writer.world.clock.advance(30 * 60)
    late = token_call(writer, GET, auth_code=code, grant_type="authorized_code")
    assert late["code"] == 36004004


def test_wrong_secret_and_wrong_grant(writer: Caller) -> None:
    code = consent(writer, "authorize")["code"][0]
    right = {"auth_code": code, "grant_type": "authorized_code"}
    assert token_call(writer, GET, **right | {"app_secret": "x"})["code"] == 36009004
    assert token_call(writer, GET, **right | {"grant_type": "password"})["code"] == 36009004
    assert token_call(writer, GET, **right)["code"] == 0


@pytest.mark.parametrize("grant", ["refresh_token", "authorized_code"])
def test_refresh_replaces_the_refresh_token(writer: Caller, grant: str) -> None:
    old = writer.token.refresh_token
    fresh = token_call(writer, REFRESH, refresh_token=old, grant_type=grant)["data"]
    assert fresh["refresh_token"] != old
    assert fresh["access_token"] != writer.token.access_token
    again = token_call(writer, REFRESH, refresh_token=old, grant_type=grant)
    assert again["code"] == 36004001
    shops = writer.get("/authorization/202309/shops", cipher=False, token=fresh["access_token"])
    assert shops.code == 0


def test_expired_access_token_comes_back_by_refresh(writer: Caller) -> None:
    writer.world.clock.advance(timedelta(days=8).total_seconds())
    assert writer.get("/authorization/202309/shops", cipher=False).code == 105002
    fresh = token_call(
        writer, REFRESH, refresh_token=writer.token.refresh_token, grant_type="refresh_token"
    )["data"]
    shops = writer.get("/authorization/202309/shops", cipher=False, token=fresh["access_token"])
    assert shops.code == 0


def test_deauthorized_shop_is_gone_until_the_seller_agrees_again(writer: Caller) -> None:
    assert writer.call("DELETE", "/authorization/202403/shops").code == 0
    lost = writer.get("/order/202507/orders", {"ids": "1"})
    assert (lost.status, lost.code) == (401, 36009004)
    dead = token_call(
        writer, REFRESH, refresh_token=writer.token.refresh_token, grant_type="refresh_token"
    )
    assert dead["code"] == 36004001
    code = consent(writer, "authorize")["code"][0]
    token = token_call(writer, GET, auth_code=code, grant_type="authorized_code")["data"]
    back = writer.get("/authorization/202309/shops", cipher=False, token=token["access_token"])
    assert [shop["cipher"] for shop in back.data["shops"]] == [writer.shop.cipher]
