"""An assistant over MCP: its own process, standard input and output, real HTTP (N25)."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from creators.models import Creator
from sparkops.api.keys import create_key
from sparkops.audit.models import Event
from sparkops.audit.record import Actor
from sparkops.isolation.scope import client_scope
from sparkops.mcp.remote import Api
from sparkops.mcp.server import SECONDS, Server
from sparkops.tenants.permissions import Permission
from tests.factories.cast import Cast, build_cast
from tests.factories.creators import NOW, make_creator

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[3]
BY = Actor("Ola Owner", 1)


@dataclass
class Assistant:
    """The other side of the conversation."""

    process: subprocess.Popen[str]
    number: int = 0

    def ask(self, method: str, **given: Any) -> dict[str, Any]:
        self.number += 1
        self.say({"jsonrpc": "2.0", "id": self.number, "method": method, "params": given})
        answer = self.hear()
        assert (answer["jsonrpc"], answer["id"]) == ("2.0", self.number)
        return answer

    def call(self, name: str, **values: Any) -> tuple[bool, Any]:
        """Whether a tool was done, and what it says."""
        result = self.ask("tools/call", name=name, arguments=values)["result"]
        [content] = result["content"]
        if result["isError"]:
            return False, content["text"]
        assert json.loads(content["text"]) == result["structuredContent"]
        return True, result["structuredContent"]

    def say(self, content: Any) -> None:
        assert self.process.stdin
        text = content if isinstance(content, str) else json.dumps(content)
        self.process.stdin.write(f"{text}\n")
        self.process.stdin.flush()

    def hear(self) -> dict[str, Any]:
        assert self.process.stdout
        found: dict[str, Any] = json.loads(self.process.stdout.readline())
        return found


def key_of(cast: Cast, *scopes: Permission, everywhere: bool = False) -> str:
    client = None if everywhere else cast.client
    made = create_key(
        cast.agency, "Assistant", client=client, scopes=scopes, expires_at=None, by=BY, now=NOW
    )
    return made.secret


def command(url: str, key: str) -> dict[str, Any]:
    """How the program is started."""
    return {
        "args": [sys.executable, "manage.py", "mcp", "--url", url],
        "cwd": ROOT,
        "env": {**os.environ, "SPARKOPS_API_KEY": key, "SPARKOPS_NO_BOOTSTRAP": "1"},
        "text": True,
    }


@contextmanager
def assistant(url: str, key: str) -> Iterator[Assistant]:
    process = subprocess.Popen(**command(url, key), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        yield Assistant(process)
    finally:
        assert process.stdin and process.stdout
        process.stdin.close()
        assert process.wait(timeout=30) == 0
        process.stdout.close()


@pytest.fixture
def world(transactional_db: None) -> tuple[Cast, Creator]:
    cast = build_cast()
    with client_scope(cast.client.pk):
        return cast, make_creator("maya", notes="before")


def test_n25_an_assistant_reads_and_writes_only_what_was_confirmed(
    world: tuple[Cast, Creator], live_server: Any
) -> None:
    """N25: a card first; its token works once; the key's name is in the log."""
    cast, creator = world
    with assistant(live_server.url, key_of(cast, Permission.CREATOR_EDIT)) as one:
        hello = one.ask("initialize", protocolVersion="2025-03-26", capabilities={})["result"]
        assert hello["protocolVersion"] == "2025-03-26"
        assert hello["capabilities"] == {"tools": {"listChanged": False}}
        one.say({"jsonrpc": "2.0", "method": "notifications/initialized"})
        assert one.ask("ping")["result"] == {}
        tools = {tool["name"]: tool for tool in one.ask("tools/list")["result"]["tools"]}
        assert tools["list_creators"]["annotations"]["readOnlyHint"] is True
        assert "client" not in tools["list_creators"]["inputSchema"]["required"]
        assert not {"pause_ad", "hand_in", "list_webhooks"} & set(tools)
        done, rows = one.call("list_creators")
        assert done
        assert [row["handle"] for row in rows["data"]] == ["maya"]
        done, card = one.call("change_creator", id=creator.pk, notes="after")
        assert done
        assert card["confirmation_needed"] is True
        assert card["values"] == {"notes": "after"}
        assert notes_of(cast) == "before"
        done, changed = one.call("confirm", token=card["token"])
        assert done
        assert changed["notes"] == notes_of(cast) == "after"
        done, why = one.call("confirm", token=card["token"])
        assert not done
        assert "used" in why
    with client_scope(cast.client.pk):
        assert "API key Assistant" in Event.objects.get(verb="creator.edited").actor


def notes_of(cast: Cast) -> str:
    with client_scope(cast.client.pk):
        return Creator.objects.get().notes


def test_what_is_wrong_is_said_and_the_conversation_goes_on(
    world: tuple[Cast, Creator], live_server: Any
) -> None:
    cast, creator = world
    with assistant(live_server.url, key_of(cast, everywhere=True)) as one:
        for line, code in (("{", -32700), ("[]", -32600), ('{"id": 1}', -32600)):
            one.say(line)
            assert one.hear()["error"]["code"] == code
        assert one.ask("nothing/here")["error"]["code"] == -32601
        unknown = one.ask("tools/call", name="change_creator", arguments={})
        assert unknown["error"]["code"] == -32602
        assert one.ask("tools/call", name="list_creators", arguments=[1])["error"]["code"] == -32602
        assert one.call("list_creators") == (False, "The argument “client” is needed.")
        assert one.call("list_creators", client="glow", nope=1)[1].startswith("There is no arg")
        done, why = one.call("list_creators", client="secret-brand")
        assert not done
        assert "no such thing" in why
        done, why = one.call("list_creators", client="../key")
        assert not done
        done, row = one.call("get_creator", client="glow", id=creator.pk)
        assert done
        assert row["handle"] == "maya"


def test_a_card_ends_and_a_refusal_of_the_rules_is_told(
    world: tuple[Cast, Creator], live_server: Any
) -> None:
    cast, creator = world
    now = [0.0]
    with Api(live_server.url, key_of(cast, Permission.CREATOR_EDIT)) as api:
        check_cards(cast, creator, Server(api, "1", seconds=lambda: now[0]), now)


def check_cards(cast: Cast, creator: Creator, server: Server, now: list[float]) -> None:
    """One card that is too old, one that the rules refuse."""

    def call(name: str, **values: Any) -> dict[str, Any]:
        asked = {"id": 1, "method": "tools/call", "params": {"name": name, "arguments": values}}
        found: dict[str, Any] = json.loads(server.answer(json.dumps(asked)) or "")["result"]
        return found

    card = call("change_creator", id=creator.pk, notes="late")["structuredContent"]
    now[0] = SECONDS + 1
    assert call("confirm", token=card["token"])["isError"] is True
    assert notes_of(cast) == "before"
    card = call("change_creator", id=creator.pk, timezone="Mars/Base")["structuredContent"]
    told = call("confirm", token=card["token"])
    assert told["isError"] is True
    assert "zone" in told["content"][0]["text"]


def test_without_a_key_that_works_it_does_not_start(
    world: tuple[Cast, Creator], live_server: Any
) -> None:
    for key, says in (("", "SPARKOPS_API_KEY"), ("spo_wrong", "unknown, revoked")):
        told = subprocess.run(
            **command(live_server.url, key), input="", capture_output=True, timeout=60
        )
        assert told.returncode == 1
        assert says in told.stderr
