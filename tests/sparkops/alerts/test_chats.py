"""Slack, Teams, Discord and others: what is said, to whom, and what happens when it fails (SS5)."""

import json
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.test import Client as Browser
from django.test import override_settings

from sparkops import clock
from sparkops.accounts.models import User
from sparkops.alerts.actions import raise_alert
from sparkops.alerts.chat import MOST_TEXT, ChatError, check_address
from sparkops.alerts.chats import NewChat, add_chat
from sparkops.alerts.models import Chat, Delivery
from sparkops.alerts.tasks import deliver
from sparkops.alerts.wishes import read_wishes
from sparkops.errors import Refusal
from sparkops.home.digest import plan_digests, send_digest
from sparkops.isolation.scope import client_scope
from tests.factories.ads import NOW, a_post, an_ad
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db


class Room:
    """A chat that takes messages over HTTP and answers with `status`."""

    def __init__(self) -> None:
        self.status, self.said, self.hosts = 200, [], []  # type: ignore[var-annotated]
        room = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                room.said.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                room.hosts.append(self.headers["Host"])
                self.send_response(room.status)
                self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://localhost:{self.server.server_address[1]}/hook/secret-part"


@pytest.fixture
def room() -> Iterator[Room]:
    made = Room()
    thread = Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    with override_settings(CHATS_ON_PRIVATE_HOSTS=True):
        yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


@pytest.fixture(autouse=True)
def at_now() -> Iterator[None]:
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


def chat_of(user: User, room: Room, kind: str = "slack", label: str = "#ads") -> Chat:
    return add_chat(user, NewChat(kind, label, room.address), now=clock.now())


def tell(cast: Cast, user: User, title: str = "An ad <lost> its permission") -> None:
    user.refresh_from_db()
    with client_scope(cast.client.pk):
        raise_alert(
            "ad.lost_permission", title, subject=cast.client, severity="warning", title=title,
            body="Look @everyone", path="/c/glow/campaigns/?tab=lost", now=clock.now(),
            people=[user],
        )  # fmt: skip


def deliveries(cast: Cast, chat: Chat) -> list[Delivery]:
    with client_scope(cast.client.pk):
        return list(Delivery.objects.filter(channel=chat.channel))


@pytest.mark.parametrize("kind", list(Chat.Kind))
def test_ss5_each_kind_of_chat_is_told_in_its_own_words(cast: Cast, room: Room, kind: str) -> None:
    user = cast.members["media"]
    chat = chat_of(user, room, kind)
    tell(cast, user)
    deliver(client_id=cast.client.pk)
    [said] = room.said
    text = json.dumps(said)
    assert "Glow Skincare: An ad" in text and "/c/glow/campaigns/?tab=lost" in text
    assert room.hosts[0].startswith("localhost:")
    if kind == "slack":
        assert "*Glow Skincare: An ad &lt;lost&gt; its permission*" in said["text"]
    if kind == "discord":
        assert said["allowed_mentions"] == {"parse": []}
    if kind == "teams":
        assert said["attachments"][0]["content"]["type"] == "AdaptiveCard"
    assert len(mail.outbox) == 1  # by mail too, as before
    deliver(client_id=cast.client.pk)
    assert len(room.said) == 1
    assert [one.state for one in deliveries(cast, chat)] == ["sent"]


def test_ss5_events_choose_their_chats_and_quiet_hours_hold_them_back(
    cast: Cast, room: Room
) -> None:
    user = cast.members["media"]
    chat = chat_of(user, room)
    browser = Browser()
    browser.force_login(user)
    wanted = {
        "digest_at": "08:00", "timezone": "UTC", "event_ads": [chat.channel],
        "quiet_starts": "17:00", "quiet_ends": "20:00",
    }  # fmt: skip
    assert browser.post("/notifications/settings/", wanted).status_code == 302
    tell(cast, user)
    deliver(client_id=cast.client.pk)
    assert room.said == []
    with time_machine.travel(NOW + timedelta(hours=3), tick=False):
        deliver(client_id=cast.client.pk)
    assert len(room.said) == 1 and mail.outbox == []


