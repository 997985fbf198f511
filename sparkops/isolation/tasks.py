"""Celery entry points that open a scope.

A scoped task carries the client's id in its message and runs inside that client's scope. A
fan-out runs without scope, reads only the client registry and enqueues one scoped task per client.
"""

import functools
import inspect
import random
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import structlog
from celery import shared_task

from sparkops import clock
from sparkops.isolation.scope import ScopeError, client_scope, current_scope


def client_task(*, queue: str, scoped: bool = True, **options: Any) -> Callable[[Any], Any]:
    """A task of one client: `function(*, client_id, ...)`.

    With `scoped=False` the function opens its own scopes around its database work, because it
    talks to TikTok in between and a scope is a transaction. Unknown keywords in a message are
    dropped, so that an old worker survives a newer sender.
    """

    def decorate(function: Callable[..., Any]) -> Any:
        known = set(inspect.signature(function).parameters)

        @functools.wraps(function)
        def run(*, client_id: int, **arguments: Any) -> None:
            kept = {name: value for name, value in arguments.items() if name in known}
            with structlog.contextvars.bound_contextvars(client_id=client_id, task=run.__name__):
                if current_scope() is not None:
                    raise ScopeError("A task starts without a scope.")
                if not scoped:
                    function(client_id=client_id, **kept)
                    return
                with client_scope(client_id):
                    function(client_id=client_id, **kept)

        name = f"{function.__module__}.{function.__name__}"
        return shared_task(name=name, lane=queue, **options)(run)

    return decorate


def system_task(*, queue: str) -> Callable[[Any], Any]:
    """A task of no client: runs without scope; it reads the registry or opens its own scopes."""

    def decorate(function: Callable[..., None]) -> Any:
        known = set(inspect.signature(function).parameters)

        @functools.wraps(function)
        def run(**arguments: Any) -> None:
            if current_scope() is not None:
                raise ScopeError("A task starts without a scope.")
            function(**{name: value for name, value in arguments.items() if name in known})

        return shared_task(name=f"{function.__module__}.{function.__name__}", lane=queue)(run)

    return decorate


def fan_out(*, queue: str) -> Callable[[Any], Any]:
    """A system-wide task: runs without scope and returns (task, client ids) to enqueue.

    Each client's task starts after a small random delay, so that a full minute's work does not
    arrive in one second.
    """

    def decorate(function: Callable[[], tuple[Any, Iterable[int]]]) -> Any:
        @functools.wraps(function)
        def run(**_unknown: Any) -> None:
            task, client_ids = function()
            for client_id in client_ids:
                task.apply_async(
                    kwargs={"client_id": client_id},
                    countdown=random.uniform(0, 3),  # noqa: S311 - jitter, not a secret
                )

        return shared_task(name=f"{function.__module__}.{function.__name__}", lane=queue)(run)

    return decorate


def work_off(client_id: int, step: Callable[[datetime], bool]) -> None:
    """Do a long job in short transactions: `step` in a scope of its own each time, until it says
    that nothing is left. A worker that dies loses at most the step it was in."""
    more = True
    while more:
        with client_scope(client_id):
            more = step(clock.now())
