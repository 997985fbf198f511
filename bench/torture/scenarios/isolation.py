"""Strangers: nobody reads, changes or even meets a word of a client who is not theirs."""

import inspect
import re
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

import redis
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import Client as Browser
from django.test import override_settings

from bench.torture.ground import Ground, Scenario
from bench.torture.stage import CANARY, Stage, foreign_ids, make_stage
from sparkops.api.scopes import SCOPES
from sparkops.celery import app
from sparkops.home.gaps import BY_KEY as GAPS
from sparkops.home.history import KINDS as HISTORIES
from sparkops.isolation.checks import client_models
from sparkops.isolation.scope import ScopeError, client_scope, portfolio_scope
from sparkops.talk.queries.subjects import KINDS as SUBJECTS
from sparkops.tenants.access import addresses as every_address
from sparkops.tenants.access import mark_of
from tests.api.conftest import make_caller

WORDS = {
    "by": ("products", "creators", "videos"),
    "field": (),
    "form": ("pdf", "json"),
    "handle": ("maya.glow",),
    "item_id": ("7500000000000000001",),
    "key": tuple(GAPS),
    "kind": ("request", *sorted({*HISTORIES, *SUBJECTS})),
    "language": ("en",),
    "month": ("2026-10",),
    "step": ("brand", "terms", "message"),
    "table": ("creators-creators",),
    "view": ("products", "creators", "posts", "campaigns", "sources"),
    "word": ("approve", "decline", "pause", "hide", "settle", "accept", "include"),
}
"""What stands in the holes of addresses; a field is one of its kind."""
FIELDS = [(kind, field) for kind, one in HISTORIES.items() for field in one.fields]
_NUMBER = re.compile(r"\(\?P<\w+>\\d\+\)")
_CHOICE = re.compile(r"\(\?P<(\w+)>([a-z|-]+)\)")
_HOLE = re.compile(r"<(?:str|slug):(\w+)>")
FEWEST_TASKS = 30
QUERIES = ("", f"?q={CANARY}", "?export=csv", f"?search={CANARY}&limit=200")


def run(ground: Ground) -> Iterator[str]:
    """`rounds` foreign ids are tried at every address, besides everything that needs none."""
    ground.fresh("isolation")
    stage = make_stage()
    redis.Redis.from_url(settings.REDIS_URL).flushall()
    ids = ground.chance("isolation").sample(foreign_ids(stage), k=ground.rounds)
    yield from canaries(stage)
    yield from pages(stage, ids)
    # More calls than any program's minute allows.
    with override_settings(API_CALLS_PER_MINUTE=1_000_000):
        yield from calls(stage, ids)
    yield from raw_rows(stage)
    yield from portfolio_writes(stage)
    yield from tasks(stage)
    yield from caches()


def addresses(below: str) -> list[tuple[str, str]]:
    """Addresses below a client with their marks, once for each word of a hole; the client and
    numbers are still holes."""
    return [
        (path, mark_of(one.view))
        for one in every_address()
        if one.path.startswith(f"/{below}")
        for path in _spelled(one.path.removeprefix("/"))
    ]


def _spelled(path: str) -> Iterator[str]:
    choices = dict(_CHOICE.findall(path))
    path = _CHOICE.sub(r"<slug:\1>", _NUMBER.sub("<int:pk>", path))
    holes = [name for name in _HOLE.findall(path) if name in WORDS]
    if "kind" in holes and "field" in holes:
        rows: Iterable[tuple[str, ...]] = FIELDS
    else:
        rows = product(*(_words(name, choices) for name in holes))
    for row in rows:
        spelled = path
        for name, word in zip(holes, row, strict=True):
            spelled = re.sub(rf"<(?:str|slug):{name}>", word, spelled)
        yield spelled


def _words(name: str, choices: dict[str, str]) -> tuple[str, ...]:
    return tuple(choices[name].split("|")) if name in choices else WORDS[name]


