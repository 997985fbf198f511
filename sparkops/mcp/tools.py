"""The API's schema as tools: one for each operation that the key's scopes allow."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

Schema = dict[str, Any]
_DEPTH = 8
CLIENT = "client"


@dataclass(frozen=True)
class Tool:
    """One operation. `places` says of each argument whether it is in the path, query or body."""

    name: str
    method: str
    path: str
    summary: str
    description: str
    places: Mapping[str, str]
    takes: Schema

    @property
    def writes(self) -> bool:
        return self.method != "GET"

    def listed(self) -> dict[str, Any]:
        """The tool as `tools/list` tells it."""
        told = self.description
        if self.writes:
            told += " Nothing happens yet: you get a card for the person to confirm."
        return {
            "name": self.name,
            "title": self.summary,
            "description": told,
            "inputSchema": self.takes,
            "annotations": {"readOnlyHint": not self.writes, "openWorldHint": False},
        }

    def request(self, values: Mapping[str, Any]) -> tuple[str, dict[str, Any], Any]:
        """Path, query and body of a call. Raises ValueError in words for arguments that are none
        or missing."""
        unknown = sorted(set(values) - set(self.places))
        if unknown:
            raise ValueError(f"There is no argument “{unknown[0]}”.")
        missing = [name for name in self.takes.get("required", ()) if name not in values]
        if missing:
            raise ValueError(f"The argument “{missing[0]}” is needed.")
        by_place: dict[str, dict[str, Any]] = {"path": {}, "query": {}, "body": {}}
        for name, value in values.items():
            by_place[self.places[name]][name] = value
        path = self.path
        for name, value in by_place["path"].items():
            path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
        has_body = "body" in self.places.values()
        return path, by_place["query"], by_place["body"] if has_body else None


def tools_of(whole: Schema, scopes: list[str], client: str | None) -> dict[str, Tool]:
    """Tools by name; with `client` the key works for that one, so the argument may be left out."""
    found = {}
    for path, item in whole["paths"].items():
        for method, operation in item.items():
            if operation.get("x-scope") in scopes:
                tool = _tool(path, method.upper(), operation, whole, client)
                found[tool.name] = tool
    return found


def _tool(path: str, method: str, operation: Schema, whole: Schema, client: str | None) -> Tool:
    properties: Schema = {}
    places: dict[str, str] = {}
    required = []
    for one in operation.get("parameters", ()):
        if one["in"] == "header":
            continue
        name = one["name"]
        places[name] = one["in"]
        properties[name] = {**one["schema"], "description": one.get("description", "")}
        if one.get("required") and not (name == CLIENT and client):
            required.append(name)
    body = _body(operation, whole)
    for name, schema in body.get("properties", {}).items():
        properties[name], places[name] = schema, "body"
    required += body.get("required", [])
    return Tool(
        name=operation["operationId"],
        method=method,
        path=re.sub(r"\s", "", path),
        summary=operation["summary"],
        description=f"{operation['summary']}. {operation['description']}",
        places=places,
        takes={
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": False,
        },
    )


def _body(operation: Schema, whole: Schema) -> Schema:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    return _whole(content["schema"], whole, 0) if content else {}


def _whole(schema: Any, whole: Schema, depth: int) -> Any:
    """A schema with what it refers to written out, because a tool stands alone."""
    if isinstance(schema, list):
        return [_whole(one, whole, depth) for one in schema]
    if not isinstance(schema, dict) or depth > _DEPTH:
        return schema
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return _whole(whole["components"]["schemas"][name], whole, depth + 1)
    return {key: _whole(value, whole, depth + 1) for key, value in schema.items()}
