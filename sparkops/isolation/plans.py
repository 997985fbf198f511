"""Hints to the planner where row policies mislead it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def whole_tables(cursor: Any) -> Iterator[None]:
    """Let statements over all rows of a client hash and merge instead of looping.

    A client whose rows came after the last ANALYZE is not in the statistics, so the planner
    expects one row behind its row policy and joins by nested loops: quadratic in what was just
    read. It holds for the statements inside, in the open transaction.
    """
    cursor.execute("SET LOCAL enable_nestloop = off")
    yield
    cursor.execute("SET LOCAL enable_nestloop TO DEFAULT")