def filled(path: str, client: str, stage: Stage, number: int) -> str:
    """An address with a client and the key or TikTok's id of a foreign row."""
    for hole, word in {"<slug:client>": client, **stage.names}.items():
        path = path.replace(hole, word)
    while "<int:" in path:
        before, _, rest = path.partition("<int:")
        path = f"{before}{number}{rest.partition('>')[2]}"
    return f"/{path}"


def canaries(stage: Stage) -> Iterator[str]:
    """The foreign words are there to be met: their own people meet them on these pages."""
    browser = Browser(raise_request_exception=False)
    browser.force_login(stage.cast.stranger)
    for page in ("posts/", "campaigns/"):
        if CANARY.encode() not in browser.get(f"/c/{stage.cast.foreign.slug}/{page}").content:
            yield f"no canary sings on {page}: this scenario would find nothing"


def pages(stage: Stage, ids: list[int]) -> Iterator[str]:
    """Every page as every role, for the foreign client and with foreign ids in one's own."""
    for role, user in stage.cast.members.items():
        browser = Browser(raise_request_exception=False)
        browser.force_login(user)
        for path, _ in addresses("c/<slug:client>/"):
            for number in ids if "<int:" in path else ids[:1]:
                own = filled(path, stage.cast.client.slug, stage, number)
                foreign = filled(path, stage.cast.foreign.slug, stage, number)
                # Who may export finds more; what a search finds depends on no role.
                for query in QUERIES[:3] if role == "owner" else QUERIES[:1]:
                    yield from _looked(role, own, browser.get(own + query))
                    yield from _looked(role, foreign, browser.get(foreign + query), {404})
                yield from _looked(role, foreign, browser.post(foreign), {404})
                yield from _looked(role, own, browser.post(own))


def calls(stage: Stage, ids: list[int]) -> Iterator[str]:
    """Every address of the API with a key for the whole agency and one for a client."""
    agency = make_caller(stage.cast.agency, None, scopes=SCOPES, at=stage.cast.client.slug)
    single = make_caller(stage.cast.agency, stage.cast.client, scopes=SCOPES)
    for name, caller in (("agency key", agency), ("client key", single)):
        caller.browser.raise_request_exception = False
        for path, mark in addresses("api/v1/clients/<slug:client>/"):
            for number in ids if "<int:" in path else ids[:1]:
                own = filled(path, stage.cast.client.slug, stage, number)
                foreign = filled(path, stage.cast.foreign.slug, stage, number)
                for query in (QUERIES[0], QUERIES[3]):
                    yield from _looked(name, own, caller.get(own + query))
                yield from _looked(name, foreign, caller.get(foreign), {404, 405})
                if "POST=" in mark:
                    yield from _looked(name, foreign, caller.post(foreign, {}), {404})
                    yield from _looked(name, own, caller.post(own, {}))
        sister = filled("api/v1/clients/<slug:client>/creators/", stage.cast.sister.slug, stage, 1)
        wanted = {200} if caller is agency else {404}
        yield from _looked(name, sister, caller.get(sister), wanted)
        for path in ("/api/v1/clients/", "/api/v1/today/", "/api/v1/key/"):
            yield from _looked(name, path, caller.get(path), {200})


def raw_rows(stage: Stage) -> Iterator[str]:
    """SQL as the app's role: no scope shows a row of a client outside of it."""
    cast = stage.cast
    scopes: list[tuple[str, Any, set[int]]] = [
        ("the client's scope", lambda: client_scope(cast.client.pk), {cast.client.pk}),
        ("the sister's scope", lambda: client_scope(cast.sister.pk), {cast.sister.pk}),
        (
            "the agency's portfolio",
            lambda: portfolio_scope([cast.client.pk, cast.sister.pk]),
            {cast.client.pk, cast.sister.pk},
        ),
    ]
    for table in sorted({model._meta.db_table for model in client_models()}):
        for name, scope, allowed in scopes:
            with scope(), connection.cursor() as cursor:
                cursor.execute(f'SELECT DISTINCT client_id FROM "{table}"')
                seen = {row[0] for row in cursor.fetchall()}
            if seen - allowed:
                yield f"{name} shows rows of {seen - allowed} in {table}"
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f'SELECT count(*) FROM "{table}"')
            yield f"{table} can be read without a scope"
        except DatabaseError:
            pass


