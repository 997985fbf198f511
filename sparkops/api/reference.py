"""The reference for people, laid out from the schema."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator

from sparkops.api.problems import TITLES

Schema = dict[str, Any]


@dataclass(frozen=True)
class FieldLine:
    """One field of a body or one parameter; `depth` indents what is inside another."""

    name: str
    kind: str
    required: bool
    text: str
    depth: int = 0


@dataclass(frozen=True)
class Entry:
    """One operation as the page shows it."""

    key: str
    method: str
    path: str
    summary: str
    text: str
    scope: str
    parameters: tuple[FieldLine, ...]
    takes: tuple[FieldLine, ...]
    gives: tuple[FieldLine, ...]
    sent: str
    answer: str


@cache
def schema() -> Schema:
    """The whole OpenAPI document. It changes only with the code, so it is made once."""
    found: Schema = SchemaGenerator().get_schema(request=None, public=True)
    return found


@cache
def chapters() -> tuple[tuple[str, tuple[Entry, ...]], ...]:
    """Operations by tag, in the order of their paths."""
    whole = schema()
    found: dict[str, list[Entry]] = {}
    for path, item in whole["paths"].items():
        for method, operation in item.items():
            entry = _entry(path, method, operation, whole["components"]["schemas"])
            found.setdefault(operation["tags"][0], []).append(entry)
    return tuple((tag, tuple(entries)) for tag, entries in found.items())


def problems() -> tuple[tuple[int, str], ...]:
    """Every kind of problem: status and title."""
    return tuple((int(status), title) for status, title in sorted(TITLES.items()))


def _entry(path: str, method: str, operation: Schema, components: Schema) -> Entry:
    status, answer = next(
        (status, one) for status, one in operation["responses"].items() if status.startswith("2")
    )
    sent = _content(operation.get("requestBody", {}))
    given = _content(answer)
    return Entry(
        key=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        text=operation.get("description", ""),
        scope=operation["x-scope"],
        parameters=tuple(_parameter(one) for one in operation.get("parameters", ())),
        takes=tuple(_lines(sent.get("schema", {}), components)),
        gives=tuple(_lines(given.get("schema", {}), components)),
        sent=_json(sent.get("example")),
        answer=f"{status}\n{_json(given.get('example'))}",
    )


def _content(holder: Mapping[str, Any]) -> Schema:
    found: Schema = next(iter(holder.get("content", {}).values()), {})
    return found


def _json(example: Any) -> str:
    return "" if example is None else json.dumps(example, indent=2, ensure_ascii=False)


def _parameter(one: Schema) -> FieldLine:
    kind = _kind(one["schema"])
    where = "" if one["in"] == "query" else f", {one['in']}"
    return FieldLine(
        one["name"], kind + where, one.get("required", False), _told(one, one["schema"])
    )


def _lines(schema: Schema, components: Schema, depth: int = 0) -> list[FieldLine]:
    plain = _resolved(schema, components)
    needed = plain.get("required", ())
    found = []
    for name, one in plain.get("properties", {}).items():
        inner = _resolved(one, components)
        items = _resolved(inner.get("items", {}), components)
        many = inner.get("type") == "array"
        kind = f"list of {_kind(items)}" if many else _kind(inner)
        found.append(FieldLine(name, kind, name in needed, _told(one, inner), depth))
        if depth < 3 and (items.get("properties") or "$ref" in one or "allOf" in one):
            found += _lines(items if many else inner, components, depth + 1)
    return found


def _resolved(schema: Schema, components: Schema) -> Schema:
    if "$ref" in schema:
        found: Schema = components[schema["$ref"].rpartition("/")[2]]
        return found
    for name in ("allOf", "oneOf", "anyOf"):
        if schema.get(name):
            return _resolved(schema[name][0], components)
    return schema


def _kind(schema: Schema) -> str:
    if set(schema.get("properties", ())) == {"amount", "currency"}:
        return "money"
    kinds = schema.get("type", "object")
    names = [kinds] if isinstance(kinds, str) else list(kinds)
    words = [schema.get("format", name) if name == "string" else name for name in names]
    return " or ".join(words)


def _told(one: Schema, schema: Schema) -> str:
    text = one.get("description") or schema.get("description") or ""
    words = [str(word) for word in schema.get("enum", ()) if word not in ("", None)]
    if words and not text.startswith("*"):
        return f"{text} One of {', '.join(words)}.".strip()
    return str(text)
