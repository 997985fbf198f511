from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from sparkops.tiktok.errors import Auth, Server, Unexpected
from sparkops.tiktok.shop.oauth import SERVICES_US, ShopOAuth, TokenSet, authorize_url
from tests.sparkops.tiktok.conftest import NOW
from tests.sparkops.tiktok.stand_in import ok, refused, sample

MOMENT = datetime.fromtimestamp(NOW, UTC)


@pytest.fixture
def oauth(tiktok, transport_to) -> ShopOAuth:
    return ShopOAuth(transport_to(tiktok.url), app_key="key", app_secret="s3cret")


def token_data(**changed) -> dict:
    return sample("shop/token_get.json")["data"] | changed


def test_the_link_carries_service_and_state():
    link = urlsplit(authorize_url(SERVICES_US, "7123", "a b/+="))
    assert f"{link.scheme}://{link.netloc}{link.path}" == f"{SERVICES_US}/open/authorize"
    assert parse_qs(link.query) == {"service_id": ["7123"], "state": ["a b/+="]}


def test_a_code_is_exchanged_without_a_signature(oauth, tiktok):
    tiktok.answers(ok(token_data()))
    tokens = oauth.exchange("code-1")
    request = tiktok.received[0]
    assert (request.method, request.path) == ("GET", "/api/v2/token/get")
    assert request.params == {
        "app_key": "key",
        "app_secret": "s3cret",
        "auth_code": "code-1",
        "grant_type": "authorized_code",
    }
    assert tokens.access_token == token_data()["access_token"]


def test_a_refresh_names_its_grant(oauth, tiktok):
    tiktok.answers(ok(token_data()))
    oauth.refresh("old")
    request = tiktok.received[0]
    assert request.path == "/api/v2/token/refresh"
    assert request.params["grant_type"] == "refresh_token"
    assert request.params["refresh_token"] == "old"


@pytest.mark.parametrize(
    ("code", "reason"), [(36004004, "code_invalid"), (36004001, "refresh_token_invalid")]
)
def test_a_refusal_says_to_connect_again(oauth, tiktok, code, reason):
    tiktok.answers(refused(200, code))
    with pytest.raises(Auth) as caught:
        oauth.refresh("old")
    assert caught.value.reason == reason
    assert "onnect" in caught.value.sentence


def test_a_refresh_is_never_sent_twice(oauth, tiktok):
    # The first may have rotated the token, which would make the second end the connection.
    tiktok.answers(refused(500, 36009003))
    with pytest.raises(Server) as caught:
        oauth.refresh("old")
    assert caught.value.outcome_unknown
    assert len(tiktok.received) == 1


def test_expiry_is_a_moment_and_small_numbers_are_durations(oauth, tiktok):
    far = 4_831_833_600
    tiktok.answers(ok(token_data(access_token_expire_in=604800, refresh_token_expire_in=far)))
    tokens = oauth.exchange("c")
    assert tokens.access_token_expires_at == MOMENT + timedelta(days=7)
    assert tokens.refresh_token_expires_at == datetime(2123, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(("seconds", "due"), [(None, True), (10**17, False), (86_399, True)])
def test_odd_expiries_neither_crash_nor_count_as_valid_when_missing(oauth, tiktok, seconds, due):
    tiktok.answers(ok(token_data(access_token_expire_in=seconds)))
    assert oauth.exchange("c").needs_refresh(MOMENT) is due


def test_a_token_is_due_when_less_than_a_day_remains():
    tokens = TokenSet(
        access_token="a",
        access_token_expires_at=MOMENT,
        refresh_token="r",
        refresh_token_expires_at=MOMENT,
    )
    assert not tokens.needs_refresh(MOMENT - timedelta(hours=24))
    assert tokens.needs_refresh(MOMENT - timedelta(hours=23, minutes=59))


@pytest.mark.parametrize("broken", [{}, {"access_token": ""}, {"access_token": ["x"]}])
def test_an_answer_without_tokens_has_a_clear_error(oauth, tiktok, broken):
    tiktok.answers(ok(broken))
    with pytest.raises(Unexpected) as caught:
        oauth.exchange("c")
    assert caught.value.reason == "wrong_shape"
