"""A sheet that a program brings: columns, preview, run and undo as on the pages."""

import pytest

from creators.models import Creator
from sparkops.audit.models import Event
from sparkops.intake.actions.running import run_batch
from sparkops.intake.actions.undoing import undo_batch
from sparkops.intake.models import Import
from sparkops.isolation.scope import client_scope
from sparkops.tenants.permissions import Permission
from tests.api.conftest import Caller, done, make_caller, refused
from tests.api.world import World
from tests.factories.cast import Cast
from tests.factories.rights import OTHER_CODE
from tests.profit.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]
SHEET = "Creator,E-mail,Remark\nnew.amy,amy@example.com,Met at the fair\nnew.bea,,Calls back\n"


def worked_off(cast: Cast, pk: int) -> None:
    """What the workers do once the answer is out."""
    with client_scope(cast.client.pk):
        while run_batch(pk, now=NOW) or undo_batch(pk, now=NOW):
            pass


def test_rows_are_brought_looked_at_imported_and_taken_back(cast: Cast, caller: Caller) -> None:
    made = done(caller, "imports/", {"text": SHEET, "name": "fair.csv"})
    assert (made["name"], made["kind"], made["state"]) == ("fair.csv", "csv", "draft")
    assert [one["header"] for one in made["columns"]] == ["Creator", "E-mail", "Remark"]
    assert [one["field"] for one in made["columns"][:2]] == ["handle", "email"]
    assert made["columns"][1]["samples"] == ["amy@example.com"]
    here = f"imports/{made['id']}/"
    assert refused(caller, f"{here}run/") == "not_previewed"
    seen = done(caller, f"{here}columns/", {"columns": ["handle", "email", "notes"]})
    assert (seen["state"], seen["counts"]["created"]) == ("previewed", 2)
    rows = caller.rows("import-rows/", import_id=str(made["id"]))
    assert [(one["number"], one["result"], one["cells"][0]) for one in rows] == [
        (2, "created", "new.amy"), (3, "created", "new.bea"),
    ]  # fmt: skip
    with client_scope(cast.client.pk):
        assert not Creator.objects.filter(handle__startswith="new.").exists()

    assert done(caller, f"{here}run/")["state"] == "running"
    worked_off(cast, made["id"])
    assert caller.get(here).json()["state"] == "done"
    [amy, bea] = caller.rows("import-rows/", import_id=str(made["id"]))
    assert [one["verb"] for one in amy["touches"]] == ["created", "changed"]
    with client_scope(cast.client.pk):
        creator = Creator.objects.get(handle="new.amy")
        assert (creator.email, creator.notes) == ("amy@example.com", "Met at the fair")
        assert amy["touches"][0]["creator_id"] == creator.pk
    assert refused(caller, f"{here}discard/") == "import_ran"
    assert refused(caller, f"{here}retry/") == "none_refused"

    assert done(caller, f"{here}undo/")["state"] == "undoing"
    worked_off(cast, made["id"])
    assert caller.get(here).json()["state"] == "undone"
    with client_scope(cast.client.pk):
        assert not Creator.objects.filter(handle__startswith="new.").exists()
        actors = Event.objects.filter(verb__startswith="import.").values_list("actor", flat=True)
        assert all(one.startswith("API key Test") for one in actors)


def test_columns_are_refused_in_the_words_of_the_page(cast: Cast, caller: Caller) -> None:
    made = done(caller, "imports/", {"text": "maya\tleft\n"})
    here = f"imports/{made['id']}/columns/"
    width = len(made["columns"])
    assert refused(caller, here, {"columns": [None] * (width + 1)}) == "width"
    assert refused(caller, here, {"columns": [None] * width}) == "mapping"
    assert refused(caller, here, {"advertiser_ids": ["404"]}) == "unknown_ad_account"
    assert refused(caller, here, {"shop_id": "404"}) == "unknown_shop"
    wrong = caller.post(here, {"currency": "ZZZ"})
    assert wrong.json()["errors"][0]["field"] == "currency"
    assert refused(caller, "imports/", {"text": "Creator,E-mail\n"}) == "no_rows"
    assert done(caller, f"imports/{made['id']}/discard/")["id"] == made["id"]
    assert caller.get(f"imports/{made['id']}/").status_code == 404


def test_a_key_brings_only_what_its_scopes_could_write(
    cast: Cast, world: World, caller: Caller
) -> None:
    code = f"Creator\tCode\tE-mail\n@maya.glow\t{OTHER_CODE}\tmaya@example.com\n"
    narrow = make_caller(cast.agency, cast.client, scopes=[Permission.IMPORT])
    answer = narrow.post("imports/", {"text": code})
    assert answer.status_code == 201
    # Codes are never shown, addresses only with their scope.
    assert OTHER_CODE not in answer.content.decode()
    assert "maya@example.com" not in answer.content.decode()
    columns = f"imports/{answer.json()['id']}/columns/"
    assert refused(narrow, columns, {}) == "not_permitted"
    fields = {"columns": ["handle", "code", None], "advertiser_ids": [world.account.advertiser_id]}
    assert done(caller, columns, fields)["state"] == "previewed"
    assert refused(narrow, f"imports/{answer.json()['id']}/run/") == "not_permitted"
    with client_scope(cast.client.pk):
        assert Import.objects.get(pk=answer.json()["id"]).state == "previewed"
    reader = make_caller(cast.agency, cast.client, scopes=[Permission.VIEW])
    assert reader.get("imports/").status_code == 403
