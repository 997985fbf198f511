"""Serves the product with the pages of `broken_pages`, in a process of its own.

Writes its port and the libraries of telemetry that it has loaded, and ends when its input ends.
"""

import sys
import threading
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from django.conf import settings


class Quiet(WSGIRequestHandler):
    def log_message(self, *_words: Any) -> None:
        pass


def serve() -> None:
    settings.ROOT_URLCONF = "tests.sparkops.telemetry.broken_pages"
    from sparkops.wsgi import application

    loaded = sorted({"sentry_sdk", "opentelemetry"} & set(sys.modules))
    with make_server("127.0.0.1", 0, application, handler_class=Quiet) as server:
        sys.stdout.write(f"{server.server_port} {' '.join(loaded)}\n")
        sys.stdout.flush()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        sys.stdin.read()
        server.shutdown()


if __name__ == "__main__":
    serve()
