"""Second factor asked for by an organization, access of the support, sessions, the audit log."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from sparkops.accounts.models import User
from sparkops.audit.models import Event, OrganizationEvent
from sparkops.audit.record import Actor, record
from sparkops.clock import now as present
from sparkops.isolation.scope import client_scope
from sparkops.tenants.models import Membership, Organization
from sparkops.tenants.permissions import Permission
from sparkops.tenants.queries import clients_of, membership_for, people_who_may
from tests.factories.cast import BEGIN, PASSWORD, Cast, make_user
from tests.factories.creators import make_creator

pytestmark = pytest.mark.django_db
NOW = BEGIN + timedelta(days=10)
BY = Actor("Ola Owner", 1)


@pytest.fixture(autouse=True)
def at_now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def signed_in(user: User) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


def text(answer: Any) -> str:
    return answer.content.decode()


def with_factor(user: User) -> None:
    Authenticator.objects.create(user=user, type="totp", data={"secret": "x"}, created_at=NOW)


def ask(cast: Cast, word: str = "yes") -> Any:
    return signed_in(cast.members["owner"]).post("/o/north/team/second-factor/", {"required": word})


def test_who_asks_for_a_second_factor_needs_one(cast: Cast) -> None:
    answer = ask(cast)
    assert answer.status_code == 422 and "for yourself first" in text(answer)
    assert not Organization.objects.get(slug="north").second_factor_required


def test_nobody_gets_in_without_the_second_factor_that_the_organization_asks_for(
    cast: Cast,
) -> None:
    with_factor(cast.members["owner"])
    assert ask(cast).status_code == 302
    media = signed_in(cast.members["media"])
    for here in ("/c/glow/", "/o/north/", "/c/glow/campaigns/"):
        answer = media.get(here)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/accounts/2fa/"), here
    assert "lets nobody in without a second factor" in text(media.get("/notifications/"))
    assert signed_in(cast.stranger).get("/c/secret-brand/").status_code == 200
    with_factor(cast.members["media"])
    assert media.get("/c/glow/settings/").status_code == 403  # the role decides again
    assert media.get("/c/glow/tasks/").status_code == 200
    owner = signed_in(cast.members["owner"])
    assert "Nobody gets in without one" in text(owner.get("/o/north/team/"))
    ask(cast, "no")
    assert signed_in(cast.members["viewer"]).get("/o/north/").status_code == 200
    verbs = OrganizationEvent.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == [
        "organization.second_factor_required",
        "organization.second_factor_free",
    ]


def test_the_support_is_let_in_by_an_owner_to_read_until_it_ends_by_itself(cast: Cast) -> None:
    staff = make_user("help@sparkops.example", name="Sue Support")
    browser = signed_in(staff)
    assert browser.get("/c/glow/").status_code == 404  # nothing without a grant
    owner = signed_in(cast.members["owner"])
    values = {"email": "help@sparkops.example", "hours": "8"}
    assert owner.post("/o/north/team/support/", values).status_code == 422  # not of the support
    User.objects.filter(pk=staff.pk).update(is_staff=True)
    assert owner.post("/o/north/team/support/", values).status_code == 302
    assert browser.get("/c/glow/").status_code == 200
    assert browser.get("/c/glow/settings/").status_code == 403
    assert "Support, until" in text(owner.get("/o/north/team/"))
    assert staff not in people_who_may(cast.client, Permission.VIEW)
    membership = Membership.objects.get(user=staff)
    role = owner.post(f"/o/north/team/{membership.pk}/role/", {"role": "manager"})
    assert role.status_code == 422
    with time_machine.travel(NOW + timedelta(hours=8), tick=False):
        assert membership_for(staff, cast.client) is None
        assert not clients_of(staff).exists()
        assert signed_in(staff).get("/c/glow/").status_code == 404
        assert signed_in(staff).get("/o/north/").status_code == 404
    event = OrganizationEvent.objects.get(verb="support.let_in")
    assert (event.label, event.data) == ("help@sparkops.example", {"hours": 8})


def test_a_person_sees_their_sessions_and_ends_the_others(cast: Cast) -> None:
    with time_machine.travel(present(), tick=True):
        here, there = Browser(), Browser()
        for browser in (here, there):
            sent = {"login": "media@north.example", "password": PASSWORD}
            assert browser.post("/accounts/login/", sent).status_code == 302
            assert browser.get("/notifications/").status_code == 200
        page = text(here.get("/accounts/sessions/"))
        assert page.count("127.0.0.x") >= 2
        here.post("/accounts/sessions/end/")
        assert here.get("/notifications/").status_code == 200
        assert there.get("/notifications/").headers["Location"].startswith("/accounts/login/")


@pytest.fixture
def noted(cast: Cast) -> Cast:
    """Three events of the client, one of its sister."""
    with client_scope(cast.client.pk):
        mia = make_creator("mia")
        record("creator.edited", mia, by=BY, now=NOW - timedelta(days=3), reason="a new agent")
        record("plan.approved", mia, by=Actor("Max Manager", 2), now=NOW - timedelta(days=1))
        record("code.revealed", mia, by=BY, now=NOW, data={"why": "check"})
    with client_scope(cast.sister.pk):
        record("creator.edited", make_creator("zoe"), by=BY, now=NOW)
    return cast


def test_the_audit_log_is_searched_by_person_event_reason_and_day(noted: Cast) -> None:
    finance = signed_in(noted.members["finance"])
    page = text(finance.get("/c/glow/audit/"))
    assert all(verb in page for verb in ("creator.edited", "plan.approved", "code.revealed"))
    assert "zoe" not in page and "why: check" in page
    for query, verbs in (
        ("q=max", {"plan.approved"}),
        ("q=ola+code", {"code.revealed"}),
        ("q=agent", {"creator.edited"}),
        ("since=2026-09-09", {"plan.approved", "code.revealed"}),
        ("until=2026-09-08", {"creator.edited"}),
        ("q=nothing", set()),
    ):
        found = text(finance.get(f"/c/glow/audit/?{query}"))
        every = {"creator.edited", "plan.approved", "code.revealed"}
        assert {verb for verb in every if verb in found} == verbs, query


def test_the_audit_log_is_taken_along_and_closed_to_others(noted: Cast) -> None:
    finance = signed_in(noted.members["finance"])
    sheet = text(finance.get("/c/glow/audit/?q=ola&export=csv"))
    assert "code.revealed" in sheet and "plan.approved" not in sheet
    assert signed_in(noted.members["media"]).get("/c/glow/audit/").status_code == 403
    assert signed_in(noted.members["media"]).get("/o/north/audit/").status_code == 403


def test_the_organization_s_log_shows_its_own_events_alone(cast: Cast) -> None:
    for organization in (cast.agency, cast.foreign.organization):
        OrganizationEvent.objects.create(
            organization_id=organization.pk, at=NOW, actor="Ola", verb="member.invited",
            label=f"someone@{organization.slug}.example",
        )  # fmt: skip
    page = text(signed_in(cast.members["owner"]).get("/o/north/audit/"))
    assert "someone@north.example" in page and "someone@other.example" not in page


def test_the_audit_log_costs_the_same_for_one_event_and_many(noted: Cast) -> None:
    browser = signed_in(noted.members["owner"])

    def statements() -> int:
        browser.get("/c/glow/audit/")
        with CaptureQueriesContext(connection) as asked:
            browser.get("/c/glow/audit/")
        return len(asked)

    few = statements()
    with client_scope(noted.client.pk):
        mia = make_creator("other")
        for _ in range(30):
            record("creator.edited", mia, by=BY, now=NOW)
        assert Event.objects.count() == 33
    assert statements() == few
