"""Hostile input: bodies from the schema and beside it, files, webhooks, words, hosts, addresses."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from random import Random
from typing import Any

from django.conf import settings
from django.test import Client as Browser
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as example_settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from bench.torture.ground import Ground, Scenario
from bench.torture.scenarios.isolation import addresses
from bench.torture.stage import fill
from sparkops.api.reference import schema
from sparkops.api.scopes import SCOPES
from sparkops.errors import Refusal
from sparkops.isolation.checks import client_models
from sparkops.isolation.scope import client_scope
from sparkops.sheets.read import read_upload
from sparkops.tiktok.shop.webhooks import signature
from tests.api.conftest import Caller, make_caller
from tests.api.world import World, make_world
from tests.factories.cast import Cast, build_cast

SCRIPT = '"><script>spark()</script><img src=x onerror=spark()>'
ALIVE = re.compile(rb"<script>spark\(|<img src=x onerror")
ODD_TEXTS = ["", " ", "\0", "\ud800", "’; DROP TABLE x;--", "😀" * 50, "a" * 5000, "=1+1", "%00"]
ODD_NUMBERS = [0, -1, 2**31, 2**63, 2**64, 10**30, -(2**63) - 1, 0.1, 1e308]
ODD_ANY = [None, True, [], {}, [[]], {"": ""}]
FORMULA = re.compile(r"^[=+\-@\t\r]")


def run(ground: Ground) -> Iterator[str]:
    """`rounds` times ten examples for every operation, and as many files and webhooks."""
    ground.fresh("inputs")
    cast = build_cast()
    with client_scope(cast.client.pk):
        world = make_world(cast.client.pk)
    caller = make_caller(cast.agency, cast.client, scopes=SCOPES)
    caller.browser.raise_request_exception = False
    yield from operations(ground, caller, world)
    yield from files(ground.chance("files"), ground.rounds * 40)
    yield from webhooks(ground.chance("webhooks"), ground.rounds * 40)
    yield from large_bodies(caller)
    yield from hosts()
    yield from stored_scripts(cast)


def operations(ground: Ground, caller: Caller, world: World) -> Iterator[str]:
    """Every operation of the schema: no fault, and every answer is what the schema says."""
    whole = schema()
    settings.API_CALLS_PER_MINUTE = 10**9
    for path, item in whole["paths"].items():
        for method, operation in item.items():
            yield from _operation(ground, caller, whole, path, method, operation)


def _operation(
    ground: Ground,
    caller: Caller,
    whole: dict[str, Any],
    path: str,
    method: str,
    operation: dict[str, Any],
) -> Iterator[str]:
    wrong: set[str] = set()
    body = (
        operation.get("requestBody", {})
        .get("content", {})
        .get("application/json", {})
        .get("schema")
    )
    queries = [one for one in operation.get("parameters", ()) if one["in"] == "query"]
    ids = st.one_of(st.integers(1, 40).map(str), st.sampled_from(["0", "x", "9" * 25, "%00"]))

    @seed(ground.seed)
    @example_settings(
        max_examples=ground.rounds * 10,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def examine(data: st.DataObject) -> None:
        address = path.replace("{client}", caller.client)
        while "{" in address:
            before, _, rest = address.partition("{")
            address = before + data.draw(ids) + rest.partition("}")[2]
        query = {
            one["name"]: data.draw(_values(whole, one["schema"]))
            for one in queries
            if data.draw(st.booleans())
        }
        if method == "get":
            texts = {name: str(value) for name, value in query.items()}
            answer = caller.get(address, **{k: _sendable(v) for k, v in texts.items()})
        else:
            content = data.draw(_values(whole, body)) if body else {}
            raw = json.dumps(content).encode()
            answer = caller.browser.generic(
                method.upper(),
                address,
                raw,
                content_type="application/json",
                headers={"Authorization": f"Bearer {caller.secret}"},
            )
        found = _fault_of(whole, operation, answer)
        if found:
            wrong.add(f"{method.upper()} {path}: {found}")

    examine()
    yield from sorted(wrong)


def _values(whole: dict[str, Any], part: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Mostly what the schema asks for, sometimes something else."""
    odd = st.sampled_from([*ODD_TEXTS, *ODD_NUMBERS, *ODD_ANY])
    right = _right(whole, part)
    return st.one_of(right, right, right, odd)


