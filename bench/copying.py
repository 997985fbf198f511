"""Rows into tables by COPY, as the owner, with the columns that a row does not name filled in."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections, models

from bench.databases import OWNER

NULL = "\\N"
PORTION = 2_000
_INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
  FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
 WHERE t.relnamespace = 'public'::regnamespace AND t.relname = ANY(%s) AND NOT i.indisunique
"""
_REFERENCES = """
SELECT c.conrelid::regclass::text, quote_ident(c.conname), pg_get_constraintdef(c.oid)
  FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
 WHERE c.contype = 'f' AND t.relnamespace = 'public'::regnamespace AND t.relname = ANY(%s)
"""


def copy(model: type[models.Model], names: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """COPY `rows` into the model's table; `names` are the columns they give, with blanks between.

    The other columns get their defaults, or NULL. Values are written as `str` makes them and hold
    no tab and no backslash; `NULL` stands for no value.
    """
    given = names.split()
    rest = [
        field
        for field in model._meta.concrete_fields
        if field.column not in given and not field.primary_key
    ]
    tail = "".join(f"\t{_text(field.get_default())}" for field in rest) + "\n"
    columns = ", ".join(f'"{name}"' for name in [*given, *(field.column for field in rest)])
    statement = f"COPY {model._meta.db_table} ({columns}) FROM STDIN"
    with connections[OWNER].cursor() as cursor:
        with cursor.copy(statement) as target:
            for portion in _portions(rows):
                target.write("".join("\t".join(map(str, row)) + tail for row in portion))
        if "id" in given:
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{model._meta.db_table}', 'id'),"
                f" (SELECT coalesce(max(id), 0) + 1 FROM {model._meta.db_table}))"
            )


@contextmanager
def bare_tables(*tables: type[models.Model]) -> Iterator[None]:
    """No references and no plain indexes while the tables are filled; afterwards as before."""
    names = [model._meta.db_table for model in tables]
    with connections[OWNER].cursor() as cursor:
        cursor.execute(_REFERENCES, [names])
        references = cursor.fetchall()
        cursor.execute(_INDEXES, [names])
        indexes = cursor.fetchall()
        for table, name, _ in references:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
    yield
    with connections[OWNER].cursor() as cursor:
        for _, definition in indexes:
            cursor.execute(definition)
        for table, name, definition in references:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


def _portions(rows: Iterable[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    portion: list[tuple[Any, ...]] = []
    for row in rows:
        portion.append(row)
        if len(portion) == PORTION:
            yield portion
            portion = []
    yield portion


def _text(value: Any) -> str:
    if value is None:
        return NULL
    if isinstance(value, bytes):
        return "\\\\x" + value.hex()
    if isinstance(value, dict | list):
        return json.dumps(value)
    return str(value)
