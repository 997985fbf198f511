"""A client is deleted with proof (N25): exported first, undone if wanted, signed for at the end."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.test import Client as Browser

from sparkops.api.keys import create_key
from sparkops.audit.models import Event, OrganizationEvent
from sparkops.audit.record import Actor, record
from sparkops.errors import Refusal
from sparkops.isolation.checks import client_models
from sparkops.isolation.scope import client_scope
from sparkops.takeout import deletion as actions
from sparkops.takeout.models import Deletion
from sparkops.takeout.tasks import go_on, sweep_shares, write_shares
from sparkops.tenants.models import Client, Membership
from sparkops.tenants.queries import active_client_ids
from tests.api.world import make_world
from tests.factories.cast import Cast
from tests.factories.creators import make_creator
from tests.profit.conftest import NOW

pytestmark = pytest.mark.django_db
BY = Actor("Ola Owner", 1)
LATER = timedelta(days=7)


@pytest.fixture(autouse=True)
def at_now() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def owner_of(cast: Cast, role: str = "owner") -> Browser:
    browser = Browser()
    browser.force_login(cast.members[role])
    return browser


def rows_of(client_id: int) -> dict[str, int]:
    """Rows of a client by table, those without any left out."""
    with client_scope(client_id):
        found = {one._meta.db_table: one._default_manager.count() for one in client_models()}
    return {table: count for table, count in found.items() if count}


def filled(cast: Cast) -> None:
    """Something of nearly every kind in one client, and a little in its sister."""
    with client_scope(cast.client.pk):
        world = make_world(cast.client.pk)
        record("creator.edited", world.creator, by=BY, now=NOW, reason="Because")
    with client_scope(cast.sister.pk):
        record("creator.edited", make_creator("zoe"), by=BY, now=NOW)
    create_key(cast.agency, "Own", client=cast.client, scopes=[], expires_at=None, by=BY, now=NOW)
    Membership.objects.create(
        user=cast.stranger, organization=cast.agency, client=cast.client,
        role="viewer", created_at=NOW,
    )  # fmt: skip


def ask(cast: Cast, **choices: Any) -> Deletion:
    plain = {"typed": "Glow Skincare", "keeps_log": False, "why_kept": "", "by": BY, "now": NOW}
    return actions.ask(cast.client, **{**plain, **choices})


def due(cast: Cast, at_now: Any, **choices: Any) -> Deletion:
    """A deletion whose export is written and whose time to undo is over."""
    made = ask(cast, **choices)
    write_shares(client_id=cast.client.pk)
    at_now.shift(LATER)
    return made


def check_references() -> None:
    """What the end of a transaction would check."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def verified(deletion: Deletion) -> dict[str, Any]:
    """The receipt, once its signature fits."""
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(deletion.public_key))
    key.verify(bytes.fromhex(deletion.signature), deletion.receipt.encode())
    with pytest.raises(InvalidSignature):
        key.verify(bytes.fromhex(deletion.signature), deletion.receipt.encode() + b" ")
    return json.loads(deletion.receipt)


def test_n25_every_row_of_the_client_goes_and_nobody_else_s(cast: Cast, at_now: Any) -> None:
    """N25: the receipt counts what was there, by table, and hashes the export."""
    filled(cast)
    made = due(cast, at_now)
    before, sister = rows_of(cast.client.pk), rows_of(cast.sister.pk)
    assert len(before) > 40
    bundle = zipfile.ZipFile(
        io.BytesIO(
            b"".join(
                owner_of(cast).get(f"/o/north/deletions/{made.pk}/export.zip").streaming_content
            )
        )
    )
    go_on()
    check_references()
    assert rows_of(cast.client.pk) == {}
    assert rows_of(cast.sister.pk) == sister
    assert not Client.objects.filter(pk=cast.client.pk).exists()
    for model, field in actions.registry_models():
        assert not model._default_manager.filter(**{field: cast.client.pk}).exists()
    receipt = verified(Deletion.objects.get())
    deleted = receipt["deleted"]
    assert {table: deleted[table] for table in before} == before
    assert (deleted["api_apikey"], deleted["tenants_membership"]) == (1, 1)
    assert receipt["rows"] == sum(deleted.values())
    manifest = bundle.read("manifest.json")
    assert receipt["export"]["manifest_sha256"] == hashlib.sha256(manifest).hexdigest()
    assert receipt["client"]["name"] == "Glow Skincare"
    assert receipt["asked"] == {"by": "Ola Owner", "at": NOW.isoformat()}
    assert receipt["kept"] == {}
    assert "client.deleted" in OrganizationEvent.objects.values_list("verb", flat=True)


