"""A backup brings everything back: rows, row policies, rights and counters (docs/production.md)."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connections
from psycopg import sql

from sparkops.local.binaries import find_postgres

pytestmark = pytest.mark.django_db
BEFORE, AFTER = "backup_before", "backup_after"


def url(name: str, alias: str = "owner") -> str:
    one = connections[alias].settings_dict
    return f"postgres://{one['USER']}:{one['PASSWORD']}@{one['HOST']}:{one['PORT']}/{name}"


def run(program: str, *arguments: str) -> None:
    told = subprocess.run(
        [str(find_postgres().folder / program), *arguments], capture_output=True, text=True
    )
    assert told.returncode == 0, told.stderr


@pytest.fixture
def names() -> Iterator[tuple[str, str]]:
    """Two empty databases of the owner, gone afterwards."""
    own = connections["owner"].settings_dict["NAME"]
    made = (f"{own}_{BEFORE}", f"{own}_{AFTER}")
    with psycopg.connect(url("postgres"), autocommit=True) as server:
        for name in made:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield made
        for name in made:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
            server.execute(drop.format(sql.Identifier(name)))


def fill(name: str) -> None:
    """Two clients of two organizations with a creator each."""
    with psycopg.connect(url(name)) as database:
        for place in (1, 2):
            database.execute(
                "INSERT INTO tenants_organization (id, name, slug, created_at,"
                " second_factor_required) OVERRIDING SYSTEM VALUE VALUES"
                " (%s, 'O', %s, now(), false)",
                [place, f"o{place}"],
            )
            database.execute(
                "INSERT INTO tenants_client (id, organization_id, name, slug, timezone, currency,"
                " reminder_days, safety_buffer_hours, hold_codes_until_paid, brand_name,"
                " brand_accent, brand_logo, created_at) OVERRIDING SYSTEM VALUE VALUES"
                " (%s, %s, 'C', %s, 'UTC', 'USD', '[]', 24, false, '', '', '', now())",
                [place, place, f"c{place}"],
            )
            database.execute(
                "INSERT INTO audit_event (client_id, at, actor, verb, subject_type, subject_id,"
                " label, reason, data) VALUES (%s, now(), 'T', 'x', '', '', %s, '', '{}')",
                [place, f"of {place}"],
            )


def test_a_restored_backup_has_every_row_and_keeps_clients_apart(
    names: tuple[str, str], tmp_path: Path
) -> None:
    before, after = names
    schema, backup = tmp_path / "schema", tmp_path / "backup"
    own = connections["owner"].settings_dict["NAME"]
    run("pg_dump", "-Fc", "-f", str(schema), url(own))
    run("pg_restore", "--exit-on-error", "-d", url(before), str(schema))
    fill(before)
    run("pg_dump", "-Fc", "-f", str(backup), url(before))
    run("pg_restore", "--exit-on-error", "-d", url(after), str(backup))
    assert told(after) == told(before)
    with psycopg.connect(url(after, "default")) as database:
        seen = "SELECT label FROM audit_event"
        with pytest.raises(psycopg.Error), database.transaction():
            database.execute(seen)  # outside a scope nothing is read
        with database.transaction():
            database.execute("SELECT set_config('sparkops.client_id', '2', true)")
            assert database.execute(seen).fetchall() == [("of 2",)]
            with pytest.raises(psycopg.Error), database.transaction():
                database.execute("DELETE FROM audit_event")


def told(name: str) -> dict[str, list[tuple[object, ...]]]:
    """Rows of the filled tables, every row policy and right, and where the counters stand."""
    asked = {
        "clients": "SELECT * FROM tenants_client ORDER BY id",
        "events": "SELECT * FROM audit_event ORDER BY id",
        "policies": "SELECT tablename, policyname, roles, cmd, qual, with_check FROM pg_policies"
        " ORDER BY 1, 2",
        "rights": "SELECT grantee, table_name, privilege_type"
        " FROM information_schema.role_table_grants WHERE table_schema = 'public'"
        " ORDER BY 1, 2, 3",
        "triggers": "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal"
        " ORDER BY 1, 2",
        "counters": "SELECT sequencename, last_value FROM pg_sequences ORDER BY 1",
        "migrations": "SELECT app, name FROM django_migrations ORDER BY 1, 2",
    }
    with psycopg.connect(url(name)) as database:
        return {word: database.execute(question).fetchall() for word, question in asked.items()}
