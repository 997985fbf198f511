"""The three database roles and the database, on any Postgres: embedded, in a container, managed.

`sparkops_owner` owns the tables and migrates. `sparkops_app` signs in for web and workers and owns
nothing, so row policies bind it. `sparkops_portfolio` cannot sign in; the app's role switches to it
to read several clients at once. Needs psycopg only.
"""

from collections.abc import Collection
from dataclasses import dataclass

import psycopg
from psycopg import sql

OWNER = "sparkops_owner"
APP = "sparkops_app"
PORTFOLIO = "sparkops_portfolio"
DATABASE = "sparkops"
OLDEST_MAJOR = 15
GRANT_OPTIONS_SINCE = 16


class RolesFault(Exception):
    """The roles cannot be made. The message says why and what to do."""


@dataclass(frozen=True)
class RoleChange:
    """What was done about one role: made, given the password, or left as it was."""

    role: str
    made: bool
    password_set: bool


def set_up_roles(
    admin_url: str,
    *,
    owner_password: str,
    app_password: str,
    database: str = DATABASE,
    replace_passwords: Collection[str] = (),
    owner_may_create_databases: bool = False,
) -> list[RoleChange]:
    """Make roles, rights and the database; safe to repeat.

    `admin_url` signs in as a role that may create roles and databases (no superuser needed).
    A role that exists keeps its password unless it is named in `replace_passwords`. Raises
    RolesFault.
    """
    try:
        with psycopg.connect(admin_url, autocommit=True, connect_timeout=10) as connection:
            _refuse_old(connection)
            owner = _role(connection, OWNER, owner_password, OWNER in replace_passwords)
            app = _role(connection, APP, app_password, APP in replace_passwords)
            _portfolio(connection)
            if owner_may_create_databases:
                connection.execute(sql.SQL("ALTER ROLE {} CREATEDB").format(sql.Identifier(OWNER)))
            _database(connection, database)
    except psycopg.Error as fault:
        raise RolesFault(f"Postgres refused to set up the roles: {str(fault).strip()}") from fault
    return [owner, app]


def _refuse_old(connection: psycopg.Connection) -> None:
    major = connection.info.server_version // 10_000
    if major < OLDEST_MAJOR:
        raise RolesFault(f"This is Postgres {major}. SparkOps needs {OLDEST_MAJOR} or newer.")


def _exists(connection: psycopg.Connection, role: str) -> bool:
    found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    return found is not None


def _role(
    connection: psycopg.Connection, role: str, password: str, replace_password: bool
) -> RoleChange:
    exists = _exists(connection, role)
    if not exists or replace_password:
        verb = "ALTER ROLE {} LOGIN PASSWORD {}" if exists else "CREATE ROLE {} LOGIN PASSWORD {}"
        connection.execute(sql.SQL(verb).format(sql.Identifier(role), sql.Literal(password)))
    return RoleChange(role, made=not exists, password_set=not exists or replace_password)


def _portfolio(connection: psycopg.Connection) -> None:
    """The app's role may switch to the reading role, but has none of its rights by itself."""
    if not _exists(connection, PORTFOLIO):
        connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(PORTFOLIO)))
    names = {"app": sql.Identifier(APP), "portfolio": sql.Identifier(PORTFOLIO)}
    if connection.info.server_version // 10_000 >= GRANT_OPTIONS_SINCE:
        grant = "GRANT {portfolio} TO {app} WITH INHERIT FALSE, SET TRUE"
    else:
        grant = "ALTER ROLE {app} NOINHERIT; GRANT {portfolio} TO {app}"
    connection.execute(sql.SQL(grant).format(**names))


def _database(connection: psycopg.Connection, database: str) -> None:
    names = {
        "database": sql.Identifier(database),
        "owner": sql.Identifier(OWNER),
        "app": sql.Identifier(APP),
    }
    made = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
    if made.fetchone() is None:
        _let_admin_act_as_owner(connection)
        create = sql.SQL("CREATE DATABASE {database} OWNER {owner}").format(**names)
        connection.execute(create)
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {database} FROM PUBLIC").format(**names))
    connection.execute(
        sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {app}").format(**names)
    )


def _let_admin_act_as_owner(connection: psycopg.Connection) -> None:
    """An admin who is no superuser must be a member of the role it gives a database to."""
    connection.execute(
        sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(OWNER))
        if not _is_superuser(connection)
        else sql.SQL("SELECT 1")
    )


def _is_superuser(connection: psycopg.Connection) -> bool:
    row = connection.execute(
        "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    return bool(row and row[0])