def test_n25_every_table_that_refers_to_a_client_is_covered() -> None:
    """N25: also one that is added later, and one that no model of ours stands for."""
    covered = set(actions.delete_order()) | {
        model._meta.db_table for model, _ in actions.registry_models()
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.conrelid::regclass::text FROM pg_constraint c"
            " WHERE c.contype = 'f' AND c.confrelid IN ('tenants_client'::regclass)"
        )
        referring = {row[0] for row in cursor.fetchall()}
        cursor.execute(
            "SELECT table_name FROM information_schema.columns"
            " WHERE column_name = 'client_id' AND table_schema = 'public'"
            # The sign-in library keeps a word of its own under this name.
            " AND table_name <> 'socialaccount_socialapp'"
        )
        referring |= {row[0] for row in cursor.fetchall()}
    assert referring - covered == {"takeout_deletion"}
    hidden = {
        model._meta.db_table for model in apps.get_models(include_auto_created=True)
        if model._meta.auto_created
        and any(one.related_model in client_models() for one in model._meta.concrete_fields)
    }  # fmt: skip
    assert hidden == set()


def test_children_go_before_what_they_refer_to() -> None:
    place = {table: number for number, table in enumerate(actions.delete_order())}
    for model in client_models():
        for field in model._meta.concrete_fields:
            parent = field.related_model
            if parent in client_models() and parent is not model:
                assert place[model._meta.db_table] < place[parent._meta.db_table]


