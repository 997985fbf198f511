"""The lists and pages of creators and posts."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from creators.models import Creator, Post
from creators.queries import posted_answers, window
from sparkops.audit.models import Event
from sparkops.isolation.scope import client_scope, portfolio_scope
from sparkops.tenants.permissions import Role
from tests.factories.cast import Cast
from tests.factories.creators import (
    NOW,
    TODAY,
    add_up,
    day_numbers,
    make_creator,
    make_post,
    make_product,
    make_sample,
)

pytestmark = pytest.mark.django_db
HOSTILE = '<script>alert("x")</script>'
ZONE = "America/Los_Angeles"


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def page(cast: Cast) -> Any:
    """A function that opens a page of the client as a role, and gives its text."""

    def fetch(name: str, role: str = "owner", status: int = 200, query: str = "", **kwargs: Any):
        browser = Browser()
        browser.force_login(cast.members[role])
        url = reverse(f"creators:{name}", kwargs={"client": cast.client.slug, **kwargs})
        answer = browser.get(f"{url}{query}")
        assert answer.status_code == status
        return answer.content.decode()

    return fetch


def test_the_list_shows_posts_sales_and_samples_of_each_creator(cast: Cast, page: Any) -> None:
    with client_scope(cast.client.pk):
        serum = make_product()
        days = {TODAY: day_numbers(1_500, "120.50"), TODAY - timedelta(days=29): day_numbers(500)}
        old = {TODAY - timedelta(days=30): day_numbers(70_000, "900")}
        make_post("mia", product=serum, days=days)
        make_post("mia", NOW - timedelta(days=40), product=serum, days=old)
        mia = Creator.objects.get(handle="mia")
        make_sample(mia, "overdue", due_on=date(2026, 11, 10))
        make_sample(mia, "shipped")
        make_sample(mia, "posted")
        make_creator("zoe")
        add_up()
    text = page("creators")
    row = text[text.index('id="creators-') : text.index("</tr>", text.index('id="creators-'))]
    assert "@mia" in row
    # 1,500 today and 500 on the first of the 30 days; the day before that does not count.
    for shown in ("2,000", "$120.50", "1 overdue"):
        assert shown in row
    assert "70,000" not in text


def test_a_creator_without_posts_has_no_views_instead_of_zero(cast: Cast, page: Any) -> None:
    with client_scope(cast.client.pk):
        make_creator("zoe")
    assert 'data-label="Views, 30 d">—' in page("creators")
    assert 'data-label="GMV, 30 d"><span class="num">—' in page("creators")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=mi", {"mia", "mika"}),
        ("?q=%40mia", {"mia"}),
        ("?q=former", {"mika"}),
        ("?q=lu+glow", {"zoe"}),
        ("?posted=7", {"mia"}),
        ("?posted=30", {"mia", "mika"}),
        ("?posted=no", {"zoe"}),
        ("?since=2026-11-01&until=2026-11-01", {"mika"}),
        ("?since=2026-11-02&until=2026-11-12", set()),
        ("?sample=overdue", {"mika"}),
        ("?source=import", {"zoe"}),
        ("?view=posted", {"mia", "mika"}),
        ("?view=new", {"mia"}),
        ("?view=overdue", {"mika"}),
        ("?view=samples&posted=7", set()),
    ],
)
def test_filters_and_tabs_of_creators(cast: Cast, page: Any, query: str, found: set[str]) -> None:
    with client_scope(cast.client.pk):
        serum = make_product()
        make_post("mia", NOW - timedelta(days=2), product=serum)
        mika = make_creator("mika")
        # 11 PM of November 1 in the brand's zone is November 2 in UTC.
        make_post("mika", datetime(2026, 11, 2, 7, tzinfo=UTC), product=serum)
        make_post("mika", NOW - timedelta(days=60), product=serum)
        mika.handles.create(handle="former.name", seen_at=NOW)
        make_sample(mika, "overdue")
        make_creator("zoe", source="import", display_name="Lu Glow")
        add_up()
    text = page("creators", query=query)
    assert {name for name in ("mia", "mika", "zoe") if f">@{name}" in text} == found
    noun = "creator" if len(found) == 1 else "creators"
    assert f">{len(found)} {noun}" in text or f"{len(found)} {noun}<" in text


def test_a_post_without_a_product_of_the_shop_does_not_count_as_posted(
    cast: Cast, page: Any
) -> None:
    with client_scope(cast.client.pk):
        make_post("mia", NOW - timedelta(days=1))
        add_up()
    assert ">@mia" not in page("creators", query="?posted=30")
    assert ">@mia" in page("creators")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=serum", {"routine", "unboxing"}),
        ("?q=ROUTINE", {"routine"}),
        ("?q=%40zoe", {"walk"}),
        ("?creator=%40mia", {"routine", "unboxing"}),
        ("?creator=mi", set()),
        ("?availability=deleted", {"unboxing"}),
        ("?view=gone", {"unboxing"}),
        ("?view=paid", {"routine"}),
        ("?view=product", {"routine", "unboxing"}),
        ("?posted=7", {"walk"}),
    ],
)
def test_filters_and_tabs_of_posts(cast: Cast, page: Any, query: str, found: set[str]) -> None:
    with client_scope(cast.client.pk):
        serum = make_product("Dew Serum")
        ago = NOW - timedelta(days=20)
        routine = {TODAY: day_numbers(10, paid_views=5, paid_spend=2, paid_currency="USD")}
        make_post("mia", ago, product=serum, caption="my routine", days=routine)
        make_post("mia", ago, product=serum, caption="unboxing", availability="deleted")
        make_post("zoe", NOW, caption="a walk")
        add_up()
    text = page("posts", query=query)
    assert {name for name in ("routine", "unboxing", "walk") if name in text} == found


def test_a_pasted_link_finds_its_post(cast: Cast, page: Any) -> None:
    with client_scope(cast.client.pk):
        wanted = make_post("mia", caption="the wanted one")
        make_post("mia", caption="another one")
    link = f"https://www.tiktok.com/@who.ever/video/{wanted.item_id}?lang=en"
    text = page("posts", query=f"?q={quote(link)}")
    assert "the wanted one" in text
    assert "another one" not in text


def test_ct6_every_figure_sorts_in_both_directions_and_the_url_keeps_it(
    cast: Cast, page: Any
) -> None:
    with client_scope(cast.client.pk):
        numbers = (("caption-one", 1, "3"), ("caption-six", 3, "9"), ("caption-two", 2, "6"))
        for caption, size, spend in numbers:
            columns = day_numbers(size, f"{size}.5", orders=size, paid_views=size)
            paid = {"paid_spend": Decimal(spend), "paid_currency": "USD"}
            published = NOW - timedelta(days=9 - size)
            make_post("mia", published, caption=caption, days={TODAY: columns | paid})
        add_up()
    for key in ("published", "views", "orders", "gmv", "paid_views", "paid_spend"):
        for sign, order in (
            ("", ["caption-one", "caption-two", "caption-six"]),
            ("-", ["caption-six", "caption-two", "caption-one"]),
        ):
            text = page("posts", query=f"?sort={sign}{key}&creator=%40mia")
            assert sorted(order, key=text.index) == order, f"{sign}{key}"
            assert "sort=" in text and "creator=%40mia" in text


def test_ct5_organic_and_paid_stand_apart_on_the_page_of_a_post(cast: Cast, page: Any) -> None:
    """CT5: the chart of a post tells organic from paid."""
    with client_scope(cast.client.pk):
        first = day_numbers(900, "40")
        second = day_numbers(100, paid_views=5_000, paid_spend=Decimal("12.5"), paid_currency="USD")
        days = {TODAY - timedelta(days=2): first, TODAY: second}
        post = make_post("mia", product=make_product("Dew Serum"), caption="routine", days=days)
        add_up()
    text = page("post", pk=post.pk)
    assert "From Nov 18 to Nov 20: 1,000 organic and 5,000 paid views." in text
    assert 'id="post-views-data"' in text
    # November 19 had nothing: the line goes to zero there and the table has no row.
    assert '"values": [900.0, 0.0, 100.0]' in text
    assert '"values": [0.0, 0.0, 5000.0]' in text
    assert text.count('<th scope="row">') == 2
    for shown in ("Dew Serum", "$40.00", "$12.50"):
        assert shown in text


def test_ct5_a_deleted_post_says_so_and_keeps_its_numbers(cast: Cast, page: Any) -> None:
    with client_scope(cast.client.pk):
        days = {TODAY: day_numbers(777)}
        post = make_post("mia", days=days, availability="deleted")
        add_up()
    text = page("post", pk=post.pk)
    assert "The post is gone from TikTok." in text
    assert "777" in text


def test_a_post_that_was_never_measured_shows_no_zeros(cast: Cast, page: Any) -> None:
    with client_scope(cast.client.pk):
        post = make_post("mia")
    text = page("post", pk=post.pk)
    assert "No numbers have been read for this post yet." in text
    assert '<span class="v">0</span>' not in text
    assert "never in paid" in text


def test_the_page_of_a_creator_names_former_names_and_owed_posts(cast: Cast, page: Any) -> None:
    with client_scope(cast.client.pk):
        serum = make_product("Dew Serum")
        make_post("mia", NOW - timedelta(days=3), product=serum, caption="my routine")
        mia = Creator.objects.get(handle="mia")
        mia.handles.create(handle="mia.before", seen_at=NOW)
        make_sample(
            mia,
            "overdue",
            product=serum,
            delivered_at=NOW - timedelta(days=20),
            due_on=date(2026, 11, 14),
        )
        add_up()
    text = page("creator", pk=mia.pk)
    assert "@mia.before" in text
    assert "1 sample without a post." in text


@pytest.mark.parametrize("role", [one for one in Role if one is not Role.CLIENT])
def test_contact_is_shown_and_exported_only_to_those_who_may_see_it(
    cast: Cast, page: Any, role: Role
) -> None:
    with client_scope(cast.client.pk):
        mia = make_creator("mia", email="mia@creator.example", notes="Call +1 555 0100")
    sees = role in {Role.OWNER, Role.MANAGER, Role.AFFILIATE}
    detail = page("creator", role.value, pk=mia.pk)
    assert ("mia@creator.example" in detail) is sees
    assert ("555 0100" in detail) is sees
    if role == Role.VIEWER:
        assert "export=csv" not in page("creators", role.value)
        page("creators", role.value, 403, "?export=csv")
    else:
        sheet = page("creators", role.value, query="?export=csv")
        assert "mia" in sheet
        assert ("mia@creator.example" in sheet) is sees
    page("edit", role.value, 200 if sees else 403, pk=mia.pk)


def test_an_edit_is_kept_and_the_log_holds_no_contact_data(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        mia = make_creator("mia")
    browser = Browser()
    browser.force_login(cast.members["affiliate"])
    url = reverse("creators:edit", kwargs={"client": cast.client.slug, "pk": mia.pk})
    sent = {"email": "mia@creator.example", "timezone": "Europe/Rome", "notes": "Likes serum"}
    assert browser.post(url, sent).status_code == 302
    with client_scope(cast.client.pk):
        mia.refresh_from_db()
        assert (mia.email, mia.timezone, mia.notes) == tuple(sent.values())
        event = Event.objects.get(verb="creator.edited")
        assert event.data["changed"] == ["email", "notes", "timezone"]
        assert event.data["after"] == {"timezone": "Europe/Rome"}
        assert "mia@creator.example" not in str(event.data)
    wrong = browser.post(url, sent | {"timezone": "Europe/Roma"})
    assert wrong.status_code == 422
    assert "“Europe/Roma” is not a time zone" in wrong.content.decode()
    with client_scope(cast.client.pk):
        mia.refresh_from_db()
        assert mia.timezone == "Europe/Rome"


def test_what_creators_write_cannot_break_out_of_the_page(cast: Cast, page: Any) -> None:
    with client_scope(cast.client.pk):
        serum = make_product(HOSTILE)
        post = make_post('x"><img src=x>', product=serum, caption=HOSTILE, days={TODAY: {}})
        creator = post.creator
        Creator.objects.filter(pk=creator.pk).update(display_name=HOSTILE, notes=HOSTILE)
        sample = {"status": HOSTILE[:40], "product": serum}
        make_sample(creator, "unknown", **sample)
        add_up()
    for text in (
        page("creators"),
        page("creator", pk=creator.pk),
        page("edit", pk=creator.pk),
        page("posts"),
        page("post", pk=post.pk),
    ):
        assert "<script>alert" not in text
        assert "<img src=x>" not in text
    sheet = page("posts", query="?export=csv")
    assert HOSTILE.replace('"', '""') in sheet


def test_a_caption_that_is_a_formula_is_text_in_the_sheet(cast: Cast, page: Any) -> None:
    with client_scope(cast.client.pk):
        make_post("mia", caption='=HYPERLINK("http://evil.example")')
    assert "'=HYPERLINK" in page("posts", query="?export=csv")


@pytest.mark.parametrize("name", ["creators", "posts"])
def test_a_list_costs_the_same_for_one_row_and_for_a_full_page(
    cast: Cast, page: Any, name: str
) -> None:
    def add(number: int) -> None:
        with client_scope(cast.client.pk):
            for index in range(number):
                make_post(f"creator{number}.{index}", product=make_product(f"P{index}"))
            add_up()

    add(1)
    with CaptureQueriesContext(connection) as one_row:
        page(name)
    add(60)
    with CaptureQueriesContext(connection) as full_page:
        page(name)
    assert len(full_page) <= len(one_row)


def test_pages_follow_each_other_without_a_gap(cast: Cast, page: Any) -> None:
    with client_scope(cast.client.pk):
        for index in range(60):
            published = None if index % 3 == 0 else NOW - timedelta(hours=index)
            make_post("mia", published, caption=f"caption-{index:02}.")
    seen: list[str] = []
    query = ""
    while True:
        text = page("posts", query=query)
        seen += [f"{n:02}" for n in range(60) if f"caption-{n:02}." in text]
        marker = 'rel="next" href="'
        if marker not in text:
            break
        rest = text[text.index(marker) + len(marker) :]
        query = rest[: rest.index('"')].replace("&amp;", "&")
    assert sorted(seen) == [f"{n:02}" for n in range(60)]


def test_before_the_first_read_the_pages_say_so(cast: Cast, page: Any) -> None:
    for name in ("creators", "posts"):
        text = page(name)
        assert "Nothing has been read from TikTok yet" in text
        assert "The first read takes a few minutes." in text


def test_the_answer_of_today_is_what_its_list_shows(cast: Cast, page: Any) -> None:
    with client_scope(cast.client.pk):
        serum = make_product()
        for handle, days_ago in (("mia", 1), ("mia", 29), ("zoe", 5), ("kay", 30), ("kay", 400)):
            make_post(handle, NOW - timedelta(days=days_ago), product=serum)
        make_post("lee", NOW - timedelta(days=1))
        make_sample(Creator.objects.get(handle="zoe"), "overdue")
        make_sample(Creator.objects.get(handle="zoe"), "delivered")
        make_sample(Creator.objects.get(handle="zoe"), "rejected")
        add_up()
    with client_scope(cast.sister.pk):
        make_post("ana", NOW, product=make_product())
        add_up()
    since, until = window(30, zone=ZONE, now=NOW)
    with portfolio_scope([cast.client.pk, cast.sister.pk]):
        both = posted_answers(since, until)
    with client_scope(cast.client.pk):
        assert posted_answers(since, until) == {cast.client.pk: both[cast.client.pk]}
    answer = both[cast.client.pk]
    assert (answer.creators, answer.posts, answer.all_creators) == (2, 3, 4)
    assert (answer.new_creators, answer.samples_due, answer.samples_overdue) == (2, 1, 1)
    assert [(one.handle, one.posts) for one in answer.top] == [("mia", 2), ("zoe", 1)]
    assert both[cast.sister.pk].creators == 1
    text = page("creators", query="?posted=30")
    assert "2 creators" in text


def test_a_foreign_row_is_not_found(cast: Cast, page: Any) -> None:
    with client_scope(cast.foreign.pk):
        post = make_post("secret", caption="secret caption")
        pks = {"creator": post.creator_id, "post": post.pk, "edit": post.creator_id}
    for name, pk in pks.items():
        page(name, "owner", 404, pk=pk)
    assert "secret" not in page("posts")
    with client_scope(cast.client.pk):
        assert not Post.objects.exists()
