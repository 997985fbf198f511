"""Columns, their order and the density of a list, per person (SS2)."""

import csv
from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from authorizations.models import Authorization
from creators.models import Creator
from sparkops import clock
from sparkops.desk.models import TableLook
from sparkops.isolation.scope import client_scope
from tests.factories import rights
from tests.factories.cast import Cast
from tests.factories.creators import NOW, add_up, make_creator, make_post, make_product, make_sample

pytestmark = pytest.mark.django_db
LIST, LOOK = "/c/glow/creators/", "/c/glow/looks/creators-creators/"


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def browser(cast: Cast) -> Browser:
    browser = Browser()
    browser.force_login(cast.members["affiliate"])
    return browser


def shown(browser: Browser, path: str = LIST) -> list[str]:
    return [column.key for column in browser.get(path).context["table"].columns]


def exported(browser: Browser) -> list[str]:
    first = browser.get(f"{LIST}?export=csv").content.decode("utf-8-sig").splitlines()[0]
    return next(csv.reader([first]))


def test_ss2_the_page_and_its_export_show_the_chosen_columns_in_their_order(
    cast: Cast, browser: Browser
) -> None:
    """SS2: what the person shows is exported in that order; what only exports carry stays, so
    that the file can be edited and brought back."""
    with client_scope(cast.client.pk):
        make_creator("mia", notes="Likes serum")
    sent = {"column": ["notes", "gmv", "posts"], "dense": "on", "back": f"{LIST}?view=new"}
    answer = browser.post(LOOK, sent)
    assert answer.headers["Location"] == f"{LIST}?view=new"
    assert shown(browser) == ["handle", "notes", "gmv", "posts"]
    assert "Likes serum" in browser.get(LIST).content.decode()
    assert 'class="tbl dense' in browser.get(LIST).content.decode()
    assert exported(browser) == [
        *("Creator", "Notes", "GMV, 30 d", "GMV, 30 d currency", "Posts"),
        *("Tier", "Tags", "Blocked since", "Time zone", "E-mail", "SparkOps id"),
    ]
    browser.post(LOOK, {"reset": "1", "back": LIST})
    assert shown(browser)[:4] == ["handle", "owner", "followers", "posts"]


def test_a_look_is_the_person_s_in_all_clients_and_nobody_else_s(
    cast: Cast, browser: Browser
) -> None:
    browser.post(LOOK, {"column": ["gmv"], "back": LIST})
    with client_scope(cast.client.pk):
        make_creator("mia")
    with client_scope(cast.sister.pk):
        make_creator("zoe")
    assert shown(browser) == ["handle", "gmv"]
    assert shown(browser, "/c/peak/creators/") == ["handle", "gmv"]
    browser.force_login(cast.members["media"])
    assert len(shown(browser)) > 4


def test_a_column_that_a_role_may_not_see_is_not_shown_by_choosing_it(
    cast: Cast, browser: Browser
) -> None:
    with client_scope(cast.client.pk):
        make_creator("mia", email="mia@x.example")
    browser.force_login(cast.members["media"])
    browser.post(LOOK, {"column": ["email", "posts", "nonsense", "posts"], "back": LIST})
    assert shown(browser) == ["handle", "posts"]
    assert "mia@x.example" not in browser.get(LIST).content.decode()
    chooser = browser.get(f"{LIST}?columns=1").content.decode()
    assert 'value="posts" checked' in chooser
    assert 'value="email"' not in chooser
    assert 'value="gmv" checked' not in chooser


def test_a_look_leads_back_into_the_client_only_and_has_an_end(
    cast: Cast, browser: Browser
) -> None:
    away = browser.post(LOOK, {"column": ["gmv"], "back": "https://evil.example/"})
    assert away.headers["Location"] == "/c/glow/"
    assert browser.post(LOOK, {"column": ["x"] * 61, "back": LIST}).status_code == 422
    assert browser.post(LOOK, {"column": ["x" * 61], "back": LIST}).status_code == 422
    assert TableLook.objects.get().columns == ["gmv"]


def test_every_column_of_a_list_costs_as_much_for_many_rows_as_for_one(
    cast: Cast, browser: Browser
) -> None:
    """Columns that lists leave in the database are read with the rows once they are chosen."""
    browser.force_login(cast.members["owner"])

    def add(number: int) -> None:
        with client_scope(cast.client.pk):
            for index in range(number):
                post = make_post(f"c{number}.{index}", product=make_product(f"P{index}"))
                rights.authorized(post, ends_at=clock.now(), code=f"#{number}{index}" + "x" * 20)
                make_sample(Creator.objects.get(pk=post.creator_id), "shipped")
            add_up()

    names = ("creators:creators", "creators:posts", "creators:samples", "authorizations:list")
    add(1)
    costs = {}
    for name in names:
        url = reverse(name, kwargs={"client": "glow"})
        every = [one.key for one in browser.get(url).context["page"].table.columns]
        browser.post(f"/c/glow/looks/{name.replace(':', '-')}/", {"column": every, "back": url})
        with CaptureQueriesContext(connection) as one_row:
            browser.get(url)
        costs[name] = len(one_row)
    add(8)
    with client_scope(cast.client.pk):
        assert Authorization.objects.count() == 9
    for name in names:
        with CaptureQueriesContext(connection) as nine_rows:
            browser.get(reverse(name, kwargs={"client": "glow"}))
        assert len(nine_rows) <= costs[name], name