def test_a_worker_that_dies_is_followed_by_one_that_goes_on(
    cast: Cast, at_now: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With portions of three rows and a death within every seventh of the first steps."""
    monkeypatch.setattr(actions, "BATCH", 3)
    filled(cast)
    made = due(cast, at_now)
    before = rows_of(cast.client.pk)
    for number in range(70):
        with transaction.atomic():
            assert actions.step(made.pk, now=NOW + LATER)
            if number % 7 == 0:
                transaction.set_rollback(True)
        check_references()
    page = owner_of(cast).get(f"/o/north/deletions/{made.pk}/").content.decode()
    assert "Rows are being deleted" in page
    go_on()
    receipt = verified(Deletion.objects.get())
    assert {table: receipt["deleted"][table] for table in before} == before


def test_what_was_written_meanwhile_is_deleted_too(cast: Cast, at_now: Any) -> None:
    made = due(cast, at_now)
    while actions.step(made.pk, now=NOW + LATER):
        made = Deletion.objects.get()
        if made.done == len(actions.delete_order()) and not made.counts.get("creators_creator"):
            with client_scope(cast.client.pk):
                make_creator("late")
    assert verified(Deletion.objects.get())["deleted"]["creators_creator"] == 1
    assert rows_of(cast.client.pk) == {}


def test_a_log_under_legal_hold_stays_and_is_named(cast: Cast, at_now: Any) -> None:
    filled(cast)
    due(cast, at_now, keeps_log=True, why_kept="Tax audit 2026")
    with client_scope(cast.client.pk):
        entries = Event.objects.count()
    go_on()
    check_references()
    assert rows_of(cast.client.pk) == {"audit_event": entries}
    receipt = verified(Deletion.objects.get())
    assert receipt["kept"] == {"audit_event": {"rows": entries, "why": "Tax audit 2026"}}
    left = Client.objects.get(pk=cast.client.pk)
    assert (left.name, left.slug) == ("Deleted client", f"deleted-{left.pk}")
    assert left.archived_at is not None


def test_within_the_days_it_can_be_undone_and_nothing_is_deleted(cast: Cast, at_now: Any) -> None:
    browser, here = owner_of(cast), "/o/north/clients/glow/delete/"
    assert browser.post(here, {"typed": "Glow Skincare"}).status_code == 302
    made = Deletion.objects.get()
    assert browser.get("/c/glow/").status_code == 404
    assert cast.client.pk not in active_client_ids()
    assert cast.client.pk in sweep_shares.__wrapped__.__wrapped__()[1]  # type: ignore[attr-defined]
    at_now.shift(LATER - timedelta(seconds=1))
    go_on()
    assert Deletion.objects.get().started_at is None
    assert browser.post(f"/o/north/deletions/{made.pk}/undo/").status_code == 302
    assert browser.get("/c/glow/").status_code == 200
    at_now.shift(LATER)
    go_on()
    assert Client.objects.filter(pk=cast.client.pk, archived_at=None).exists()


def test_nothing_is_deleted_before_the_export_is_whole(cast: Cast, at_now: Any) -> None:
    filled(cast)
    ask(cast)
    before = rows_of(cast.client.pk)
    at_now.shift(LATER)
    go_on()
    assert rows_of(cast.client.pk) == before
    write_shares(client_id=cast.client.pk)
    go_on()
    assert rows_of(cast.client.pk) == {}


def test_the_export_waits_as_long_as_the_decision_can_be_undone(
    cast: Cast, at_now: Any, settings: Any
) -> None:
    """Longer than an ordinary archive is kept; after an undo it is dropped like any other."""
    settings.CLIENT_DELETION_DAYS = 30
    made = ask(cast)
    write_shares(client_id=cast.client.pk)
    at_now.shift(timedelta(days=29))
    write_shares(client_id=cast.client.pk)
    here = f"/o/north/deletions/{made.pk}/export.zip"
    assert b"".join(owner_of(cast).get(here).streaming_content).startswith(b"PK")
    at_now.shift(timedelta(days=1))
    go_on()
    assert Deletion.objects.get().finished_at is not None


def test_the_export_of_an_undone_deletion_is_dropped(cast: Cast, at_now: Any) -> None:
    made = ask(cast)
    write_shares(client_id=cast.client.pk)
    actions.undo(made, by=BY, now=NOW)
    at_now.shift(LATER + timedelta(seconds=1))
    write_shares(client_id=cast.client.pk)
    assert "takeout_share" not in rows_of(cast.client.pk)


def test_after_the_beginning_there_is_no_way_back(cast: Cast, at_now: Any) -> None:
    made = due(cast, at_now)
    assert actions.step(made.pk, now=NOW + LATER)
    with pytest.raises(Refusal, match="has begun"):
        actions.undo(made, by=BY, now=NOW + LATER)


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"typed": "glow skincare"}, "Type “Glow Skincare”"),
        ({"typed": ""}, "required"),
        ({"typed": "Glow Skincare", "keeps_log": "on"}, "what obliges you"),
    ],
)
def test_without_the_name_nothing_happens(cast: Cast, form: dict[str, str], says: str) -> None:
    answer = owner_of(cast).post("/o/north/clients/glow/delete/", form)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Deletion.objects.exists()
    assert Client.objects.get(pk=cast.client.pk).archived_at is None


def test_the_database_deletes_for_a_deletion_that_has_begun_only(cast: Cast, at_now: Any) -> None:
    filled(cast)
    due(cast, at_now, keeps_log=True, why_kept="Tax audit 2026")
    for client, table in (
        (cast.client.pk, "profit_entry"),
        (cast.sister.pk, "creators_creator"),
    ):
        with pytest.raises(DatabaseError, match="has begun"), transaction.atomic():
            delete_by_hand(client, table)
    made = Deletion.objects.get()
    assert actions.step(made.pk, now=NOW + LATER)
    for table, says in (
        ("audit_event", "has begun"),
        ("tenants_client", "no table of clients"),
        ("nothing", "no table of clients"),
    ):
        with pytest.raises(DatabaseError, match=says), transaction.atomic():
            delete_by_hand(cast.client.pk, table)
    with client_scope(cast.client.pk), pytest.raises(DatabaseError), transaction.atomic():
        Event.objects.all()._raw_delete("default")


def delete_by_hand(client_id: int, table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT delete_rows_of_client(%s, %s, 1)", [client_id, table])


def test_only_owners_delete_and_only_their_own(cast: Cast, at_now: Any) -> None:
    made = ask(cast)
    here = f"/o/north/deletions/{made.pk}/"
    for role in ("manager", "viewer"):
        assert owner_of(cast, role).get("/o/north/deletions/").status_code == 403
        assert owner_of(cast, role).post(f"{here}undo/").status_code == 403
    stranger = Browser()
    stranger.force_login(cast.stranger)
    for path in ("", "undo/", "export.zip", "receipt.json"):
        assert stranger.post(f"/o/other/deletions/{made.pk}/{path}").status_code == 404
    assert stranger.get("/o/other/clients/peak/delete/").status_code == 404


def test_the_pages_tell_the_story(cast: Cast, at_now: Any) -> None:
    browser = owner_of(cast)
    assert "No client was deleted" in browser.get("/o/north/deletions/").content.decode()
    made = ask(cast)
    here = f"/o/north/deletions/{made.pk}/"
    assert "0% of the tables" in browser.get(here).content.decode()
    assert browser.get(f"{here}export.zip").status_code == 422
    assert browser.get(f"{here}receipt.json").status_code == 404
    write_shares(client_id=cast.client.pk)
    assert "Download the export" in browser.get(here).content.decode()
    at_now.shift(LATER)
    go_on()
    assert "Download the receipt" in browser.get(here).content.decode()
    file = json.loads(browser.get(f"{here}receipt.json").content)
    assert json.loads(file["receipt"])["client"]["slug"] == "glow"
    assert browser.get(f"{here}export.zip").status_code == 404
    assert "Deleted" in browser.get("/o/north/deletions/").content.decode()
