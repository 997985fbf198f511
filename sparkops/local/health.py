"""Asks a SparkOps web server on this machine whether it serves: `python -m sparkops.local.health`.

The container's health check and the demo's readiness use the same question.
"""

import argparse
import http.client
import os
import sys

from sparkops.local.ports import LOOPBACK


def is_healthy(port: int, host: str = LOOPBACK) -> bool:
    """Whether /healthz answers 200 under the given host name."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    try:
        # Says that TLS ends in front of us, or a production server would only send us to https.
        headers = {"Host": host, "X-Forwarded-Proto": "https"}
        connection.request("GET", "/healthz", headers=headers)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def allowed_host() -> str:
    """A host name that the server accepts."""
    first = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".")
    return first if first not in ("", "*") else LOOPBACK


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Exit 0 if SparkOps serves on the port.")
    parser.add_argument("--port", type=int, default=8000)
    sys.exit(0 if is_healthy(parser.parse_args().port, allowed_host()) else 1)
