"""What holds for every address: keys, clients, problems, paging, repeats and limits."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.test import override_settings

from creators.models import Creator
from sparkops import clock
from sparkops.api.models import StoredReply
from sparkops.api.replies import forget_old
from sparkops.audit.models import Event
from sparkops.isolation.scope import client_scope
from sparkops.tenants.permissions import Permission
from tests.api.conftest import Caller, make_caller
from tests.factories.cast import Cast
from tests.factories.creators import make_creator

pytestmark = pytest.mark.django_db
PROBLEM = "application/problem+json"


def problem(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == PROBLEM
    content = answer.json()
    assert set(content) == {"type", "title", "status", "detail", "code", "errors"}
    assert content["status"] == status
    assert content["title"] and content["detail"]
    return content


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer spo_1_2", "Basic spo", f"Bearer {'x' * 5_000}"],
)
def test_without_a_working_key_nothing_is_told(cast: Cast, header: str) -> None:
    for slug in ("glow", "secret-brand", "nowhere"):
        url = f"/api/v1/clients/{slug}/creators/"
        answer = Browser().get(url, headers={"Authorization": header} if header else {})
        problem(answer, 401)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_session_is_no_key(cast: Cast) -> None:
    browser = Browser()
    browser.force_login(cast.members["owner"])
    problem(browser.get("/api/v1/clients/glow/creators/"), 401)


def test_a_key_of_one_client_reaches_no_other(cast: Cast, caller: Caller) -> None:
    for slug in ("peak", "secret-brand", "nowhere"):
        problem(caller.get(f"/api/v1/clients/{slug}/creators/"), 404)
    assert [one["slug"] for one in caller.rows("/api/v1/clients/")] == ["glow"]


def test_a_key_of_the_organization_reaches_its_clients_and_no_foreign_one(cast: Cast) -> None:
    caller = make_caller(cast.agency, None)
    assert [one["slug"] for one in caller.rows("/api/v1/clients/")] == ["glow", "peak"]
    for slug in ("glow", "peak"):
        assert caller.get(f"/api/v1/clients/{slug}/creators/").status_code == 200
    problem(caller.get("/api/v1/clients/secret-brand/creators/"), 404)
    cast.sister.archived_at = clock.now()
    cast.sister.save()
    problem(caller.get("/api/v1/clients/peak/creators/"), 404)


def test_rows_of_another_client_are_not_found_by_their_id(cast: Cast, caller: Caller) -> None:
    with client_scope(cast.sister.pk):
        hers = make_creator("hers")
    problem(caller.get(f"creators/{hers.pk}/"), 404)
    problem(caller.patch(f"creators/{hers.pk}/", {"notes": "x"}), 404)
    assert caller.rows("creators/") == []


def test_a_missing_scope_is_named(cast: Cast, reader: Caller) -> None:
    with client_scope(cast.client.pk):
        row = make_creator("mia")
    told = problem(reader.patch(f"creators/{row.pk}/", {"notes": "x"}), 403)
    assert "creator.edit" in told["detail"]


def test_the_key_tells_about_itself(cast: Cast, reader: Caller) -> None:
    told = reader.get("/api/v1/key/").json()
    assert (told["client"], told["scopes"]) == ("glow", ["view"])
    assert told["organization"] == "North Agency"
    assert reader.secret not in str(told)


def test_no_answer_is_kept_or_shown_as_a_page(cast: Cast, reader: Caller) -> None:
    for answer in (reader.get("creators/"), reader.get("nothing/"), Browser().get("/api/v1/key/")):
        assert answer.headers["Content-Type"] in {"application/json", PROBLEM}
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    for answer in (reader.get("creators/"), Browser().get("/api/v1/key/")):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Disposition"].startswith("attachment")


def test_pages_go_on_where_they_stopped_whatever_is_added(cast: Cast, caller: Caller) -> None:
    with client_scope(cast.client.pk):
        made = [make_creator(f"c{n}").pk for n in range(7)]
    first = caller.get("creators/", limit=3).json()
    with client_scope(cast.client.pk):
        make_creator("newcomer")
        Creator.objects.filter(pk=made[4]).delete()
    second = caller.get("creators/", limit=3, cursor=first["next"]).json()
    third = caller.get("creators/", limit=3, cursor=second["next"]).json()
    seen = [one["id"] for page in (first, second, third) for one in page["data"]]
    assert seen == sorted(made, reverse=True)
    assert third["next"] is None


def test_a_page_past_the_last_row_is_empty_and_not_the_first(cast: Cast, caller: Caller) -> None:
    with client_scope(cast.client.pk):
        rows = [make_creator(f"c{n}") for n in range(3)]
    cursor = caller.get("creators/", limit=2).json()["next"]
    with client_scope(cast.client.pk):
        rows[0].delete()
    assert caller.get("creators/", limit=2, cursor=cursor).json() == {"data": [], "next": None}


@pytest.mark.parametrize("sort", ["followers", "-followers", "handle", "-last"])
def test_every_order_shows_each_row_once(cast: Cast, caller: Caller, sort: str) -> None:
    at = datetime(2026, 10, 1, tzinfo=UTC)
    with client_scope(cast.client.pk):
        for n, count in enumerate([5, None, 5, 1, None]):
            make_creator(f"c{n}", follower_count=count, last_posted_at=at if n % 2 else None)
    seen = [one["handle"] for one in caller.all_rows("creators/", limit=2, sort=sort)]
    assert sorted(seen) == ["c0", "c1", "c2", "c3", "c4"]


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ({"limit": "0"}, "limit", "bad_limit"),
        ({"limit": "201"}, "limit", "bad_limit"),
        ({"limit": "many"}, "limit", "bad_limit"),
        ({"cursor": "abc"}, "cursor", "bad_cursor"),
        ({"sort": "email"}, "sort", "bad_sort"),
        ({"color": "red"}, "color", "unknown_parameter"),
        ({"sample": "sideways"}, "sample", "invalid_choice"),
        ({"since": "yesterday"}, "since", "invalid"),
    ],
)
def test_a_wrong_parameter_is_told_and_never_ignored(
    caller: Caller, query: dict[str, str], field: str, code: str
) -> None:
    [error] = problem(caller.get("creators/", **query), 400)["errors"]
    assert (error["field"], error["code"]) == (field, code)


def test_a_cursor_of_another_order_is_refused(cast: Cast, caller: Caller) -> None:
    with client_scope(cast.client.pk):
        for n in range(3):
            make_creator(f"c{n}")
    cursor = caller.get("creators/", limit=1, sort="handle").json()["next"]
    problem(caller.get("creators/", limit=1, cursor=cursor), 400)


def test_wrong_bodies_are_told_field_by_field(cast: Cast, caller: Caller) -> None:
    with client_scope(cast.client.pk):
        row = make_creator("mia")
    path = f"creators/{row.pk}/"
    told = problem(caller.patch(path, {"email": "no", "notes": 3 * [1]}), 422)
    assert {one["field"] for one in told["errors"]} == {"email", "notes"}
    told = problem(caller.patch(path, {"emial": "a@b.c"}), 422)
    assert told["errors"][0]["field"] == "emial"
    told = problem(caller.patch(path, {"timezone": "Mars/Olympus"}), 422)
    assert told["code"] == "unknown_zone"
    assert told["errors"][0]["field"] == "timezone"
    problem(caller.patch(path, ["a list"]), 400)
    with client_scope(cast.client.pk):
        assert Creator.objects.get().notes == ""


def test_only_json_of_a_sane_size_is_read(cast: Cast, caller: Caller) -> None:
    url, key = caller.address("creators/1/"), {"Authorization": f"Bearer {caller.secret}"}
    broken = Browser().patch(url, b"{", content_type="application/json", headers=key)
    problem(broken, 400)
    form = Browser().patch(url, b"a=b", content_type="text/plain", headers=key)
    problem(form, 415)
    large = b'{"notes": "' + b"x" * 1_100_000 + b'"}'
    problem(Browser().patch(url, large, content_type="application/json", headers=key), 413)
    problem(Browser().delete(url, headers=key), 405)
    problem(Browser().get(url, headers={**key, "Accept": "text/csv"}), 406)
    problem(caller.get("/api/v1/nothing/"), 404)
    problem(caller.get("nothing/"), 404)


def test_half_of_a_surrogate_pair_is_no_text(caller: Caller) -> None:
    """JSON can spell it, but no answer could name it and no row could hold it."""
    url, key = caller.address("message-texts/shipped/"), f"Bearer {caller.secret}"
    for half in (b'{"kind": "\\ud800", "language": "de"}', b'{"\\udfff": 1}', b'["\\ud83d"]'):
        answer = Browser().post(
            url, half, content_type="application/json", headers={"Authorization": key}
        )
        assert problem(answer, 400)["code"] == "not_unicode"
    whole = b'{"kind": "\\ud83d\\ude00", "language": "de"}'
    answer = Browser().post(
        url, whole, content_type="application/json", headers={"Authorization": key}
    )
    assert problem(answer, 422)["errors"][0]["field"] == "kind"


def test_an_unknown_object_is_not_found_whatever_its_id(caller: Caller) -> None:
    problem(caller.get("creators/0/"), 404)
    problem(caller.get(f"creators/{10**30}/"), 404)


def test_contact_needs_its_scope(cast: Cast, caller: Caller, reader: Caller) -> None:
    with client_scope(cast.client.pk):
        make_creator("mia", email="mia@example.com")
    assert caller.rows("creators/")[0]["email"] == "mia@example.com"
    assert reader.rows("creators/")[0]["email"] is None


def test_a_change_names_the_key_in_the_log(cast: Cast, caller: Caller) -> None:
    with client_scope(cast.client.pk):
        row = make_creator("mia", email="mia@example.com")
    shown = caller.patch(f"creators/{row.pk}/", {"notes": "Likes mornings"}).json()
    assert (shown["notes"], shown["email"]) == ("Likes mornings", "mia@example.com")
    with client_scope(cast.client.pk):
        [event] = Event.objects.all()
    assert (event.verb, event.actor) == (
        "creator.edited",
        f"API key Test ({caller.key.prefix})",
    )


def test_the_limit_is_told_and_kept(cast: Cast) -> None:
    with override_settings(API_CALLS_PER_MINUTE=2):
        caller = make_caller(cast.agency, cast.client)
        left = [caller.get("creators/").headers["RateLimit-Remaining"] for _ in range(2)]
        assert left == ["1", "0"]
        answer = caller.get("creators/")
        problem(answer, 429)
        assert 1 <= int(answer.headers["Retry-After"]) <= 60
        assert answer.headers["RateLimit-Limit"] == "2"
        other = make_caller(cast.agency, cast.client)
        assert other.get("creators/").status_code == 200


def test_without_redis_calls_are_answered(caller: Caller) -> None:
    from sparkops.api import limits

    limits._script.cache_clear()
    with override_settings(REDIS_URL="redis://127.0.0.1:1/0"):
        answer = caller.get("creators/")
    limits._script.cache_clear()
    assert answer.status_code == 200
    assert "RateLimit-Limit" not in answer.headers


def test_old_replies_are_forgotten(cast: Cast, caller: Caller) -> None:
    now = clock.now()
    with client_scope(cast.client.pk):
        for name, age in (("old", 8), ("new", 6)):
            StoredReply.objects.create(
                key_id=caller.key.pk,
                name=name,
                fingerprint="f",
                created_at=now - timedelta(days=age),
            )
        assert forget_old(now=now) == 1
        assert StoredReply.objects.get().name == "new"


def test_times_are_utc_and_amounts_are_text(cast: Cast, caller: Caller) -> None:
    at = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)
    with client_scope(cast.client.pk):
        make_creator("mia", last_posted_at=at, gmv_30d="1234.5000", gmv_currency="USD")
        make_creator("bo")
    bo, mia = caller.rows("creators/")
    assert mia["last_posted_at"] == "2026-11-20T18:30:00Z"
    assert mia["gmv_30d"] == {"amount": "1234.50", "currency": "USD"}
    assert bo["gmv_30d"] is None


def test_a_key_with_every_scope_cannot_reach_people(cast: Cast) -> None:
    with pytest.raises(Exception, match="Choose scopes"):
        make_caller(cast.agency, None, scopes=[Permission.TEAM])
