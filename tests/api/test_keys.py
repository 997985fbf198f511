"""Keys: made, shown once, rotated, revoked, and what a page lets an owner do with them."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from sparkops import clock
from sparkops.api.keys import create_key, revoke_key, rotate_key
from sparkops.api.models import ApiKey
from sparkops.audit.models import OrganizationEvent
from sparkops.errors import Refusal
from sparkops.tenants.permissions import Permission, Role
from tests.api.conftest import Caller, make_caller
from tests.api.world import OLA
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
SECRET = re.compile(r"spo_[0-9a-f]{8}_[\w-]{43}")


def owner(cast: Cast) -> Browser:
    browser = Browser()
    browser.force_login(cast.members["owner"])
    return browser


def keys_url(cast: Cast, name: str = "api-keys", **kwargs: Any) -> str:
    return reverse(name, kwargs={"organization": cast.agency.slug, **kwargs})


def test_a_secret_is_shown_once_and_stored_as_a_hash(cast: Cast) -> None:
    browser = owner(cast)
    form = {"name": "Warehouse", "client": cast.client.pk, "scopes": ["cost.edit"], "days": "90"}
    answer = browser.post(keys_url(cast), form)
    [secret] = set(SECRET.findall(answer.content.decode()))
    assert answer.headers["Cache-Control"] == "no-store"
    key = ApiKey.objects.get()
    assert secret.startswith(key.prefix)
    assert key.scopes == ["view", "cost.edit"]
    stored = {str(getattr(key, one.attname)) for one in ApiKey._meta.fields}
    assert not any(secret in value for value in stored)
    again = browser.get(keys_url(cast)).content.decode()
    assert key.prefix in again
    assert secret not in again
    assert make_call(secret, cast).status_code == 200


def make_call(secret: str, cast: Cast) -> Any:
    url = f"/api/v1/clients/{cast.client.slug}/creators/"
    return Browser().get(url, headers={"Authorization": f"Bearer {secret}"})


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OWNER])
def test_only_owners_reach_keys(cast: Cast, role: Role, caller: Caller) -> None:
    browser = Browser()
    browser.force_login(cast.members[role.value])
    assert browser.get(keys_url(cast)).status_code == 403
    for name in ("api-key-rotate", "api-key-revoke"):
        url = keys_url(cast, name, key=caller.key.pk)
        assert browser.post(url, {"grace": "24"}).status_code == 403
    caller.key.refresh_from_db()
    assert caller.key.revoked_at is None and caller.key.rotated_at is None


def test_an_owner_elsewhere_cannot_touch_a_key(cast: Cast, caller: Caller) -> None:
    browser = Browser()
    browser.force_login(cast.stranger)
    url = reverse("api-key-revoke", kwargs={"organization": "other", "key": caller.key.pk})
    assert browser.post(url).status_code == 404
    assert caller.get("creators/").status_code == 200


def test_a_rotated_secret_works_until_its_grace_is_over(cast: Cast, caller: Caller) -> None:
    now = clock.now()
    made = rotate_key(caller.key, grace=timedelta(hours=1), by=OLA, now=now)
    assert made.secret != caller.secret
    assert caller.get("creators/").status_code == 200
    assert make_call(made.secret, cast).status_code == 200
    with time_machine.travel(now + timedelta(minutes=61)):
        assert caller.get("creators/").status_code == 401
        assert make_call(made.secret, cast).status_code == 200


def test_without_grace_the_old_secret_stops_at_once(cast: Cast, caller: Caller) -> None:
    rotate_key(caller.key, grace=timedelta(0), by=OLA, now=clock.now())
    assert caller.get("creators/").status_code == 401


def test_the_secret_before_the_last_one_stops_with_the_next_rotation(caller: Caller) -> None:
    rotate_key(caller.key, grace=timedelta(hours=9), by=OLA, now=clock.now())
    rotate_key(caller.key, grace=timedelta(hours=9), by=OLA, now=clock.now())
    assert caller.get("creators/").status_code == 401


def test_a_revoked_key_is_unknown_at_once_with_both_its_secrets(cast: Cast, caller: Caller) -> None:
    made = rotate_key(caller.key, grace=timedelta(hours=9), by=OLA, now=clock.now())
    url = keys_url(cast, "api-key-revoke", key=caller.key.pk)
    assert owner(cast).post(url).status_code == 302
    assert caller.get("creators/").status_code == 401
    assert make_call(made.secret, cast).status_code == 401
    caller.key.refresh_from_db()
    with pytest.raises(Refusal, match="no longer works"):
        rotate_key(caller.key, grace=timedelta(0), by=OLA, now=clock.now())


def test_a_key_ends(cast: Cast) -> None:
    now = clock.now()
    caller = make_caller(cast.agency, cast.client, expires_at=now + timedelta(days=1))
    assert caller.get("creators/").status_code == 200
    with time_machine.travel(now + timedelta(days=1, seconds=1)):
        assert caller.get("creators/").status_code == 401


def test_use_is_noted_to_the_minute(caller: Caller) -> None:
    now = clock.now()
    with time_machine.travel(now, tick=False):
        caller.get("creators/")
        caller.key.refresh_from_db()
        assert caller.key.last_used_at == now
    with time_machine.travel(now + timedelta(seconds=30), tick=False):
        caller.get("creators/")
        caller.key.refresh_from_db()
        assert caller.key.last_used_at == now


def test_what_owners_do_with_keys_is_in_the_log(cast: Cast) -> None:
    now = clock.now()
    made = create_key(
        cast.agency,
        "Sync",
        client=None,
        scopes=[Permission.COST_EDIT],
        expires_at=None,
        by=OLA,
        now=now,
    )
    rotate_key(made.key, grace=timedelta(0), by=OLA, now=now)
    revoke_key(made.key, by=OLA, now=now)
    events = OrganizationEvent.objects.filter(label="Sync").order_by("pk")
    assert [one.verb for one in events] == [
        "api_key.created",
        "api_key.rotated",
        "api_key.revoked",
    ]
    assert events[0].data["scopes"] == ["view", "cost.edit"]
    assert not any(made.secret in str(one.data) for one in events)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"scopes": ["team"]}, "scopes"),
        ({"client": "foreign"}, "client"),
        ({"days": "12"}, "days"),
    ],
)
def test_a_wrong_form_makes_no_key(cast: Cast, change: dict[str, Any], field: str) -> None:
    if change.get("client") == "foreign":
        change = {"client": cast.foreign.pk}
    form = {"name": "Sync", "scopes": ["cost.edit"], "days": "30", **change}
    answer = owner(cast).post(keys_url(cast), form)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not ApiKey.objects.exists()