def _right(whole: dict[str, Any], part: dict[str, Any]) -> st.SearchStrategy[Any]:
    if "$ref" in part:
        return _right(whole, whole["components"]["schemas"][part["$ref"].rpartition("/")[2]])
    for word in ("oneOf", "anyOf", "allOf"):
        if part.get(word):
            return st.one_of([_right(whole, one) for one in part[word]])
    if "enum" in part:
        return st.sampled_from(part["enum"])
    kind = part.get("type", "string")
    if isinstance(kind, list):
        return st.one_of([_right(whole, {**part, "type": one}) for one in kind])
    if kind == "object":
        return st.fixed_dictionaries(
            {}, optional={k: _values(whole, one) for k, one in part.get("properties", {}).items()}
        )
    if kind == "array":
        return st.lists(_values(whole, part.get("items", {})), max_size=4)
    simple: dict[str, st.SearchStrategy[Any]] = {
        "integer": st.integers(int(part.get("minimum", -5)), int(part.get("maximum", 10**6))),
        "number": st.floats(allow_nan=False, allow_infinity=False),
        "boolean": st.booleans(),
        "null": st.none(),
    }
    if kind in simple:
        return simple[kind]
    formats = {
        "date": st.dates().map(str),
        "date-time": st.datetimes().map(lambda moment: f"{moment.isoformat()}Z"),
        "decimal": st.decimals(-(10**6), 10**6, places=2).map(str),
    }
    return formats.get(part.get("format", ""), st.text(max_size=40))


def _sendable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _fault_of(whole: dict[str, Any], operation: dict[str, Any], answer: Any) -> str:
    if answer.status_code >= 500:
        return f"answers {answer.status_code}"
    told = operation["responses"].get(str(answer.status_code))
    if told is None:
        return f"answers {answer.status_code}, which the schema does not name"
    for content in told.get("content", {}).values():
        validator = Draft202012Validator({**content["schema"], "components": whole["components"]})
        for fault in validator.iter_errors(json.loads(answer.content or b"null")):
            return f"answers {answer.status_code} unlike the schema: {fault.message[:160]}"
    return ""


def files(chance: Random, number: int) -> Iterator[str]:
    """A file is read as a table or refused in a sentence; nothing else comes of it."""
    for data in [*_bombs(), *(_damaged(chance) for _ in range(number))]:
        try:
            read_upload("sheet.xlsx", data)
        except Refusal:
            continue
        except Exception as fault:
            yield f"a file of {len(data)} bytes ends in {type(fault).__name__}: {fault}"[:200]


def _bombs() -> Iterator[bytes]:
    parts = {
        "zeros": b"0" * 400_000_000,
        "entities": b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
        b"<worksheet>&b;</worksheet>",
        "outside": b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        b"<worksheet>&x;</worksheet>",
    }
    for content in parts.values():
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("[Content_Types].xml", b"<Types/>")
            archive.writestr("xl/worksheets/sheet1.xml", content)
        yield held.getvalue()


