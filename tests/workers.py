"""Gives every worker of pytest-xdist a Redis database of its own, before settings are read.

Loaded with `-p` in pyproject.toml, since conftest files come after Django's settings. Postgres
databases are told apart by tests/conftest.py.
"""

import os
import urllib.parse

# "gw0", "gw1" … in a worker; absent when the suite runs in one process.
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")


def redis_url_of_worker(url: str, worker: str) -> str:
    """The same server with the database number moved up by the worker's number."""
    parts = urllib.parse.urlsplit(url)
    number = int(parts.path.strip("/") or 0) + int(worker.removeprefix("gw"))
    return parts._replace(path=f"/{number}").geturl()


if WORKER and "REDIS_URL" in os.environ:
    os.environ["REDIS_URL"] = redis_url_of_worker(os.environ["REDIS_URL"], WORKER)
