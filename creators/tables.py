"""Columns of the lists of creators and posts."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.safestring import SafeString

from creators.models import Application, Collaboration, Creator, MarketHit, Post, Sample
from creators.models.creator import without_mark
from creators.models.post import title_of
from sparkops.tenants.permissions import Permission
from sparkops.web import formats, markup
from sparkops.web.links import page_of
from sparkops.web.tables import Column, Table

AVAILABILITY_TONES: dict[str, str] = {
    Post.Availability.PUBLIC: "ok",
    Post.Availability.PRIVATE: "warn",
    Post.Availability.DELETED: "bad",
    Post.Availability.ADS_ONLY: "info",
    Post.Availability.UNKNOWN: "half",
}

AVAILABILITY_NAMES = dict(Post.Availability.choices)
PostRow = Mapping[str, Any]

EDIT = Permission.CREATOR_EDIT.value

# By it an edited export finds its rows again.
ID_LABEL = "SparkOps id"


def creators_table(slug: str | None) -> Table:
    """The list of creators of one client, or with None of several."""
    href = page_of("creators:creator", client=slug)
    return Table(
        name="creators",
        caption="Creators",
        default_sort="-last",
        row_href=href,
        kind="creator",
        columns=(
            Column("handle", "Creator", _who, sort="handle", href=href, export="shown_handle",
                   phone="title"),
            Column("owner", "Owner", lambda row: str(row.owner) if row.owner else None,
                   sub=_placed, export=lambda row: str(row.owner or ""), fold=2),
            Column("followers", "Followers", "follower_count", kind="int", sort="follower_count",
                   fold=2),
            Column("posts", "Posts", "post_count", kind="int", sort="post_count"),
            Column("last", "Last post", "last_posted_at", kind="ago", sort="last_posted_at"),
            Column("views", "Views, 30 d", lambda row: row.views_30d if row.post_count else None,
                   kind="int", sort="views_30d", fold=3),
            Column("gmv", "GMV, 30 d", lambda row: row.gmv_30d if row.gmv_currency else None,
                   kind="money", currency="gmv_currency", sort="gmv_30d"),
            Column("samples", "Open samples", "samples_open", kind="int", sub=_overdue,
                   sort="samples_open", fold=1),
            Column("created", "Known since", "created_at", kind="date", sort="created_at", fold=1),
            Column("tier", "Tier", lambda row: row.get_tier_display(), shown=False),
            Column("tags", "Tags", _tags, shown=False),
            Column("blocked", "Blocked since", "blocked_at", kind="date", shown=False),
            Column("timezone", "Time zone", shown=False, edit="timezone", edit_permission=EDIT),
            Column("email", "E-mail", permission=Permission.CONTACT_VIEW.value, shown=False,
                   edit="email", edit_permission=EDIT),
            Column("notes", "Notes", permission=Permission.CONTACT_VIEW.value, shown=False,
                   edit="notes", edit_permission=EDIT),
            Column("pk", ID_LABEL, lambda row: str(row.pk), shown=False),
        ),
    )  # fmt: skip


def posts_table(slug: str | None) -> Table:
    """The list of posts of one client, or with None of several; organic and paid numbers stand
    apart (CT5).

    Rows are those of `queries.listed_posts`.
    """
    href = page_of("creators:post", client=slug)
    return Table(
        name="posts",
        caption="Posts",
        default_sort="-published",
        row_href=href,
        kind="post",
        columns=(
            Column("post", "Post", _post(href), export="caption", phone="title"),
            Column("creator", "Creator", _author, fold=2),
            Column("owner", "Owner", _owner, sub=_tag_names, export=lambda row: _owner(row) or "",
                   fold=1, edit="owner", edit_permission=EDIT),
            Column("published", "Published", "published_at", kind="date", sort="published_at"),
            Column("availability", "Status", lambda row: AVAILABILITY_NAMES[row["availability"]],
                   kind="badge", tone=_tone, fold=3),
            Column("views", "Organic views", _measured("views"), kind="int", sort="views"),
            Column("orders", "Orders", _measured("orders"), kind="int", sort="orders", fold=2),
            Column("gmv", "GMV", lambda row: row["gmv"] if row["currency"] else None, kind="money",
                   currency="currency", sort="gmv"),
            Column("paid_views", "Paid views", _paid("paid_views"), kind="int",
                   sort="paid_views", fold=1),
            Column("paid_spend", "Ad spend", _paid("paid_spend"), kind="money",
                   currency="paid_currency", sort="paid_spend", fold=1),
            Column("item_id", "Post id", shown=False),
            Column("tags", "Tags", _tag_names, shown=False, edit="tags", edit_permission=EDIT),
        ),
    )  # fmt: skip


def _author(row: PostRow) -> str | None:
    handle = row["creator__handle"]
    return f"@{without_mark(handle)}" if handle else None


def _owner(row: PostRow) -> str | None:
    return row["owner__name"] or row["owner__email"]


def _tag_names(row: PostRow) -> str:
    return ", ".join(row["tag_names"])


def _placed(row: Creator) -> str:
    """The tier and the tags."""
    return " · ".join(filter(None, (row.get_tier_display(), _tags(row))))


def _tags(row: Creator) -> str:
    return ", ".join(sorted(tag.name for tag in row.tags.all()))


def creator_posts_table(slug: str) -> Table:
    """The posts of one creator, for a narrow place."""
    every = posts_table(slug)
    kept = ("post", "published", "availability", "views", "gmv")
    return replace(every, columns=tuple(one for one in every.columns if one.key in kept))


def samples_table(slug: str) -> Table:
    """Sample requests with what speaks for their creators. Rows carry `standing`."""
    href = page_of("creators:sample", client=slug)
    return Table(
        name="samples",
        caption="Samples",
        default_sort="-seen",
        row_href=href,
        columns=(
            Column("creator", "Creator", lambda row: str(row.creator), href=href,
                   sub=lambda row: str(row.product or "unknown product"), phone="title"),
            Column("state", "State", lambda row: row.get_state_display(), kind="badge",
                   tone=lambda row: SAMPLE_TONES.get(row.state, ""), sub=_verdict),
            Column("seen", "First seen", "first_seen_at", kind="date", sort="first_seen_at",
                   fold=2),
            Column("due", "Post due", "due_on", kind="date", sub=_extended, sort="due_on"),
            Column("followers", "Followers", "creator.follower_count", kind="int", fold=1),
            Column("tiktok", "Fulfilment, TikTok", "creator_fulfilment", kind="percent", fold=1),
            Column("here", "Fulfilment here", lambda row: row.standing.rate, kind="percent",
                   sub=_counted),
            Column("posting", "Posts, 30 d", lambda row: row.standing.posts_30d, kind="int",
                   fold=2),
            Column("gmv", "GMV, 30 d, TikTok",
                   lambda row: row.creator_gmv if row.creator_gmv_currency else None, kind="money",
                   currency="creator_gmv_currency", fold=1),
            Column("ours", "GMV, 30 d, here",
                   lambda row: row.creator.gmv_30d if row.creator.gmv_currency else None,
                   kind="money", currency="creator.gmv_currency", fold=3),
            Column("product", "Product", lambda row: str(row.product or ""), shown=False),
            Column("sample_id", "Request id", shown=False),
        ),
    )  # fmt: skip


SAMPLE_TONES: dict[str, str] = {
    Sample.State.REQUESTED: "info half",
    Sample.State.APPROVED: "info",
    Sample.State.SHIPPED: "info",
    Sample.State.DELIVERED: "ok",
    Sample.State.OVERDUE: "warn",
    Sample.State.POSTED: "ok",
    Sample.State.GHOSTED: "bad",
}


VERDICT_TONES: dict[str, str] = {
    Sample.Verdict.APPROVE: "ok",
    Sample.Verdict.REVIEW: "warn",
    Sample.Verdict.SHORT: "",
}


def _verdict(row: Sample) -> SafeString | str:
    """What the rules say while a request is open, and an answer that is on its way."""
    if row.state != Sample.State.REQUESTED:
        return ""
    if row.going:  # type: ignore[attr-defined]
        return "answer on its way"
    return row.get_verdict_display()


def _extended(row: Sample) -> str:
    return "extended by 7 days" if row.extended_at else ""


def _counted(row: Sample) -> str:
    """The counts behind a rate (domain 4)."""
    standing = row.standing  # type: ignore[attr-defined]
    over = standing.posted + standing.missed
    return f"{standing.posted} of {over}" if over else "none due yet"


def collaborations_table(slug: str) -> Table:
    """Affiliate plans with their rates and ends."""
    href = page_of("creators:collaboration", client=slug)

    return Table(
        name="collaborations",
        caption="Collaborations",
        default_sort="ends",
        row_href=href,
        columns=(
            Column("name", "Plan", lambda row: str(row), href=href, sub=_offered, phone="title"),
            Column("kind", "Kind", lambda row: row.get_kind_display(), kind="badge"),
            Column("standard", "Standard rate", "standard_rate", kind="percent",
                   sort="standard_rate", sub=_changing),
            Column("ads", "Shop Ads rate", "shop_ads_rate", kind="percent"),
            Column("creators", "Creators", "creator_count", kind="int", fold=2),
            Column("starts", "From", "starts_at", kind="date", fold=1),
            Column("ends", "Ends", "ends_at", kind="date", sort="ends_at"),
            Column("status", "TikTok says", lambda row: formats.said(row.status),
                   export="status", fold=1),
            Column("collaboration_id", "Plan id", shown=False),
        ),
    )  # fmt: skip


def _offered(row: Collaboration) -> str:
    count = len(row.product_ids)
    if count > 1:
        return f"{count} products"
    return str(row.product) if row.product and row.name != row.product.title else ""


def _changing(row: Collaboration) -> str:
    return "change under way" if row.changing else ""  # type: ignore[attr-defined]


def applications_table(slug: str) -> Table:
    """Creators who ask to be let in."""

    known = page_of("creators:creator", client=slug)

    def href(row: Application) -> str:
        if row.creator:
            return known(row.creator)
        return f"https://www.tiktok.com/@{row.handle}"

    return Table(
        name="applications",
        caption="Applications",
        default_sort="-applied",
        columns=(
            Column("handle", "Creator", lambda row: f"@{row.handle}", href=href, phone="title"),
            Column("message", "What they write", lambda row: row.message[:200], phone="wide"),
            Column("email", "E-mail", permission=Permission.CONTACT_VIEW.value, phone="wide"),
            Column("applied", "Applied", "applied_at", kind="ago", sort="applied_at"),
            Column("state", "State", lambda row: row.get_state_display(), kind="badge", fold=2,
                   sub=lambda row: f"by {row.decided_by}" if row.decided_by else ""),
        ),
    )  # fmt: skip


def market_table(slug: str) -> Table:
    """Creators whom a marketplace search found. Rows carry `creator`: whom the client knows."""

    known = page_of("creators:creator", client=slug)

    def href(row: MarketHit) -> str:
        if row.creator:  # type: ignore[attr-defined]
            return known(row.creator)  # type: ignore[attr-defined]
        return f"https://www.tiktok.com/@{row.handle}"

    return Table(
        name="market",
        caption="Creators of the marketplace",
        default_sort="-fit",
        columns=(
            Column("handle", "Creator", lambda row: str(row), href=href, sort="handle",
                   sub=lambda row: row.display_name, phone="title"),
            Column("here", "With you", _here, kind="badge", tone=_here_tone, sub=_met),
            Column("fit", "Fit", "fit", kind="int", sort="fit"),
            Column("why", "Why", _why, phone="wide", exported=False, fold=1),
            Column("followers", "Followers", "follower_count", kind="int", sort="follower_count"),
            Column("views", "Views of a video", "avg_views", kind="int", sort="avg_views", fold=2),
            Column("gmv", "GMV, 30 d", _exact, kind="money", currency="currency", sub=_range,
                   sort="gmv"),
            Column("region", "Market", "region", fold=3),
            Column("gmv_least", "GMV at least", "gmv_least", kind="money", currency="currency",
                   shown=False),
            Column("reasons", "Reasons of the fit",
                   lambda row: " ".join(one["text"] for one in row.reasons), shown=False),
            Column("creator_id", "TikTok id", shown=False),
        ),
    )  # fmt: skip


def matches_table(slug: str) -> Table:
    """Posts whose author or product a person has to decide."""
    href = page_of("creators:match", client=slug)
    return Table(
        name="matches",
        caption="Posts to decide on",
        default_sort="-seen",
        row_href=href,
        columns=(
            Column("post", "Post", "post.heading", href=href, phone="title",
                   sub=lambda row: str(row.post.creator or "creator not known")),
            Column("why", "What to decide", lambda row: " ".join(row.reasons), phone="wide"),
            Column("evidence", "What speaks for whom",
                   lambda row: " ".join(one["sentence"] for one in row.evidence[:3]),
                   phone="wide"),
            Column("seen", "Found", "seen_at", kind="ago", sort="seen_at", fold=1),
        ),
    )  # fmt: skip


def _here(row: MarketHit) -> str:
    creator = row.creator  # type: ignore[attr-defined]
    if row.is_blocked or (creator and creator.blocked_at):
        return "Blocked"
    return "Known" if creator else "New"


def _here_tone(row: MarketHit) -> str:
    return {"Blocked": "bad", "Known": "ok", "New": "info"}[_here(row)]


def _met(row: MarketHit) -> str:
    if row.has_collaborated:
        return "worked with the shop"
    return "invited in 90 days" if row.was_invited else ""


def _why(row: MarketHit) -> str:
    if row.fit is None:
        return "too little is known"
    return str(row.reasons[0]["text"]) if row.reasons else ""


def _exact(row: MarketHit) -> Any:
    return row.gmv if row.currency else None


def _range(row: MarketHit) -> str:
    if row.gmv is not None or row.gmv_least is None:
        return ""
    least, most = formats.integer(row.gmv_least), formats.integer(row.gmv_most or 0)
    return f"{least} to {most} {row.currency}"


def _who(row: Creator) -> SafeString:
    name = markup.text(row.display_name) if row.display_name else ""
    if row.blocked_at:
        name = SafeString('<span class="tone-bad">Blocked</span>')
    sub = f'<span class="sub">{name}</span>' if name else ""
    return SafeString(
        f'<span class="cell2">{markup.avatar(row.shown_handle)}'
        f"<span>{markup.text(str(row))}{sub}</span></span>"
    )


def _tone(row: PostRow) -> str:
    return AVAILABILITY_TONES.get(row["availability"], "")


def _overdue(row: Creator) -> SafeString | str:
    if not row.samples_overdue:
        return ""
    return SafeString(f'<span class="tone-warn">{row.samples_overdue} overdue</span>')


def _post(href: Any) -> Any:
    def cell(row: PostRow) -> SafeString:
        products = row["products"]
        more = f" and {len(products) - 1} more" if len(products) > 1 else ""
        sub = markup.text(f"{products[0]}{more}") if products else "no product linked"
        gone = row["availability"] == Post.Availability.DELETED
        title = title_of(row["caption"], row["item_id"])
        return SafeString(
            f'<span class="cell2">{markup.thumb(gone=gone)}'
            f'<span><a class="tt" href="{href(row)}">{markup.text(title)}</a>'
            f'<span class="sub">{sub}</span></span></span>'
        )

    return cell


def _measured(name: str) -> Any:
    """A number that was read; one that was not is no zero."""
    return lambda row: row[name] if row["measured_at"] else None


def _paid(name: str) -> Any:
    """A number of ads; a post that was never in paid has none."""
    return lambda row: row[name] if row["paid_currency"] else None
