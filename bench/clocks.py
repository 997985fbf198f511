"""What a measure counts: time, or processor time of this process and of its sessions in Postgres.

On a machine that others use, time says how busy they were, and for both sides differently:
Postgres and Python wait in different places. Processor time hangs much less on them.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

Clock = Callable[[], float]
_plain: set[int] = set()


@contextmanager
def counted(pid: int) -> Iterator[None]:
    """Count the session of Postgres with this process id as well, beside Django's own."""
    _plain.add(pid)
    try:
        yield
    finally:
        _plain.discard(pid)


def by_processor() -> float:
    """Seconds of processor time so far. Needs Linux, and Postgres on the same machine.

    Raises OSError elsewhere. Of a session that ends while something is measured nothing counts.
    """
    sessions = set(_plain)
    if connection.connection is not None:
        sessions.add(connection.connection.info.backend_pid)
    return time.process_time() + sum(map(_of_session, sessions))


def _of_session(pid: int) -> float:
    nanoseconds = Path(f"/proc/{pid}/schedstat").read_text().split()[0]
    return int(nanoseconds) / 1e9


by_time: Clock = time.perf_counter
