"""A Python module for callers, written from the schema: one method for each operation."""

import keyword
import textwrap
from typing import Any

from sparkops.api.reference import schema

Schema = dict[str, Any]
_KINDS = {"integer": "int", "boolean": "bool", "string": "str", "number": "float"}
_HEAD = '''"""SparkOps API v1. Written by `manage.py api_client`; needs httpx."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx


class Refused(Exception):
    """The API said no: `status`, the stable word `code`, `detail` for people, `errors` by field."""

    def __init__(self, problem: dict[str, Any]) -> None:
        super().__init__(problem["detail"])
        self.status, self.code = problem["status"], problem["code"]
        self.detail, self.errors = problem["detail"], problem["errors"]


class SparkOps:
    """Calls with one key. `base` is the address of the installation."""

    def __init__(self, base: str, key: str, timeout: float = 60.0) -> None:
        headers = {"Authorization": f"Bearer {key}"}
        self._http = httpx.Client(base_url=base.rstrip("/"), headers=headers, timeout=timeout)

    def __enter__(self) -> "SparkOps":
        return self

    def __exit__(self, *_error: object) -> None:
        self._http.close()

    def all(self, method: str, *given: Any, **values: Any) -> Iterator[dict[str, Any]]:
        """Every row of a list, page after page: `all("list_creators", "glow")`."""
        cursor: str | None = ""
        while cursor is not None:
            more = {"cursor": cursor} if cursor else {}
            page = getattr(self, method)(*given, **values, **more)
            yield from page["data"]
            cursor = page["next"]

    def _call(
        self, method: str, path: str, query: dict[str, Any], body: Any, once: str
    ) -> dict[str, Any]:
        given = {name: value for name, value in query.items() if value is not None}
        headers = {"Idempotency-Key": once} if once else {}
        answer = self._http.request(method, path, params=given, json=body, headers=headers)
        content: dict[str, Any] = answer.json()
        if answer.is_success:
            return content
        raise Refused(content)
'''


def source() -> str:
    """The text of the module."""
    whole = schema()
    methods = [
        _method(path, method.upper(), operation)
        for path, item in whole["paths"].items()
        for method, operation in item.items()
    ]
    return "\n".join([_HEAD, *methods])


def _method(path: str, method: str, operation: Schema) -> str:
    parameters = [one for one in operation.get("parameters", ()) if one["in"] != "header"]
    in_path = [one for one in parameters if one["in"] == "path"]
    in_query = [one for one in parameters if one["in"] == "query"]
    has_body = "requestBody" in operation
    signature = ["self", *(f"{_plain(one['name'])}: {_kind(one)}" for one in in_path)]
    signature += ["body: dict[str, Any]"] if has_body else []
    rest = [f"{_plain(one['name'])}: {_kind(one)} | None = None" for one in in_query]
    rest += ['once: str = ""'] if method == "POST" else []
    signature += ["*", *rest] if rest else []
    filled = path
    for one in in_path:
        filled = filled.replace(f"{{{one['name']}}}", f"{{quote(str({_plain(one['name'])}), '')}}")
    query = ", ".join(f'"{one["name"]}": {_plain(one["name"])}' for one in in_query)
    sent, once = ("body" if has_body else "None"), ("once" if method == "POST" else '""')
    told = " ".join(f"{operation['summary']}. {operation['description']}".split())
    lines = [
        f"    def {operation['operationId']}(",
        *(f"        {one}," for one in signature),
        "    ) -> dict[str, Any]:",
        *textwrap.wrap(f'"""{told}"""', 90, initial_indent=" " * 8, subsequent_indent=" " * 8),
        f'        path = f"{filled}"' if in_path else f'        path = "{filled}"',
        f"        query: dict[str, Any] = {{{query}}}",
        f'        return self._call("{method}", path, query, {sent}, {once})',
        "",
    ]
    return "\n".join(lines)


def _kind(parameter: Schema) -> str:
    return _KINDS.get(str(parameter["schema"].get("type")), "Any")


def _plain(name: str) -> str:
    return f"{name}_" if keyword.iskeyword(name) else name