def portfolio_writes(stage: Stage) -> Iterator[str]:
    """Nothing is written from a portfolio, and nothing of others from a client's scope."""
    cast = stage.cast
    for table in sorted({model._meta.db_table for model in client_models()}):
        for statement in (
            f'UPDATE "{table}" SET client_id = client_id',
            f'DELETE FROM "{table}"',
            f'INSERT INTO "{table}" (client_id) VALUES ({cast.client.pk})',
        ):
            try:
                with portfolio_scope([cast.client.pk, cast.sister.pk]), connection.cursor() as one:
                    one.execute(statement)
                yield f"a portfolio may {statement}"
            except DatabaseError:
                pass
        try:
            with client_scope(cast.client.pk), connection.cursor() as one:
                one.execute(
                    f'UPDATE "{table}" SET client_id = client_id WHERE client_id = %s',
                    [cast.foreign.pk],
                )
                if one.rowcount:
                    yield f"a client's scope changed {one.rowcount} foreign rows of {table}"
        except DatabaseError:
            pass


def tasks(stage: Stage) -> Iterator[str]:
    """A task of a client wants to know which one, and starts in no scope of another."""
    app.loader.import_default_modules()
    of_client = {
        name: task
        for name, task in sorted(app.tasks.items())
        if "client_id" in inspect.signature(task.run).parameters
    }
    if len(of_client) < FEWEST_TASKS:
        yield f"only {len(of_client)} tasks of a client were found"
    for name, task in of_client.items():
        try:
            task.run()
            yield f"{name} runs for nobody in particular"
        except TypeError:
            pass
        try:
            with client_scope(stage.cast.sister.pk):
                task.run(client_id=stage.cast.client.pk)
            yield f"{name} runs inside the scope of another client"
        except ScopeError:
            pass


def caches() -> Iterator[str]:
    """What the requests left in Valkey names nobody's words."""
    store = redis.Redis.from_url(settings.REDIS_URL)
    for key in store.scan_iter():
        kept = store.dump(key) or b""
        if CANARY.encode() in kept or CANARY.encode() in key:
            yield f"Valkey keeps a foreign word under {key!r}"


def _looked(who: str, path: str, answer: Any, wanted: set[int] | None = None) -> Iterator[str]:
    body = b"".join(answer) if answer.streaming else answer.content
    # A search form shows what was searched for: that word is the asker's own.
    asked = answer.request.get("QUERY_STRING", "")
    if CANARY.encode() in body and CANARY not in asked:
        yield f"{who} meets a foreign word at {path}"
    if CANARY in asked and body.count(CANARY.encode()) > _echoes(body):
        yield f"{who} finds a foreign row at {path}"
    if CANARY in str(answer.headers):
        yield f"{who} meets a foreign word in the headers of {path}"
    if answer.status_code >= 500:
        yield f"{who} breaks {path}: {answer.status_code}"
    if wanted is not None and answer.status_code not in wanted:
        yield f"{who} gets {answer.status_code} at {path}"


def _echoes(body: bytes) -> int:
    """How often a page repeats the search itself: in its field, its links, what it offers to save
    as a view, and its empty state."""
    word = CANARY.encode()
    links = sum(body.count(begin + word) for begin in (b"q=", b"search=", b"q%3D", b"search%3D"))
    fields = body.count(b'value="' + word) + body.count(b"\xe2\x80\x9c" + word)
    return links + fields


SCENARIO = Scenario("isolation", run, rounds=3, full=25)
