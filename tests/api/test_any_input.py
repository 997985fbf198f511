"""Every operation of the schema with generated input: fitting, odd and hostile; never a fault."""

import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as rules
from hypothesis import strategies as st

from sparkops.api.reference import schema
from tests.api.conftest import Caller
from tests.api.test_objects import PARTS, misfits
from tests.api.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]
WHOLE = schema()
EXAMPLES = 5
OPERATIONS = [
    (method, path, operation)
    for path, item in WHOLE["paths"].items()
    for method, operation in item.items()
]
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
ODD: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**70), 2**70), TEXT, st.just("\0"), st.just("9" * 400),
    st.just("NaN"), st.just("1e400"), st.just("0001-01-01T00:00:00Z"), st.just("9999-12-31"),
    st.lists(st.integers(), max_size=2), st.dictionaries(TEXT, st.integers(), max_size=2),
)  # fmt: skip
BY_FORMAT = {
    "date": st.sampled_from(["2026-11-20", "2026-12-31", "1900-01-01"]),
    "date-time": st.sampled_from(["2026-11-20T10:00:00Z", "2026-12-24T00:00:00+14:00"]),
    "decimal": st.sampled_from(["0", "0.1", "12.34", "99999", "-1"]),
    "uri": st.sampled_from(["https://example.com/", "https://example.com/?a=b"]),
    "email": st.just("maya@example.com"),
    "time": st.sampled_from(["08:00", "21:30"]),
}


def resolved(found: dict[str, Any]) -> dict[str, Any]:
    return PARTS[found["$ref"].rpartition("/")[2]] if "$ref" in found else found


def fitting(found: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that fit a part of the schema, and now and then one that does not."""
    return st.one_of(plain(resolved(found)), plain(resolved(found)), ODD)


def plain(found: dict[str, Any]) -> st.SearchStrategy[Any]:
    kinds = found.get("type", "object")
    kind = kinds if isinstance(kinds, str) else next(one for one in kinds if one != "null")
    for name in ("allOf", "oneOf", "anyOf"):
        if name in found:
            return fitting(found[name][0])
    if "enum" in found:
        return st.sampled_from(found["enum"])
    if kind == "object":
        needed = found.get("required", [])
        parts = {name: fitting(one) for name, one in found.get("properties", {}).items()}
        return st.fixed_dictionaries(
            {name: parts[name] for name in needed},
            optional={name: one for name, one in parts.items() if name not in needed},
        )
    if kind == "array":
        return st.lists(fitting(found["items"]), max_size=3)
    if kind == "string":
        return BY_FORMAT.get(found.get("format", ""), TEXT)
    return {"integer": st.integers(0, 300), "boolean": st.booleans()}.get(kind, st.floats(0, 9))


def ids_of(world: World) -> st.SearchStrategy[Any]:
    known = [world.creator.pk, world.post.pk, world.ad.pk, world.launch.pk, *world.rows.values()]
    return st.one_of(
        st.sampled_from(known), st.sampled_from([0, 2**31, 2**63, 2**64, "x", "%00", "577430"])
    )


def address(draw: Any, path: str, operation: dict[str, Any], ids: Any) -> str:
    """An address with ids in it, some of its parameters filled in."""
    query = {}
    for one in operation.get("parameters", ()):
        if one["in"] == "path":
            value = "glow" if one["name"] == "client" else draw(ids)
            path = path.replace(f"{{{one['name']}}}", quote(str(value), safe="%"))
        elif one["in"] == "query" and draw(st.booleans()):
            query[one["name"]] = draw(fitting(one["schema"]))
    return f"{path}?{urlencode(query)}" if query else path


def expected(operation: dict[str, Any], status: int) -> dict[str, Any]:
    content = operation["responses"][str(status)]["content"]
    return content["application/json"]["schema"]  # type: ignore[no-any-return]


def look_at(answer: Any, method: str, path: str, operation: dict[str, Any]) -> None:
    """No fault; what was done has the shape of the schema, what was not is a problem."""
    where = (method, path, answer.content[:300])
    assert answer.status_code < 500, where
    assert "RateLimit-Remaining" in answer.headers or answer.status_code == 404, where
    if answer.status_code < 300:
        assert misfits(answer.json(), expected(operation, answer.status_code)) == [], where
    else:
        assert answer.headers["Content-Type"] == "application/problem+json", where
        assert answer.json()["status"] == answer.status_code, where


@pytest.mark.parametrize("part", range(3))
def test_n25_no_input_is_a_fault(world: World, caller: Caller, settings: Any, part: int) -> None:
    """N25: each operation several times, always with the same numbers."""
    settings.API_CALLS_PER_MINUTE = 10**6
    ids, seen = ids_of(world), set[int]()
    for method, path, operation in OPERATIONS[part::3]:
        seen |= run(caller, ids, method, path, operation)
    assert seen > {200, 400, 404, 422}


def run(caller: Caller, ids: Any, method: str, path: str, operation: dict[str, Any]) -> set[int]:
    """Call an operation with several inputs; the statuses of its answers."""
    seen = set()
    body = operation.get("requestBody")
    bodies = st.none()
    if body:
        bodies = st.one_of(fitting(body["content"]["application/json"]["schema"]), ODD)

    @rules(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.data())
    def one(data: Any) -> None:
        url = address(data.draw, path, operation, ids)
        content = json.dumps(data.draw(bodies)).encode() if body else b""
        headers = {"Authorization": f"Bearer {caller.secret}"}
        answer = caller.browser.generic(
            method.upper(), url, content, content_type="application/json", headers=headers
        )
        look_at(answer, method, url, operation)
        seen.add(answer.status_code)

    one()
    return seen