def test_a_chat_that_is_out_of_order_is_tried_again_and_says_so(cast: Cast, room: Room) -> None:
    user = cast.members["media"]
    chat = chat_of(user, room)
    tell(cast, user)
    room.status = 500
    deliver(client_id=cast.client.pk)
    chat.refresh_from_db()
    assert chat.error == "localhost did not take the message (500)." and not chat.is_stopped
    room.status = 200
    with time_machine.travel(NOW + timedelta(minutes=10), tick=False):
        deliver(client_id=cast.client.pk)
    chat.refresh_from_db()
    assert (chat.error, chat.last_ok_at is not None) == ("", True)
    assert [one.state for one in deliveries(cast, chat)] == ["sent"]


def test_a_webhook_that_is_gone_is_not_called_again_and_the_page_says_why(
    cast: Cast, room: Room
) -> None:
    user = cast.members["media"]
    chat = chat_of(user, room)
    room.status = 404
    tell(cast, user)
    deliver(client_id=cast.client.pk)
    tell(cast, user, "Another")
    deliver(client_id=cast.client.pk)
    assert len(room.said) == 1
    assert [one.state for one in deliveries(cast, chat)] == ["failed", "dropped"]
    browser = Browser()
    browser.force_login(user)
    page = browser.get("/notifications/settings/").content.decode()
    assert "no longer takes messages here (404)" in page
    assert "secret-part" not in page


def test_a_redirect_is_not_followed(cast: Cast, room: Room) -> None:
    user = cast.members["media"]
    chat_of(user, room)
    room.status = 307
    tell(cast, user)
    deliver(client_id=cast.client.pk)
    assert len(room.said) == 1


def test_a_test_message_tells_at_once_whether_it_arrived(cast: Cast, room: Room) -> None:
    user, browser = cast.members["media"], Browser()
    browser.force_login(user)
    values = {"kind": "discord", "label": "Team", "address": room.address}
    assert browser.post("/notifications/chats/add/", values).status_code == 302
    chat = Chat.objects.get()
    assert b"secret-part" not in bytes(chat.address)
    here = f"/notifications/chats/{chat.pk}/test/"
    assert browser.post(here).status_code == 302
    assert "A test from SparkOps" in room.said[0]["content"]
    room.status = 403
    answer = browser.post(here)
    assert answer.status_code == 422 and "no longer takes messages" in answer.content.decode()
    stranger = Browser()
    stranger.force_login(cast.members["owner"])
    assert stranger.post(here).status_code == 404
    assert stranger.post(f"/notifications/chats/{chat.pk}/remove/").status_code == 404
    assert browser.post(f"/notifications/chats/{chat.pk}/remove/").status_code == 302
    user.refresh_from_db()
    chosen = read_wishes(user.notices).channels.values()
    assert not any(chat.channel in names for names in chosen)


def test_ss5_the_digest_comes_by_the_chat_that_was_chosen(cast: Cast, room: Room) -> None:
    user = cast.members["media"]
    chat = chat_of(user, room)
    browser = Browser()
    browser.force_login(user)
    wanted = {
        "digest": "on", "digest_by": chat.channel, "digest_at": "17:00", "timezone": "UTC",
    }  # fmt: skip
    browser.post("/notifications/settings/", wanted)
    with client_scope(cast.client.pk):
        for number in range(3):
            post = a_post(f"7500000000000000{number}1", f"maker.{number}")
            an_ad(f"lost{number}", post, state="lost_permission")
    for pk in plan_digests(now=clock.now()):
        send_digest(pk, now=clock.now)
    texts = [one["text"] for one in room.said]
    assert any("3 ads lost their permission" in one and "?tab=lost" in one for one in texts)
    assert all(len(one) < MOST_TEXT + 300 for one in texts)
    assert user.email not in {to for one in mail.outbox for to in one.to}


@pytest.mark.parametrize(
    "address",
    [
        "http://hooks.slack.com/x",
        "https://127.0.0.1/x",
        "https://[64:ff9b::7f00:1]/x",
        "https://[2002:7f00:1::1]/x",
        "https://localhost/x",
        "https://[::1]/x",
        "https://[::ffff:10.0.0.1]/x",
        "https://169.254.169.254/latest/meta-data",
        "https://10.1.2.3/x",
        "https://0.0.0.0/",
        "ftp://8.8.8.8/x",
        "slack",
        "https://[bad/x",
    ],
)
def test_an_address_inside_our_network_is_never_called(cast: Cast, address: str) -> None:
    with pytest.raises(ChatError):
        check_address(address)
    with pytest.raises(Refusal):
        add_chat(cast.members["media"], NewChat("slack", "#x", address), now=NOW)
    assert not Chat.objects.exists()
