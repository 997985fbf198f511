"""Segments, the editor and the page of an outreach."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from creators.models import Handle
from sparkops.audit.models import Event
from sparkops.errors import Refusal
from sparkops.isolation.scope import client_scope
from sparkops.outreach.actions.outreaches import start
from sparkops.outreach.models import Outreach, Recipient, Segment
from sparkops.outreach.queries.outreaches import counts_of
from tests.factories.cast import Cast
from tests.factories.creators import NOW, make_creator, make_product
from tests.sparkops.outreach import reaching

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


def browse(cast: Cast, role: str = "affiliate") -> Browser:
    browser = Browser()
    browser.force_login(cast.members[role])
    return browser


def url(name: str, **kwargs: Any) -> str:
    return reverse(f"outreach:{name}", kwargs={"client": "glow", **kwargs})


def text(answer: Any) -> str:
    return answer.content.decode()


def test_ab1_ten_thousand_recipients_are_noted_by_a_fixed_number_of_statements(
    cast: Cast,
) -> None:
    """AB1: the work of the start does not grow with the segment, and the counts add up at once."""
    with client_scope(cast.client.pk):
        reaching.people(10_000, now=NOW)
        found = reaching.draft(reaching.everyone(now=NOW), now=NOW)
        with CaptureQueriesContext(connection) as queries:
            found = start(found, zone=reaching.ZONE, by=reaching.MINA, now=NOW)
        assert len(queries) < 15
        counts = counts_of(found)
        assert counts == {"queued": 10_000, "sent": 0, "skipped": 0, "failed": 0}
        assert found.total == sum(counts.values())
        assert Event.objects.get(verb="outreach.started").data["recipients"] == 10_000


def test_ab1_the_counts_add_up_while_states_change(cast: Cast) -> None:
    """AB1: sent + queued + skipped + failed is the total in every state, also on the page."""
    with client_scope(cast.client.pk):
        reaching.people(9, now=NOW)
        found = reaching.started(reaching.everyone(now=NOW), now=NOW)
        for number, state in ((1, "sent"), (2, "skipped"), (3, "failed"), (4, "sent")):
            Recipient.objects.filter(number=number).update(state=state, reason=f"Why {number}.")
            assert sum(counts_of(found).values()) == found.total == 9
    page = text(browse(cast).get(url("outreach", pk=found.pk)))
    assert "2 sent, 5 queued, 1 skipped, 1 failed." in page
    assert 'hx-trigger="every 5s"' in page
    assert "Why 2." in page
    skipped = text(browse(cast).get(url("outreach", pk=found.pk), {"view": "skipped"}))
    assert "Why 2." in skipped
    assert "Why 3." not in skipped


def test_ab4_three_real_creators_are_shown_and_a_gap_does_not_start(cast: Cast) -> None:
    """AB4: the preview fills in three real creators; {product} without product cannot start."""
    with client_scope(cast.client.pk):
        for number in range(4):
            make_creator(f"maker{number}", display_name=f"Maker {number}", gmv_30d=number)
        segment = reaching.everyone(now=NOW)
        found = reaching.draft(segment, body="Dear {creator}, try {product}!", now=NOW)
        with pytest.raises(Refusal, match="“{product}” has no value yet"):
            start(found, zone=reaching.ZONE, by=reaching.MINA, now=NOW)
        assert not Recipient.objects.exists()
        product = make_product("Dew Serum")
    browser, here = browse(cast), url("edit", pk=found.pk)
    page = text(browser.get(here))
    assert "This cannot start yet." in page
    assert browser.post(url("start", pk=found.pk)).status_code == 422
    values = {
        "name": "Autumn", "segment": segment.pk, "channel": "shop", "products": [product.pk],
        "body": "Dear {creator}, try {product}!",
    }  # fmt: skip
    assert browser.post(here, values).status_code == 302
    page = text(browser.get(here))
    for number in (3, 2, 1):
        assert f"Dear Maker {number}, try Dew Serum!" in page
    assert "Dear Maker 0" not in page
    assert browser.post(url("start", pk=found.pk)).status_code == 302
    assert browser.post(url("start", pk=found.pk)).status_code == 422
    with client_scope(cast.client.pk):
        assert Outreach.objects.get().state == "running"
        assert Recipient.objects.count() == 4


def test_an_unknown_variable_is_refused_in_the_editor(cast: Cast) -> None:
    """AB4: the form names the word that is no variable."""
    with client_scope(cast.client.pk):
        segment = reaching.everyone(now=NOW)
    values = {"name": "A", "segment": segment.pk, "channel": "shop", "body": "Hi {name}"}
    answer = browse(cast).post(url("new"), values)
    assert answer.status_code == 422
    assert "“{name}” is no variable" in text(answer)


def test_a_pasted_list_keeps_who_is_known_and_names_who_is_not(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        anna = make_creator("anna")
        Handle.objects.create(creator=anna, handle="old.anna", seen_at=NOW)
        make_creator("ben")
    answer = browse(cast).post(
        url("segments"),
        {"name": "Pasted", "handles": "@Old.Anna\nben\nnobody\nBEN"},
        follow=True,
    )
    assert "1 handle left out, because nobody here has it: @nobody." in text(answer)
    with client_scope(cast.client.pk):
        segment = Segment.objects.get()
        assert segment.listed == ["old.anna", "ben"]
        found = reaching.started(segment, now=NOW)
        handles = Recipient.objects.values_list("creator__handle", flat=True)
        assert found.total == 2
        assert set(handles) == {"anna", "ben"}


def test_a_filter_is_looked_up_when_the_outreach_starts(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        make_creator("fits", source="import")
        make_creator("does.not")
        make_creator("import.too")
    browse(cast).post(url("segments"), {"name": "Imported", "source": "import"})
    with client_scope(cast.client.pk):
        make_creator("late", source="import")
        found = reaching.started(Segment.objects.get(), now=NOW)
        handles = Recipient.objects.filter(outreach=found).values_list("creator__handle", flat=True)
        assert set(handles) == {"fits", "late"}


def test_the_pages_read_the_same_number_of_statements_for_any_number_of_rows(cast: Cast) -> None:
    browser = browse(cast)
    with client_scope(cast.client.pk):
        reaching.people(40, now=NOW)
        segment = reaching.everyone(now=NOW)
        first = reaching.started(segment, now=NOW)
    browser.get(url("list"))
    with CaptureQueriesContext(connection) as one:
        browser.get(url("list"))
        browser.get(url("outreach", pk=first.pk))
    with client_scope(cast.client.pk):
        for number in range(5):
            reaching.started(segment, name=f"More {number}", now=NOW)
    with CaptureQueriesContext(connection) as many:
        browser.get(url("list"))
        browser.get(url("outreach", pk=first.pk))
    assert len(many) == len(one)


def test_who_may_not_edit_creators_sees_results_and_cannot_start(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        reaching.people(1, now=NOW)
        found = reaching.draft(reaching.everyone(now=NOW), now=NOW)
    viewer = browse(cast, "viewer")
    assert viewer.get(url("outreach", pk=found.pk)).status_code == 200
    assert viewer.post(url("start", pk=found.pk)).status_code == 403
    assert viewer.get(url("new")).status_code == 403
