"""Databases of the run's own, beside the one that the environment names and never in it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

import psycopg
from django.core.management import call_command
from django.db import connections
from psycopg import sql

APP, OWNER = "default", "owner"


def url(alias: str) -> str:
    """The address of the database that a connection of Django uses now."""
    settings = connections[alias].settings_dict
    user, password = quote(settings["USER"]), quote(settings["PASSWORD"])
    place = f"{settings['HOST']}:{settings['PORT'] or 5432}"
    return f"postgres://{user}:{password}@{place}/{settings['NAME']}"


def environment() -> dict[str, str]:
    """Variables for a process that works in the database of the run."""
    return {**os.environ, "DATABASE_URL": url(APP), "DATABASE_OWNER_URL": url(OWNER)}


def enter(name: str) -> None:
    """Let Django use the database `name` from now on, as both roles."""
    for alias in (APP, OWNER):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


class Databases:
    """Makes databases as the owner and remembers which to drop."""

    def __init__(self) -> None:
        self._admin = url(OWNER)
        self._before = connections[OWNER].settings_dict["NAME"]
        self._prefix = f"sparkops_bench_{os.getpid()}"
        self._made: list[str] = []

    def migrated(self) -> str:
        """A database with all tables and no rows; Django uses it from now on."""
        name = self._create(f"{self._prefix}_empty", "template1")
        enter(name)
        call_command("migrate", database=OWNER, verbosity=0)
        return name

    def copy_of(self, template: str, word: str) -> str:
        """A copy of a database in which nobody is signed in."""
        for alias in (APP, OWNER):
            connections[alias].close()
        return self._create(f"{self._prefix}_{word}", template)

    def drop_all(self) -> None:
        """Drop what was made, also under sessions that are still open."""
        enter(self._before)
        with psycopg.connect(self._admin, autocommit=True) as admin:
            while self._made:
                statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
                admin.execute(statement.format(sql.Identifier(self._made.pop())))

    def _create(self, name: str, template: str) -> str:
        with psycopg.connect(self._admin, autocommit=True) as admin:
            admin.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )
        self._made.append(name)
        return name


@contextmanager
def own_databases() -> Iterator[Databases]:
    """Databases that are dropped at the end, also of a run that fails."""
    databases = Databases()
    try:
        yield databases
    finally:
        databases.drop_all()
