"""What a measure works with: a filled database, a signed-in person, and a plain connection."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from django.db import transaction
from django.test import Client as Browser

from bench.clocks import counted
from bench.databases import APP, url
from bench.sizes import Size
from bench.world import World
from sparkops.accounts.models import User
from sparkops.isolation.scope import client_scope


@dataclass
class Stage:
    """One of the run's databases, by its `name`, filled.

    `grow` makes the like with so many times the rows in a database of its own and enters it.
    """

    name: str
    size: Size
    world: World
    grow: Callable[[float], "Stage"]

    def browser(self) -> Browser:
        """The product's pages without a network, signed in."""
        browser = Browser(SERVER_NAME="localhost")
        browser.force_login(User.objects.get(pk=self.world.user_id))
        return browser

    @contextmanager
    def plain(self, *clients: int) -> Iterator[psycopg.Connection]:
        """psycopg as the app's role under its row policies, for references.

        With one client as web requests are, with several as the portfolio role.
        """
        with psycopg.connect(url(APP), autocommit=True) as connection:
            if len(clients) == 1:
                _set(connection, "sparkops.client_id", str(clients[0]))
            else:
                many = "{" + ",".join(map(str, clients)) + "}"
                _set(connection, "sparkops.client_ids", many)
                _set(connection, "role", "sparkops_portfolio")
            with counted(connection.info.backend_pid):
                yield connection


def _set(connection: psycopg.Connection, name: str, value: str) -> None:
    connection.execute("SELECT set_config(%s, %s, false)", [name, value])


def show(browser: Browser, path: str) -> bytes:
    """One page, whole. Raises AssertionError when it is no page."""
    response = browser.get(path)
    assert response.status_code == 200, f"{path} answered {response.status_code}"
    return response.content


@contextmanager
def undone(client_id: int) -> Iterator[None]:
    """A client's scope whose writes are taken back, so that every round finds the same rows."""
    with client_scope(client_id), transaction.atomic():
        yield
        transaction.set_rollback(True)
