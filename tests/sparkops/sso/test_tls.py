"""Over HTTPS the certificate must be of the name, though the connection goes to an address."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from sparkops.sso import door
from tests.sparkops.hooks.test_private_networks import resolve_to
from tests.sparkops.hooks.test_tls import certificate, served


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        away = self.path == "/away"
        body = json.dumps({"host": self.headers["Host"]}).encode()
        self.send_response(302 if away else 200)
        if away:
            self.send_header("Location", "/here")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: Any) -> None:
        pass


@pytest.fixture
def port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A server of login.example on loopback whose certificate is trusted."""
    pair = certificate(tmp_path, "login.example")
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(pair))
    with served(pair, Handler) as port:
        yield port


def test_the_certificate_must_be_of_the_name(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name is asked for once: a second answer, however private, is never asked for."""
    asked = resolve_to(monkeypatch, ["127.0.0.1"], ["10.0.0.1"])
    told = door.read_json(f"https://login.example:{port}/here")
    assert told == {"host": f"login.example:{port}"}
    assert asked == ["login.example"]


def test_another_name_s_certificate_is_refused(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    resolve_to(monkeypatch, ["127.0.0.1"])
    with pytest.raises(door.Unreachable, match="does not answer"):
        door.read_json(f"https://other.example:{port}/here")


def test_a_redirect_is_not_followed(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    resolve_to(monkeypatch, ["127.0.0.1"])
    with pytest.raises(door.Unreachable, match="does not answer"):
        door.read_json(f"https://login.example:{port}/away")
