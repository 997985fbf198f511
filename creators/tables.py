"""Columns of the lists of creators and posts."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from sparkops.web import markup
from sparkops.web.tables import Column, Table


def creators_table(slug: str) -> Table:
    """The list of creators of one client."""

    def href(row: Any) -> str:
        return reverse("creators:creator", kwargs={"client": slug, "pk": row.pk})

    return Table(
        name="creators",
        caption="Creators",
        default_sort="-created",
        row_href=href,
        columns=(
            Column("handle", "Creator", _who, sort="handle", export="handle", href=href,
                   phone="title"),
            Column("followers", "Followers", "follower_count", kind="int", sort="follower_count"),
            Column("posts", "Posts", "posts_count", kind="int"),
            Column("last", "Last post", "last_post_at", kind="ago", fold=1),
            Column("views", "Views", "views_total", kind="int", fold=2),
            Column("gmv", "GMV", "gmv_total", kind="money", currency="currency", fold=1),
            Column("created", "Known since", "created_at", kind="date", sort="created_at", fold=3),
        ),
    )  # fmt: skip


def posts_table(slug: str) -> Table:
    """The list of posts of one client."""

    def href(row: Any) -> str:
        return reverse("creators:post", kwargs={"client": slug, "pk": row.pk})

    return Table(
        name="posts",
        caption="Posts",
        default_sort="-published",
        row_href=href,
        columns=(
            Column("caption", "Post", str, export="caption", href=href, phone="title"),
            Column("creator", "Creator", "creator", fold=1),
            Column("published", "Published", "published_at", kind="date", sort="published_at"),
            Column(
                "availability",
                "Status",
                lambda row: row.get_availability_display(),
                kind="badge",
                fold=2,
            ),
            Column("views", "Views", kind="int", sort="views"),
            Column("gmv", "GMV", kind="money", currency="currency", sort="gmv"),
            Column("item_id", "Post id", exported=True, fold=3),
        ),
    )


def _availability(row: Any) -> str:
    return str(row.get_availability_display())


def _who(row: Any) -> SafeString:
    return format_html('<span class="who">{}@{}</span>', markup.avatar(row.handle), row.handle)
