"""A program that receives webhooks: real HTTP on loopback, which answers what it is told to."""

import base64
import hmac
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Receiver:
    """What arrived, as (headers, body); `status` and `answer` are what it says."""

    port: int = 0
    status: int = 200
    answer: bytes = b"thanks"
    extra: dict[str, str] = field(default_factory=dict)
    got: list[tuple[dict[str, str], str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks"


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver that runs until the end of the block."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            names = {name.lower(): value for name, value in self.headers.items()}
            receiver.got.append((names, body))
            self.send_response(receiver.status)
            for name, value in receiver.extra.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(receiver.answer)))
            self.end_headers()
            self.wfile.write(receiver.answer)

        def log_message(self, *_words: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def expected_signature(secret: str, headers: dict[str, str], body: str) -> str:
    """The signature by the text of the Standard Webhooks specification, written out again here."""
    assert secret.startswith("whsec_")
    key = base64.b64decode(secret[6:])
    text = headers["webhook-id"] + "." + headers["webhook-timestamp"] + "." + body
    return "v1," + base64.b64encode(hmac.digest(key, text.encode("utf-8"), "sha256")).decode()