def _damaged(chance: Random) -> bytes:
    """A table in some encoding with some bytes changed."""
    cells = [*ODD_TEXTS, "=HYPERLINK(1)", "@sum", "handle", "1,5", '"', "2026-02-30", SCRIPT]
    rows = [chance.choice([",", ";", "\t"]).join(chance.choices(cells, k=5)) for _ in range(30)]
    encoding = chance.choice(["utf-8", "utf-16", "utf-16-le", "latin-1", "cp1252", "utf-32"])
    data = bytearray("\r\n".join(rows).encode(encoding, "replace"))
    for _ in range(chance.randint(0, 20)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


def webhooks(chance: Random, number: int) -> Iterator[str]:
    """Signed rubbish is refused or landed, unsigned rubbish is refused; neither is a fault."""
    settings.TIKTOK |= {"shop_app_key": "key", "shop_app_secret": "secret"}
    browser = Browser(raise_request_exception=False)
    event = {"type": 1, "shop_id": "7495123", "timestamp": 1_763_000_000, "data": {"order_id": "1"}}
    for _ in range(number):
        changed: dict[str, Any] = dict(event)
        changed[chance.choice([*event, "new"])] = chance.choice(
            [*ODD_TEXTS, *ODD_NUMBERS, *ODD_ANY, {"a": SCRIPT}]
        )
        body = bytearray(json.dumps(changed).encode())
        for _ in range(chance.choice([0, 0, 1, 5])):
            body[chance.randrange(len(body))] = chance.randrange(256)
        signed = chance.random() < 0.7
        sign = signature("key", "secret", bytes(body)) if signed else "0" * 64
        answer = browser.generic(
            "POST",
            "/webhooks/tiktok-shop/",
            bytes(body),
            content_type="application/json",
            headers={"Authorization": sign},
        )
        wanted = {200, 400} if signed else {401}
        if answer.status_code not in wanted:
            yield f"a webhook is answered {answer.status_code}: {bytes(body)[:120]!r}"


def large_bodies(caller: Caller) -> Iterator[str]:
    """More than any body may hold is refused before it is read into rows."""
    huge = json.dumps({"text": "x" * (2 * 1024 * 1024), "advertiser_ids": ["1"]}).encode()
    answer = caller.browser.generic(
        "POST",
        caller.address("authorizations/hand-in/"),
        huge,
        content_type="application/json",
        headers={"Authorization": f"Bearer {caller.secret}"},
    )
    if answer.status_code != 413:
        yield f"two megabytes to the API are answered {answer.status_code}"
    answer = caller.browser.generic("POST", "/webhooks/tiktok-shop/", b"x" * 300_000)
    if answer.status_code != 413:
        yield f"a webhook of 300 kB is answered {answer.status_code}"


def hosts() -> Iterator[str]:
    """A host that is not ours is refused and never comes back in a link."""
    browser = Browser(raise_request_exception=False)
    for host in ("evil.example", "localhost.evil.example", "127.0.0.1:80@evil.example", "a b"):
        answer = browser.get("/accounts/login/", headers={"Host": host})
        if answer.status_code != 400 or b"evil" in answer.content:
            yield f"the host {host!r} is answered {answer.status_code}"
    for name in ("X-Forwarded-Host", "X-Original-URL", "X-Rewrite-URL", "Forwarded"):
        answer = browser.get("/accounts/login/", headers={name: "evil.example"})
        if b"evil.example" in answer.content:
            yield f"{name} comes back in the page"
    for target in ("//evil.example", "https://evil.example", "/\\evil.example", "javascript:1"):
        answer = browser.get("/accounts/login/", {"next": target})
        if f'href="{target}' in answer.content.decode():
            yield f"the sign-in page links to {target}"


def stored_scripts(cast: Cast) -> Iterator[str]:
    """Script in every text of every row: no page gives it back alive."""
    with client_scope(cast.client.pk):
        for model in client_models():
            fill(model, SCRIPT)
        numbers = sorted(
            {
                pk
                for model in client_models()
                for pk in model._default_manager.values_list("pk", flat=True)[:2]
                if isinstance(pk, int)
            }
        )
    browser = Browser(raise_request_exception=False)
    browser.force_login(cast.members["owner"])
    for path in sorted({path for path, _ in addresses("c/<slug:client>/")}):
        if "<str:" in path or "<int:pk>/redemptions" in path or "disconnect" in path:
            continue
        address = "/" + path.replace("<slug:client>", cast.client.slug)
        for number in numbers if "<int:" in address else [0]:
            answer = browser.get(re.sub("<int:[a-z]+>", str(number), address))
            body = b"".join(answer) if answer.streaming else answer.content
            if answer.status_code >= 500:
                yield f"{address} breaks on hostile words: {answer.status_code}"
            if "html" in answer.headers.get("Content-Type", "") and ALIVE.search(body):
                yield f"{address} gives a stored script back alive"


SCENARIO = Scenario("inputs", run, rounds=3, full=30)
