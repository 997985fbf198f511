"""The row scope of a transaction.

Postgres decides which rows a query may see, from two transaction-local settings and the current
role (see `rls`). A scope is a transaction that carries them; a query on client rows outside a
scope is an error raised by Postgres, never an empty list.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db import connection, transaction

PORTFOLIO_ROLE = "sparkops_portfolio"


class ScopeError(Exception):
    """A scope was opened inside a different one, or work that needs one runs without."""


@dataclass(frozen=True)
class Scope:
    """The clients whose rows are visible; writable only when it is exactly one."""

    clients: tuple[int, ...]
    writable: bool

    def apply(self) -> None:
        """Set the role and both settings for the rest of the transaction, in one round trip."""
        one = str(self.clients[0]) if self.writable else ""
        many = "" if self.writable else "{" + ",".join(map(str, self.clients)) + "}"
        role = "none" if self.writable else PORTFOLIO_ROLE
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('sparkops.client_id', %s, true),"
                " set_config('sparkops.client_ids', %s, true),"
                " set_config('role', %s, true)",
                [one, many, role],
            )


_current: ContextVar[Scope | None] = ContextVar("sparkops_scope", default=None)


def current_scope() -> Scope | None:
    """The open scope, if any."""
    return _current.get()


def current_client_id() -> int:
    """The client being worked in. Raises ScopeError outside a one-client scope."""
    scope = _current.get()
    if scope is None or not scope.writable:
        raise ScopeError("This needs the scope of one client.")
    return scope.clients[0]


@contextmanager
def client_scope(client_id: int) -> Iterator[None]:
    """Read and write the rows of one client. Nested use with the same client is allowed."""
    with _open(Scope((int(client_id),), writable=True)):
        yield


@contextmanager
def portfolio_scope(client_ids: Iterable[int]) -> Iterator[None]:
    """Read the rows of several clients; every write is refused by Postgres."""
    with _open(Scope(tuple(sorted({int(one) for one in client_ids})), writable=False)):
        yield


@contextmanager
def _open(scope: Scope) -> Iterator[None]:
    outer = _current.get()
    if outer is not None and outer != scope:
        raise ScopeError("A different scope is already open: close it first.")
    if outer == scope:
        with transaction.atomic():
            yield
        return
    inside_transaction = connection.in_atomic_block
    with transaction.atomic():
        token = _current.set(scope)
        try:
            scope.apply()
            yield
        finally:
            _current.reset(token)
        if inside_transaction:
            # The surrounding transaction goes on and the settings would outlive this block.
            _clear()


def _clear() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('role', 'none', true), set_config('sparkops.client_id', '', true),"
            " set_config('sparkops.client_ids', '', true)"
        )
