"""Over HTTPS the certificate must be of the name, though the connection goes to an address."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import certifi
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from sparkops.hooks.posting import post
from tests.sparkops.hooks.test_private_networks import resolve_to

BEGIN = datetime(2020, 1, 1, tzinfo=UTC)


def certificate(folder: Path, name: str) -> Path:
    """A certificate of `name` that signs itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(BEGIN)
        .not_valid_after(BEGIN + timedelta(days=36_500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    kind = serialization.PrivateFormat.PKCS8
    path = folder / "pair.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, kind, plain)
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_words: Any) -> None:
        pass


@contextmanager
def served(pair: Path, handler: type[BaseHTTPRequestHandler]) -> Iterator[int]:
    """The port of a server on loopback that shows the certificate `pair`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair)
    server = HTTPServer(("127.0.0.1", 0), handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A server of hooks.example on loopback whose certificate is trusted."""
    pair = certificate(tmp_path, "hooks.example")
    monkeypatch.setattr(certifi, "where", lambda: str(pair))
    with served(pair, Handler) as port:
        yield port


def test_the_certificate_must_be_of_the_name(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    resolve_to(monkeypatch, ["127.0.0.1"])
    assert post(f"https://hooks.example:{port}/", {}, "{}").status == 204
    told = post(f"https://other.example:{port}/", {}, "{}")
    assert told.status is None
    assert "failed" in told.problem
