"""Columns of runs and of their messages."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.template.defaultfilters import linebreaksbr
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from sparkops.renewals.models import Ahead, Ask, Run
from sparkops.renewals.queries.own_page import to_show
from sparkops.web import formats
from sparkops.web.tables import Column, Table

TONES = {
    Ask.State.WAITING: "half",
    Ask.State.SENDING: "info",
    Ask.State.SENT: "ok",
    Ask.State.COPY: "warn",
    Ask.State.SKIPPED: "line",
    Ask.State.FAILED: "bad",
}


def runs_table(slug: str) -> Table:
    """Every run of one client, the newest first. Rows carry the counts of `queries.asks.runs`."""

    def href(row: Any) -> str:
        return reverse("renewals:run", kwargs={"client": slug, "pk": row.pk})

    return Table(
        name="runs",
        caption="Requests to creators",
        default_sort="-created",
        row_href=href,
        columns=(
            Column("name", "Requests", _name, sub=_counts, href=href, phone="title"),
            Column("state", "State", _run_state, kind="badge", tone=_run_tone),
            Column("actor", "By", fold=2),
            Column("created", "Started", "created_at", kind="ago", sort="created_at"),
        ),
    )


def asks_table(slug: str, by_hand: Callable[[Any], SafeString]) -> Table:
    """The messages of a run in its order; `by_hand` draws what a person does with one to copy."""

    def href(row: Any) -> str:
        return reverse("authorizations:detail", kwargs={"client": slug, "pk": row.authorization_id})

    def message(row: Any) -> SafeString:
        return _message(row, by_hand)

    return Table(
        name="asks",
        caption="Messages",
        default_sort="number",
        columns=(
            Column("number", "No.", kind="int", sort="number", align="start", fold=3,
                   phone="none"),
            Column("creator", "Creator", _creator, sub=_post, href=href, phone="title"),
            Column("state", "Result", _state, kind="badge", tone=_tone, sort="state"),
            Column("channel", "How", _channel, sub=_language, fold=2),
            Column("message", "Message", message, phone="title"),
        ),
    )  # fmt: skip


def stakes_table(*, of_all: bool, now: datetime) -> Table:
    """What is at stake, most profit a day first; over all clients compared in US dollars.

    Rows are `queries.stakes.stakes`, with their client, post and creator.
    """

    def ends(row: Any) -> SafeString:
        return _ends(row, now)

    client = (Column("client", "Client", "client.name", phone="pair"),) if of_all else ()
    return Table(
        name="stakes",
        caption="Spend at risk",
        default_sort="-profit",
        row_href=_stake_href,
        columns=(
            Column("post", "Post", "post", sub=_maker, href=_stake_href, phone="title"),
            *client,
            Column("profit", "Profit a day", kind="money", currency="profit_currency",
                   sort="rank"),
            Column("spend", "Spend a day", _spend, kind="money", currency="spend_currency",
                   sort="spend"),
            Column("ends", "Ends", ends, sub=_limit, export="ends_at", sort="ends_at"),
        ),
    )  # fmt: skip


AHEAD_TONES = {Ahead.Kind.PAUSES: "warn", Ahead.Kind.LOSES: "bad", Ahead.Kind.OWED: "info"}


def ahead_table(*, of_all: bool) -> Table:
    """What pauses, loses money or is owed, in the order of its days (N22); `queries.ahead.lines`.

    The amounts of a row are of its kind: spend that stops, loss, or what is to be paid.
    """
    client = (Column("client", "Client", "client.name", phone="pair"),) if of_all else ()
    return Table(
        name="ahead",
        caption="What the next 30 days bring",
        default_sort="day",
        row_href=ahead_href,
        columns=(
            Column("title", "What", sub=_ahead_sub, href=ahead_href, phone="title"),
            *client,
            Column("kind", "Then it", _ahead_kind, kind="badge", tone=_ahead_tone),
            Column("day", "Day", "day", kind="date", sort="day"),
            Column("until", "Until", _ahead_until, kind="date", fold=2),
            Column("per_day", "A day", kind="money", currency="currency", sort="per_day", fold=1),
            Column("amount", "In 30 days", kind="money", currency="currency", sort="amount"),
            Column("currency", "Currency", shown=False),
            Column("creator", "Creator", "creator", fold=3),
        ),
    )


def ahead_href(row: Any) -> str:
    """The page with the row behind a line."""
    of_client = {"client": row.client.slug}
    if row.authorization_id:
        return reverse("authorizations:detail", kwargs={**of_client, "pk": row.authorization_id})
    if row.what == Ahead.What.ADS:
        return reverse("creators:post", kwargs={**of_client, "pk": row.post_id})
    if row.what == Ahead.What.SAMPLE:
        return reverse("creators:sample", kwargs={**of_client, "pk": row.subject_id})
    if row.what == Ahead.What.COMMISSION:
        entries = reverse("profit:entries", kwargs=of_client)
        return f"{entries}?account=affiliate_commission&days=90&shop={row.subject_id}"
    return reverse("profit:payments", kwargs=of_client)


def _ahead_sub(row: Any) -> str:
    return ", ".join(filter(None, (row.get_what_display(), row.note)))


def _ahead_until(row: Any) -> Any:
    """The last day of what goes on; the rest happens on one day."""
    return row.until if row.until != row.day else None


def _ahead_kind(row: Any) -> str:
    return str(row.get_kind_display())


def _ahead_tone(row: Any) -> str:
    return AHEAD_TONES[Ahead.Kind(row.kind)]


def _stake_href(row: Any) -> str:
    return reverse(
        "authorizations:detail", kwargs={"client": row.client.slug, "pk": row.authorization_id}
    )


def _maker(row: Any) -> str:
    return str(row.post.creator or "creator not known yet")


def _spend(row: Any) -> Any:
    return row.spend or None


def _limit(row: Any) -> str:
    return f"limited by {row.clock}" if row.clock else "not covered: no usage terms"


def _ends(row: Any, now: datetime) -> SafeString:
    tone = formats.time_left_tone(row.ends_at, now=now)
    return format_html(
        '<span class="nowrap"><b class="{}">{}</b> <span class="t3">· {}</span></span>',
        f"tone-{tone}" if tone else "",
        formats.span(row.ends_at - now),
        formats.day(row.day, today=now.date()),
    )


def _name(row: Any) -> str:
    return f"{row.total:,} posts, {row.days} days"


def _counts(row: Any) -> str:
    words = ((row.sent, "sent"), (row.to_copy, "to copy"), (row.failed, "failed"))
    return ", ".join(f"{count:,} {word}" for count, word in words if count) or "none sent yet"


def _run_state(row: Any) -> str:
    return str(row.get_state_display())


def _run_tone(row: Any) -> str:
    if row.state == Run.State.RUNNING:
        return "info"
    return "warn" if row.failed or row.to_copy else "ok"


def _creator(row: Any) -> str:
    return str(row.creator) if row.creator else "Creator not known"


def _post(row: Any) -> str:
    return str(row.authorization.post or "every post")


def _state(row: Any) -> str:
    return str(row.get_state_display())


def _tone(row: Any) -> str:
    return TONES[Ask.State(row.state)]


def _channel(row: Any) -> str:
    return str(row.get_channel_display())


def _language(row: Any) -> str:
    return str(row.get_kind_display()) + (f", {row.language}" if row.language else "")


def _message(row: Any, by_hand: Callable[[Any], SafeString]) -> SafeString:
    """The reason in a line, the text behind a click; what is to copy stands open."""
    why = format_html("<p>{}</p>", row.reason) if row.reason else ""
    if not row.text:
        return format_html("{}", why)
    opened = " open" if row.state == Ask.State.COPY else ""
    text = format_html(
        '<details{}><summary>Message text</summary><p class="anywhere" lang="{}">{}</p></details>',
        opened,
        row.language,
        linebreaksbr(to_show(row.text)),
    )
    acts = by_hand(row) if row.state == Ask.State.COPY else ""
    return format_html("{}{}{}", why, text, acts)
