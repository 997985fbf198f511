"""Reports made, sent and withdrawn by a program."""

from urllib.parse import urlsplit

import pytest
from django.test import Client as Browser

from sparkops.isolation.scope import client_scope
from sparkops.outbox.models import Command
from sparkops.reports.models import Wanted
from sparkops.tenants.permissions import Permission
from tests.api.conftest import Caller, done, make_caller, refused
from tests.api.world import World
from tests.factories.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]


def test_a_report_is_made_sent_once_and_its_link_ended(
    cast: Cast, world: World, caller: Caller
) -> None:
    made = done(caller, "reports/", {"every": "week"})
    # The moment is Friday, 20 November 2026.
    assert (made["first"], made["last"]) == ("2026-11-09", "2026-11-15")
    assert [name for name, _ in made["content"]["answers"]][1:3] == [
        "Their posts", "Posts we may use in ads",
    ]  # fmt: skip
    here = f"reports/{made['id']}/"
    assert caller.get(here).json() == made
    assert refused(caller, f"{here}send/") == "nobody"
    assert caller.patch("report-settings/", {"recipients": ["Ada@Glow.example"]}).status_code == 200
    [link] = done(caller, f"{here}send/")["data"]
    assert link["recipient"] == "ada@glow.example"
    address = urlsplit(link["url"]).path
    assert Browser().get(address).status_code == 200
    [again] = done(caller, f"{here}send/")["data"]
    assert again["id"] == link["id"]
    with client_scope(cast.client.pk):
        assert Command.objects.filter(kind="report.mail").count() == 1
    assert done(caller, f"report-links/{link['id']}/withdraw/")["revoked_at"]
    assert Browser().get(address).status_code >= 400
    [ended] = caller.rows("report-links/", report=str(made["id"]))
    assert ended["revoked_at"] is not None


def test_who_gets_reports_is_changed_in_parts(cast: Cast, caller: Caller) -> None:
    first = caller.get("report-settings/").json()
    assert (first["every"], first["recipients"]) == ("", [])
    nobody = caller.patch("report-settings/", {"every": "month"})
    assert (nobody.status_code, nobody.json()["code"]) == (422, "nobody")
    people = ["ada@glow.example", "ben@glow.example"]
    kept = caller.patch("report-settings/", {"every": "month", "recipients": people}).json()
    assert kept == {"every": "month", "parts": first["parts"], "recipients": people}
    assert caller.patch("report-settings/", {"parts": ["money"]}).json() == {
        **kept, "parts": ["money"],
    }  # fmt: skip
    assert caller.patch("report-settings/", {"parts": ["moon"]}).status_code == 422
    with client_scope(cast.client.pk):
        assert Wanted.objects.get().every == "month"


def test_addresses_of_links_are_not_for_readers(cast: Cast, world: World, reader: Caller) -> None:
    assert reader.get("reports/").status_code == 200
    assert reader.get("report-links/").status_code == 403
    narrow = make_caller(cast.agency, cast.client, scopes=[Permission.CAMPAIGN_LAUNCH])
    assert narrow.post("reports/", {"every": "week"}).status_code == 403
