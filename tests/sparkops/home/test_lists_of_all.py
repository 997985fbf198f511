"""The lists of an agency over all its clients: whose row is whose, order, filters and reach."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from authorizations.models import Authorization
from creators.models import Creator, Post
from sparkops.isolation.scope import client_scope, portfolio_scope
from sparkops.landing.models import Cursor
from sparkops.tenants.models import Client, Membership
from sparkops.web.keyset import Order, paginate
from tests.factories import ads
from tests.factories.cast import BEGIN, Cast
from tests.factories.creators import NOW, make_creator, make_post

pytestmark = pytest.mark.django_db
LISTS = ("creators", "posts", "authorizations", "ads")


@pytest.fixture(autouse=True)
def frozen(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def shared(cast: Cast) -> Cast:
    """Glow and its sister Peak have a post, a right and an ad each, Maya at both; so has a client
    of another house."""
    for client, name in ((cast.client, "Glow"), (cast.sister, "Peak"), (cast.foreign, "Secret")):
        with client_scope(client.pk):
            fill(name)
    return cast


def fill(name: str) -> None:
    post = make_post("maya", caption=f"{name} tells")
    make_creator(f"{name.lower()}.friend")
    Authorization.objects.create(
        post=post, creator=post.creator, kind="video_code", state="in_use",
        ends_at=NOW + timedelta(days=9), created_at=NOW,
    )  # fmt: skip
    ads.an_ad(f"{name} ad", post)


def browse(cast: Cast, role: str = "manager") -> Browser:
    browser = Browser()
    browser.force_login(cast.members[role])
    return browser


def url_of(name: str, organization: str = "north") -> str:
    return reverse(f"portfolio-{name}", kwargs={"organization": organization})


def lines(cast: Cast, name: str, **asked: str) -> list[dict[str, str]]:
    answer = browse(cast).get(url_of(name), {"export": "csv", **asked})
    return list(csv.DictReader(io.StringIO(answer.content.decode().lstrip("\ufeff"))))


@pytest.mark.parametrize("name", LISTS)
def test_every_client_of_the_agency_and_no_other(shared: Cast, name: str) -> None:
    names = {one["Client"] for one in lines(shared, name)}
    assert names == {"Glow Skincare", "Peak Nutrition"}
    page = browse(shared).get(url_of(name)).content.decode()
    assert "Secret" not in page


@pytest.mark.parametrize("name", LISTS)
def test_a_row_opens_the_page_of_its_own_client(shared: Cast, name: str) -> None:
    page = browse(shared).get(url_of(name)).content.decode()
    at = {
        "creators": ("creators:creator", Creator.objects.filter(handle="maya")),
        "posts": ("creators:post", Post.objects.all()),
        "authorizations": ("authorizations:detail", Authorization.objects.all()),
        "ads": ("campaigns:ad", ads.Ad.objects.all()),
    }
    view, rows = at[name]
    for client in (shared.client, shared.sister):
        with client_scope(client.pk):
            href = reverse(view, kwargs={"client": client.slug, "pk": rows.get().pk})
        assert f'href="{href}"' in page
        assert browse(shared).get(href).status_code == 200


@pytest.mark.parametrize("name", LISTS)
def test_one_client_can_be_chosen(shared: Cast, name: str) -> None:
    assert {one["Client"] for one in lines(shared, name, client="peak")} == {"Peak Nutrition"}
    # A client of another house is no choice: the filter is refused in words and hides nothing.
    assert len({one["Client"] for one in lines(shared, name, client="secret-brand")}) == 2


@pytest.mark.parametrize("name", LISTS)
def test_who_works_for_one_client_or_elsewhere_does_not_see_the_list(
    shared: Cast, name: str
) -> None:
    guest = Browser()
    guest.force_login(shared.stranger)
    assert guest.get(url_of(name)).status_code == 404
    person = shared.members["media"]
    Membership.objects.filter(user=person).delete()
    Membership.objects.create(
        user=person, organization=shared.agency, client=shared.client, role="media",
        created_at=BEGIN,
    )  # fmt: skip
    assert browse(shared, "media").get(url_of(name)).status_code == 404


@pytest.mark.parametrize("name", LISTS)
def test_more_clients_do_not_mean_more_queries(shared: Cast, name: str) -> None:
    browser = browse(shared)
    browser.get(url_of(name))
    with CaptureQueriesContext(connection) as two:
        browser.get(url_of(name))
    for number in range(3):
        another = Client.objects.create(
            organization=shared.agency, name=f"Brand {number}", slug=f"brand-{number}",
            timezone="Asia/Tokyo", currency="JPY", created_at=BEGIN,
        )  # fmt: skip
        with client_scope(another.pk):
            fill(f"Brand {number}")
    with CaptureQueriesContext(connection) as five:
        browser.get(url_of(name))
    assert len(five) == len(two)
    assert len({one["Client"] for one in lines(shared, name)}) == 5


def test_amounts_of_different_currencies_are_no_order(shared: Cast) -> None:
    page = browse(shared).get(url_of("posts")).content.decode()
    assert "sort=-views" in page or "sort=views" in page
    assert "sort=gmv" not in page
    assert "sort=-gmv" not in page


def test_what_was_not_read_is_said_with_the_clients_name(shared: Cast) -> None:
    page = browse(shared).get(url_of("posts")).content.decode()
    assert "Nothing has been read from TikTok yet for Glow Skincare and Peak Nutrition." in page
    with client_scope(shared.client.pk):
        Cursor.objects.create(
            connection=ads.account().connection, stream="post_numbers", part="", due_at=NOW,
            state=Cursor.State.FAILING, last_ok_at=NOW - timedelta(hours=3),
            last_error="TikTok is busy.",
        )  # fmt: skip
    page = browse(shared).get(url_of("posts")).content.decode()
    assert "Glow Skincare: Ads: TikTok is busy. The numbers are from 20 Nov 2026 15:00 UTC." in page
    assert "Nothing has been read from TikTok yet for Peak Nutrition." in page


@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_pages_over_clients_are_those_of_one_sorted_list(
    cast: Cast, descending: bool, size: int
) -> None:
    """Days of publishing, per client; two posts share one, two have none and come last."""
    days = {cast.client.pk: (1, 4, 4, None), cast.sister.pk: (2, 4, None), cast.foreign.pk: (3,)}
    for client, some in days.items():
        with client_scope(client):
            for day in some:
                make_post("maya", NOW - timedelta(days=day) if day else None)  # type: ignore[arg-type]
    ours = [cast.client.pk, cast.sister.pk]
    order = Order("published_at", descending)
    with portfolio_scope(ours):
        rows = Post.objects.all()
        known = sorted(
            ((one.published_at, one.pk) for one in rows if one.published_at), reverse=descending
        )
        unknown = sorted((one.pk for one in rows if not one.published_at), reverse=descending)
        wanted = [pk for _, pk in known] + unknown
        assert len(wanted) == 7
        page = paginate(rows, order, "", size, clients=ours)
        pages = [[one.pk for one in page.rows]]
        while page.next:
            page = paginate(rows, order, page.next, size, clients=ours)
            pages.append([one.pk for one in page.rows])
        back = [pages[-1]]
        while page.previous:
            page = paginate(rows, order, page.previous, size, clients=ours)
            back.append([one.pk for one in page.rows])
    assert [pk for some in pages for pk in some] == wanted
    assert [pk for some in reversed(back) for pk in some] == wanted
