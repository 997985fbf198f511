"""One definition of columns for the page, the export and the API's ordering."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.utils.html import format_html

from sparkops.web.keyset import Page
from sparkops.web.tables import Column, Table

NOW = datetime(2026, 11, 22, 14, 14, tzinfo=UTC)


@dataclass
class Post:
    pk: int
    title: str
    gmv: Decimal | None
    margin: Decimal | None
    seen: datetime | None = None
    state: str = "Live in ads"


POSTS = Table(
    name="posts",
    caption="Posts",
    default_sort="-gmv",
    row_href=lambda row: f"/posts/{row.pk}/",
    columns=(
        Column("title", "Post", sort="title", href=lambda row: f"/posts/{row.pk}/", phone="title"),
        Column("gmv", "GMV", kind="money", currency="USD", sort="total_gmv"),
        Column("margin", "Margin", kind="percent", permission="see-cost", sort="margin"),
        Column("seen", "Seen", kind="datetime"),
        Column("state", "State", kind="badge"),
        Column(
            "act",
            "Actions",
            lambda row: format_html('<a href="/x/{}">Go</a>', row.pk),
            exported=False,
        ),
    ),
)
ROW = Post(7, "<b>night</b> routine", Decimal("-12.5"), Decimal("0.184"), NOW)


def html(row=ROW, may=None):
    return POSTS.bind([row], may=may, now=NOW).rows[0].html


def test_cells_arrive_formatted():
    drawn = html()
    assert '<span class="num neg">−$12.50</span>' in drawn
    assert "Sun Nov 22, 2:14 PM</time>" in drawn
    assert '<span class="badge ok">Live in ads</span>' in drawn
    assert '<a href="/x/7">Go</a>' in drawn
    assert 'id="posts-7" data-href="/posts/7/"' in drawn


def test_a_row_is_chosen_by_its_plain_name_also_where_the_cell_is_markup():
    table = Table(
        "t",
        "T",
        (
            Column(
                "title",
                "Post",
                lambda row: format_html("<i>{}</i>", row.title),
                sort="title",
                export="title",
            ),
        ),
        "title",
    )
    drawn = table.bind([ROW], now=NOW, selectable=True).rows[0].html
    assert 'aria-label="Select &lt;b&gt;night&lt;/b&gt; routine"' in drawn


def test_text_from_outside_is_escaped():
    assert "<b>night" not in html()
    assert "&lt;b&gt;night&lt;/b&gt; routine" in html()


def test_what_is_missing_is_a_dash_not_zero():
    drawn = html(Post(1, "", None, None, None, ""), may=lambda name: True)
    assert drawn.count("—") == 5
    # Phones leave these cells out; the title of a row stays.
    assert 'class="p-pair void" data-label="Seen"' in drawn
    assert 'class="p-title" data-label="Post"' in drawn


def test_a_link_column_without_a_link_is_a_dash() -> None:
    table = replace(
        POSTS, columns=(*POSTS.columns, Column("go", "Go", lambda row: "", kind="link"))
    )
    assert table.bind([ROW], now=NOW).rows[0].html.endswith('data-label="Go">—</td></tr>')


def test_orders_are_offered_in_words_of_the_column() -> None:
    offered = [label for _, label, _ in POSTS.bind([ROW], now=NOW).sort_choices]
    assert offered == ["Post, A to Z", "Post, Z to A", "GMV, lowest first", "GMV, highest first"]


def test_a_column_needs_its_permission_on_the_page_in_the_export_and_as_order():
    asked = []

    def may(name):
        asked.append(name)
        return name == "see-cost"

    assert "18.4%" not in html()
    assert "18.4%" in html(may=may)
    assert set(asked) == {"see-cost"}
    assert "Margin" not in next(POSTS.export([]))
    assert "Margin" in next(POSTS.export([], may))
    assert POSTS.sort("margin").key == "gmv"
    assert POSTS.sort("margin", may).key == "margin"


def test_the_export_has_raw_values_and_currency_codes():
    rows = list(POSTS.export([ROW]))
    assert rows[0] == ["Post", "GMV", "GMV currency", "Seen", "State"]
    assert rows[1] == [
        "<b>night</b> routine",
        Decimal("-12.5"),
        "USD",
        "2026-11-22T14:14:00Z",
        "Live in ads",
    ]


def test_ordering_comes_from_the_columns():
    assert POSTS.sorts == {"title": "title", "gmv": "total_gmv", "margin": "margin"}
    assert POSTS.sort("-title").order.name == "-title"
    assert POSTS.sort("title").order.name == "title"
    for useless in ("", None, "state", "password", "--title", "-"):
        assert POSTS.sort(useless).order.name == "-total_gmv"


def test_links_keep_filters_and_drop_the_cursor():
    query = QueryDict("q=serum&status=live&status=paused&cursor=old&sort=title")
    table = POSTS.bind(Page([ROW], next="after", previous="before"), query=query, now=NOW)
    heads = {head.label: head for head in table.headers}
    assert heads["Post"].sorted == "ascending"
    assert heads["Post"].href == "?q=serum&status=live&status=paused&sort=-title"
    assert heads["GMV"].href == "?q=serum&status=live&status=paused&sort=-gmv"
    assert heads["State"].href == ""
    assert table.next_url == "?q=serum&status=live&status=paused&cursor=after&sort=title"
    assert table.previous_url == "?q=serum&status=live&status=paused&cursor=before&sort=title"


def test_the_ends_have_no_links():
    table = POSTS.bind([ROW], now=NOW)
    assert (table.next_url, table.previous_url) == ("", "")


def test_rows_can_be_dictionaries_and_paths_cross_relations():
    table = Table(
        "t",
        "T",
        (
            Column("name", "Name", sort="name"),
            Column("shop", "Shop", lambda row: row["shop"]),
            Column("gmv", "GMV", kind="money", currency="currency"),
        ),
        "name",
        key="id",
    )
    row = {"id": "a'b", "name": "x", "shop": None, "gmv": 1200, "currency": "JPY"}
    drawn = table.bind([row], now=NOW, selectable=True).rows[0].html
    assert "¥1,200" in drawn
    assert 'value="a&#x27;b"' in drawn


def test_a_table_that_cannot_work_is_refused_at_import():
    column = Column("a", "A", sort="a")
    with pytest.raises(ValueError, match="one key"):
        Table("t", "T", (column, column), "a")
    with pytest.raises(ValueError, match="no sortable column"):
        Table("t", "T", (Column("a", "A"),), "a")
