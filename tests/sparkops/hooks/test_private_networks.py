"""A webhook reaches public addresses only, whatever its name resolves to."""

import socket
from typing import Any

import pytest

from sparkops.errors import Refusal
from sparkops.hooks.posting import check_address, post
from tests.sparkops.hooks.receiver import Receiver

PRIVATE = (
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1",
    "169.254.169.254", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::1", "ff02::1",
)  # fmt: skip


def resolve_to(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Names resolve to one answer after another; gives the names that were asked for."""
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, *_more: Any, **_named: Any) -> list[Any]:
        if host[0].isdigit() or ":" in host:
            return real(host, port, *_more, **_named)
        asked.append(host)
        found = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_is_refused_when_typed_in_and_when_sent(
    settings: Any, address: str
) -> None:
    settings.HOOKS_ALLOW_LOOPBACK = False
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(Refusal, match="private network"):
        check_address(f"https://{host}/hooks")
    assert "private network" in post(f"https://{host}/hooks", {}, "{}").problem


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/", "https://", "example.com", "https://me:word@example.com/",
        "https://example.com/#part", "http://example.com/", "https://localhost/",
        "https://a.localhost/", "https://exa mple.com/", "https://example.com:99999/",
    ],
)  # fmt: skip
def test_an_address_that_is_none_is_refused(settings: Any, url: str) -> None:
    settings.HOOKS_ALLOW_LOOPBACK = False
    with pytest.raises(Refusal):
        check_address(url)


def test_a_name_that_resolves_into_our_network_is_not_reached(
    settings: Any, monkeypatch: pytest.MonkeyPatch, receiver: Receiver
) -> None:
    """Also when only one of its addresses does."""
    settings.HOOKS_ALLOW_LOOPBACK = False
    for answer in (["127.0.0.1"], ["93.184.216.34", "10.0.0.1"]):
        resolve_to(monkeypatch, answer)
        told = post(f"http://hooks.example:{receiver.port}/", {}, "{}")
        assert "private network" in told.problem
    assert receiver.got == []


def test_the_connection_goes_to_the_address_that_was_looked_at(
    monkeypatch: pytest.MonkeyPatch, receiver: Receiver
) -> None:
    """The name is resolved once: a second answer, however private, is never asked for."""
    asked = resolve_to(monkeypatch, ["127.0.0.1"], ["10.0.0.1"])
    told = post(f"http://hooks.example:{receiver.port}/in", {"webhook-id": "1"}, "{}")
    assert told.is_good
    assert asked == ["hooks.example"]
    [(headers, _)] = receiver.got
    assert headers["host"] == f"hooks.example:{receiver.port}"


def test_a_server_that_is_away_is_a_sentence(receiver: Receiver) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        assert "failed" in post(f"http://127.0.0.1:{port}/", {}, "{}").problem
    assert "not known" in post("https://nowhere.invalid/", {}, "{}").problem


def test_a_long_answer_is_cut(receiver: Receiver) -> None:
    receiver.answer = b"x" * 100_000
    assert len(post(receiver.url, {}, "{}").text) == 2_000
