"""What happens is told: signed, once, again after trouble, and to nobody else (N25)."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from sparkops.alerts.actions import raise_alert, resolve_alerts
from sparkops.alerts.models import Alert
from sparkops.audit.record import record
from sparkops.hooks import actions
from sparkops.hooks.models import Attempt, Delivery, Endpoint, Fact
from sparkops.hooks.outbound import DISABLED
from sparkops.hooks.spreading import forget_old
from sparkops.hooks.tasks import sweep
from sparkops.isolation.scope import client_scope
from sparkops.tenants.permissions import Permission, Role, role_may
from tests.factories.cast import Cast
from tests.factories.creators import NOW, make_creator
from tests.sparkops.hooks.conftest import BY, Hooked, make_endpoint
from tests.sparkops.hooks.receiver import Receiver, expected_signature

pytestmark = pytest.mark.django_db


def signatures(headers: dict[str, str]) -> list[str]:
    return headers["webhook-signature"].split(" ")


def test_n25_an_event_arrives_signed_with_what_happened(hooked: Hooked) -> None:
    """N25: the headers and the signature are those of the Standard Webhooks specification."""
    hooked.happen()
    hooked.tell()
    [(headers, body)] = hooked.receiver.got
    assert signatures(headers) == [expected_signature(hooked.secret, headers, body)]
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert headers["content-type"] == "application/json"
    told = json.loads(body)
    assert told["type"] == "creator.edited"
    assert told["data"]["client"] == "glow"
    assert told["data"]["subject"]["type"] == "creator"
    assert told["data"]["actor"] == "Ola Owner"
    assert told["data"]["reason"] == "She moved"
    assert told["data"]["details"] == {"zone": "UTC"}
    [delivery] = hooked.deliveries()
    assert delivery.state == Delivery.State.DELIVERED
    with client_scope(hooked.cast.client.pk):
        attempt = Attempt.objects.get()
        assert (attempt.status, attempt.answer) == (200, "thanks")
        assert not Fact.objects.exists()


def test_an_event_is_told_once_and_nothing_that_was_undone(hooked: Hooked) -> None:
    with client_scope(hooked.cast.client.pk), transaction.atomic():
        record("creator.edited", make_creator("gone"), by=BY, now=NOW)
        transaction.set_rollback(True)
    hooked.happen()
    for _ in range(3):
        hooked.tell()
    assert len(hooked.receiver.got) == 1


def test_an_alert_is_told_when_it_is_raised_and_when_it_ends(hooked: Hooked) -> None:
    with client_scope(hooked.cast.client.pk):
        creator = make_creator("mia")
        raise_alert(
            "post.deleted", "k1", subject=creator, severity=Alert.Severity.CRITICAL,
            title="A post is gone", path="/c/glow/", now=NOW,
        )  # fmt: skip
        resolve_alerts(creator, now=NOW + timedelta(hours=1))
        resolve_alerts(creator, now=NOW + timedelta(hours=2))
    hooked.tell()
    told = [json.loads(body) for _, body in hooked.receiver.got]
    assert [one["type"] for one in told] == ["alert.raised", "alert.resolved"]
    assert told[0]["data"]["alert"]["kind"] == "post.deleted"
    assert told[0]["data"]["alert"]["url"].endswith("/c/glow/")
    ended = (NOW + timedelta(hours=1)).isoformat().replace("+00:00", "Z")
    assert told[1]["timestamp"] == told[1]["data"]["alert"]["resolved_at"] == ended


def test_an_endpoint_hears_of_its_clients_and_events_only(
    cast: Cast, receiver: Receiver, at_now: Any
) -> None:
    """A foreign organization, a sister client and other groups of events are not told."""
    own = make_endpoint(cast, receiver, client=cast.client, groups=["samples", "other"])
    own.happen(cast.client, "creator.edited")
    own.happen(cast.client, "sample.extended")
    own.happen(cast.client, "brandnew.noun")
    own.happen(cast.sister, "sample.extended")
    own.happen(cast.foreign, "sample.extended")
    for client in (cast.client, cast.sister, cast.foreign):
        own.tell(client)
    told = [json.loads(body) for _, body in receiver.got]
    assert [(one["type"], one["data"]["client"]) for one in told] == [
        ("sample.extended", "glow"),
        ("brandnew.noun", "glow"),
    ]
    with client_scope(cast.foreign.pk):
        assert not Fact.objects.exists()


def test_a_refusal_is_tried_again_later_under_the_same_id(hooked: Hooked, at_now: Any) -> None:
    hooked.receiver.status = 503
    hooked.receiver.answer = b"later\0please"
    hooked.happen()
    hooked.tell()
    hooked.tell()
    assert len(hooked.receiver.got) == 1
    assert hooked.deliveries()[0].state == Delivery.State.WAITING
    assert hooked.again().failing_since == NOW
    hooked.receiver.status = 204
    hooked.receiver.answer = b""
    at_now.shift(timedelta(seconds=6))
    hooked.tell()
    first, second = (headers for headers, _ in hooked.receiver.got)
    assert first["webhook-id"] == second["webhook-id"]
    assert first["webhook-signature"] != second["webhook-signature"]
    assert hooked.deliveries()[0].state == Delivery.State.DELIVERED
    assert hooked.again().failing_since is None
    with client_scope(hooked.cast.client.pk):
        assert list(Attempt.objects.order_by("pk").values_list("status", "answer")) == [
            (503, "later�please"),
            (204, ""),
        ]


def fail_for(hooked: Hooked, at_now: Any, **time: int) -> None:
    """Every attempt of that time fails."""
    ends = at_now.time() + timedelta(**time).total_seconds()
    while at_now.time() <= ends:
        hooked.tell()
        at_now.shift(timedelta(hours=1))


def test_after_all_attempts_a_message_has_failed_and_can_be_sent_again(
    hooked: Hooked, at_now: Any
) -> None:
    hooked.receiver.status = 500
    hooked.happen()
    fail_for(hooked, at_now, hours=14)
    assert len(hooked.receiver.got) == 12
    [delivery] = hooked.deliveries()
    assert delivery.state == Delivery.State.FAILED
    hooked.receiver.status = 200
    actions.replay(hooked.endpoint, hooked.cast.client, delivery.pk, by=BY, now=NOW)
    hooked.tell()
    assert len(hooked.receiver.got) == 13
    assert {headers["webhook-id"] for headers, _ in hooked.receiver.got} == {delivery.message_id}
    assert hooked.deliveries()[0].state == Delivery.State.DELIVERED


def test_an_endpoint_that_fails_for_days_is_switched_off_and_owners_are_told(
    hooked: Hooked, at_now: Any, settings: Any
) -> None:
    """What happens while it is off is held back and sent when it is on again."""
    settings.HOOKS_DISABLE_AFTER_HOURS = 3
    hooked.receiver.status = 500
    hooked.happen()
    fail_for(hooked, at_now, hours=3)
    assert hooked.again().disabled_at is not None
    assert "3 hours" in hooked.endpoint.disabled_why
    with client_scope(hooked.cast.client.pk):
        alert = Alert.objects.get(kind=DISABLED)
        people = {one.user for one in alert.deliveries.select_related("user")}
    assert people == {hooked.cast.members["owner"]}
    asked = len(hooked.receiver.got)
    hooked.happen(verb="sample.extended")
    fail_for(hooked, at_now, hours=2)
    assert len(hooked.receiver.got) == asked
    assert {one.state for one in hooked.deliveries()} == {Delivery.State.HELD}
    hooked.receiver.status = 200
    clients = [hooked.cast.client, hooked.cast.sister]
    held = len(hooked.deliveries())
    assert actions.switch_on(hooked.endpoint, clients, by=BY, now=NOW) == held
    hooked.tell()
    told = [json.loads(body)["type"] for _, body in hooked.receiver.got[asked:]]
    assert sorted(told) == [
        "alert.raised", "alert.resolved", "creator.edited", "sample.extended",
    ]  # fmt: skip


def test_gone_switches_off_at_once(hooked: Hooked) -> None:
    hooked.receiver.status = 410
    hooked.happen()
    hooked.tell()
    assert hooked.again().disabled_at == NOW


def test_redirects_are_not_followed(hooked: Hooked) -> None:
    hooked.receiver.status = 302
    hooked.receiver.extra = {"Location": hooked.receiver.url}
    hooked.happen()
    hooked.tell()
    assert len(hooked.receiver.got) == 1
    assert hooked.deliveries()[0].state == Delivery.State.WAITING


def test_both_secrets_sign_until_the_old_one_ends(hooked: Hooked, at_now: Any) -> None:
    """N25: rotation without a gap."""
    made = actions.rotate_secret(hooked.endpoint, grace=timedelta(hours=24), by=BY, now=NOW)
    hooked.happen()
    hooked.tell()
    headers, body = hooked.receiver.got[-1]
    assert signatures(headers) == [
        expected_signature(made.secret, headers, body),
        expected_signature(hooked.secret, headers, body),
    ]
    at_now.shift(timedelta(hours=24))
    hooked.happen(verb="sample.extended")
    hooked.tell()
    headers, body = hooked.receiver.got[-1]
    assert signatures(headers) == [expected_signature(made.secret, headers, body)]


def test_a_span_is_sent_again_all_of_it_or_what_did_not_arrive(hooked: Hooked, at_now: Any) -> None:
    hooked.happen()
    hooked.tell()
    hooked.receiver.status = 410
    hooked.happen(verb="sample.extended")
    hooked.tell()
    hooked.receiver.status = 200
    clients = [hooked.cast.client, hooked.cast.sister]
    actions.switch_on(hooked.again(), clients, by=BY, now=NOW)
    at_now.shift(timedelta(seconds=6))
    hooked.tell()
    before = len(hooked.receiver.got)
    span = (NOW - timedelta(hours=1), NOW + timedelta(hours=1))
    again: dict[str, Any] = {"by": BY, "now": NOW}
    assert actions.replay_span(hooked.endpoint, clients, *span, only_failed=True, **again) == 0
    count = actions.replay_span(hooked.endpoint, clients, *span, only_failed=False, **again)
    hooked.tell()
    assert len(hooked.receiver.got) == before + count
    assert count == len(hooked.deliveries())
    later = (span[1], span[1] + timedelta(days=1))
    assert actions.replay_span(hooked.endpoint, clients, *later, only_failed=False, **again) == 0


def test_secrets_are_sealed_and_in_no_answer(hooked: Hooked) -> None:
    row = Endpoint.objects.get()
    assert hooked.secret.encode() not in bytes(row.secret)
    assert hooked.secret[6:].encode() not in bytes(row.secret)
    stored = {str(getattr(row, one.attname)) for one in Endpoint._meta.fields}
    assert not any(hooked.secret in value for value in stored)


def test_a_removed_endpoint_hears_nothing(hooked: Hooked) -> None:
    hooked.happen()
    actions.remove(hooked.endpoint, by=BY, now=NOW)
    hooked.tell()
    hooked.happen(verb="sample.extended")
    hooked.tell()
    assert hooked.receiver.got == []


def test_only_clients_of_organizations_with_webhooks_are_looked_at(hooked: Hooked) -> None:
    own = {hooked.cast.client.pk, hooked.cast.sister.pk}
    assert set(sweep.__wrapped__.__wrapped__()[1]) == own  # type: ignore[attr-defined]
    actions.remove(hooked.endpoint, by=BY, now=NOW)
    assert sweep.__wrapped__.__wrapped__()[1] == []  # type: ignore[attr-defined]


def test_old_messages_are_dropped(hooked: Hooked) -> None:
    hooked.happen()
    hooked.tell()
    with client_scope(hooked.cast.client.pk):
        forget_old(now=NOW + timedelta(days=30))
        assert Delivery.objects.count() == 1
        forget_old(now=NOW + timedelta(days=30, seconds=1))
        assert not Delivery.objects.exists()
        assert not Attempt.objects.exists()


def test_only_owners_may_set_up_webhooks(cast: Cast) -> None:
    assert [role for role in Role if role_may(role, Permission.WEBHOOKS)] == [Role.OWNER]
