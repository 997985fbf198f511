"""Everything of an organization as one archive (N25)."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser

from authorizations.models import Authorization
from creators.models import Creator
from sparkops.audit.models import OrganizationEvent
from sparkops.audit.record import Actor
from sparkops.isolation.checks import client_models
from sparkops.isolation.scope import client_scope
from sparkops.takeout import writing
from sparkops.takeout.models import Part, Share
from sparkops.takeout.tasks import write_shares
from tests.factories.cast import Cast
from tests.factories.creators import NOW, make_creator

pytestmark = pytest.mark.django_db
HERE = "/o/north/takeout/"
BY = Actor("Owner", 1)


@pytest.fixture(autouse=True)
def at_now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def browser_of(cast: Cast, role: str = "owner") -> Browser:
    browser = Browser()
    browser.force_login(cast.members[role])
    return browser


def know(cast: Cast) -> None:
    """A creator in each client, ours and a foreign one."""
    for client, handle in ((cast.client, "mia"), (cast.sister, "zoe"), (cast.foreign, "kim")):
        with client_scope(client.pk):
            make_creator(handle, notes="Ü “quoted”\nsecond line")


def ask(cast: Cast) -> None:
    writing.ask(cast.agency, [cast.client, cast.sister], by=BY, now=NOW)


def write(cast: Cast) -> None:
    for client in (cast.client, cast.sister):
        write_shares(client_id=client.pk)


def bundle_of(answer: Any) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def rows_of(bundle: zipfile.ZipFile, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in bundle.read(name).decode().splitlines()]


def test_an_archive_holds_every_row_of_every_client_and_nobody_else_s(cast: Cast) -> None:
    """N25: full export, with a manifest that counts and hashes each file."""
    know(cast)
    ask(cast)
    write(cast)
    bundle = bundle_of(browser_of(cast).get(f"{HERE}archive.zip"))
    [mia] = rows_of(bundle, "glow/creators_creator.jsonl")
    assert (mia["handle"], mia["notes"]) == ("mia", "Ü “quoted”\nsecond line")
    [zoe] = rows_of(bundle, "peak/creators_creator.jsonl")
    assert zoe["handle"] == "zoe"
    assert not [name for name in bundle.namelist() if "secret-brand" in name]
    assert b"kim" not in b"".join(bundle.read(name) for name in bundle.namelist())
    manifest = json.loads(bundle.read("manifest.json"))
    assert [one["folder"] for one in manifest["clients"]] == ["glow", "peak"]
    for one in manifest["clients"]:
        for file in one["files"]:
            content = bundle.read(file["file"])
            assert file["sha256"] == hashlib.sha256(content).hexdigest()
            assert file["rows"] == content.count(b"\n")
    assert list(OrganizationEvent.objects.order_by("pk").values_list("verb", flat=True)) == [
        "takeout.asked",
        "takeout.taken",
    ]


def test_every_table_of_clients_is_taken_along() -> None:
    """N25: a new table is in the archive without anybody thinking of it."""
    left_out = {model._meta.db_table for model in client_models()} - {
        model._meta.db_table for model in writing.tables()
    }
    assert left_out == {"takeout_share", "takeout_part"}


def test_nothing_that_opens_anything_leaves() -> None:
    """Sealed columns, hashes of keys and tokens stay; ids and labels go."""
    for model in writing.tables():
        for name in writing.columns(model):
            assert model._meta.get_field(name).get_internal_type() != "BinaryField"
            assert not any(word in name for word in ("secret", "token", "fingerprint"))
    assert "code" not in writing.columns(Authorization)
    assert "code_mask" in writing.columns(Authorization)
    assert {"id", "client_id", "handle", "email"} <= set(writing.columns(Creator))


def test_a_worker_that_died_is_followed_by_one_that_goes_on(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """N25: with portions of two rows, five creators come once each, whoever wrote them."""
    monkeypatch.setattr(writing, "ROWS", 2)
    with client_scope(cast.client.pk):
        for number in range(5):
            make_creator(f"maker{number}")
    ask(cast)
    with client_scope(cast.client.pk):
        share = Share.objects.get()
        while Part.objects.filter(table="creators_creator").count() < 2:
            assert writing.write_step(share.pk, now=NOW)
    page = browser_of(cast).get(HERE)
    assert 0 < page.context["progress"].percent < 100
    assert browser_of(cast).get(f"{HERE}archive.zip").status_code == 422
    write(cast)
    write(cast)
    bundle = bundle_of(browser_of(cast).get(f"{HERE}archive.zip"))
    handles = [row["handle"] for row in rows_of(bundle, "glow/creators_creator.jsonl")]
    assert handles == [f"maker{number}" for number in range(5)]


def test_only_owners_ask_and_take_and_a_new_archive_replaces_the_old(cast: Cast) -> None:
    for role in ("manager", "viewer"):
        assert browser_of(cast, role).get(HERE).status_code == 403
        assert browser_of(cast, role).get(f"{HERE}archive.zip").status_code == 403
    owner = browser_of(cast)
    assert "No archive" in owner.get(HERE).content.decode()
    assert owner.get(f"{HERE}archive.zip").status_code == 404
    assert owner.get("/o/other/takeout/").status_code == 404
    for _ in range(2):
        assert owner.post(f"{HERE}ask/").status_code == 302
    with client_scope(cast.client.pk):
        assert Share.objects.count() == 1


def test_an_archive_is_dropped_after_a_week(cast: Cast) -> None:
    know(cast)
    ask(cast)
    write(cast)
    with client_scope(cast.client.pk):
        writing.forget_old(now=NOW + timedelta(days=7))
        assert Share.objects.exists()
        writing.forget_old(now=NOW + timedelta(days=7, seconds=1))
        assert not Share.objects.exists()
        assert not Part.objects.exists()
