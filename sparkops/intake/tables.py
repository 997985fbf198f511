"""Columns of the list of imports and of the rows of one."""

from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from sparkops.intake.models import Import, ImportRow
from sparkops.intake.rules.deciding import short_id
from sparkops.web.markup import text
from sparkops.web.tables import Column, Table

STATE_TONES = {
    Import.State.DRAFT: "half",
    Import.State.PREVIEWED: "info half",
    Import.State.RUNNING: "info",
    Import.State.DONE: "ok",
    Import.State.UNDOING: "info",
    Import.State.UNDONE: "",
    Import.State.FAILED: "bad",
}
RESULT_TONES = {
    ImportRow.Result.WAITING: "half",
    ImportRow.Result.CREATED: "ok",
    ImportRow.Result.UPDATED: "info",
    ImportRow.Result.UNCHANGED: "",
    ImportRow.Result.SKIPPED: "line",
    ImportRow.Result.REFUSED: "bad",
}


def imports_table(slug: str) -> Table:
    """Every import of one client, the newest first."""

    def href(row: Any) -> str:
        return reverse("intake:import", kwargs={"client": slug, "pk": row.pk})

    return Table(
        name="imports",
        caption="Imports",
        default_sort="-started",
        row_href=href,
        columns=(
            Column("name", "Import", sub=_kind, href=href, phone="title"),
            Column("state", "State", _state, kind="badge", tone=_state_tone),
            Column("rows", "Rows", _rows),
            Column("actor", "By", fold=2),
            Column("started", "Brought", "created_at", kind="ago", sort="created_at"),
        ),
    )


def rows_table(slug: str) -> Table:
    """The rows of an import (`queries.RowView`), those that need a look first."""

    def what(row: Any) -> SafeString:
        return _what(row, slug)

    return Table(
        name="rows",
        caption="Rows of the sheet",
        default_sort="result",
        css="cards imp",
        columns=(
            Column("number", "Row", kind="int", sort="number", align="start"),
            Column("result", "Result", "label", kind="badge", tone=_tone, sort="place"),
            Column("what", "What it does", what, phone="title"),
            Column("cells", "In your sheet", _cells, fold=1, phone="wide"),
        ),
    )


def _kind(row: Any) -> str:
    sheet = f", sheet {row.sheet_name}" if row.sheet_name else ""
    return f"{row.get_kind_display()}{sheet}"


def _state(row: Any) -> str:
    return str(row.get_state_display())


def _state_tone(row: Any) -> str:
    return STATE_TONES[row.state]


def _rows(row: Any) -> str:
    counts = row.counts
    if not counts:
        return "not checked yet"
    parts = [f"{counts['total']:,}"]
    words = (("created", "new"), ("updated", "changed"), ("refused", "refused"))
    parts += [f"{counts[key]:,} {word}" for key, word in words if counts.get(key)]
    return " · ".join(parts)


def _what(row: Any, slug: str) -> SafeString:
    """The sentence, then what to check, then where to look."""
    parts = [f"<span>{text(row.reason)}</span>"]
    for remark in row.remarks:
        place = f"{remark.header}: " if remark.header else ""
        parts.append(_line(place + remark.sentence, "t3" if remark.info else "tone-warn"))
    parts += [_line(f"Kept: {why}", "tone-warn") for why in row.kept]
    links = " ".join(dict.fromkeys(filter(None, (_link(touch, slug) for touch in row.touches))))
    if links:
        parts.append(f'<span class="sub">{links}</span>')
    return SafeString("".join(parts))


def _line(sentence: str, tone: str) -> str:
    return f'<span class="sub"><span class="{tone}">{text(sentence)}</span></span>'


_PAGES = (
    ("creator_id", "creators:creator", "Creator"),
    ("post_id", "creators:post", "Post"),
    ("authorization_id", "authorizations:detail", "Code"),
)


def _link(touch: Any, slug: str) -> str:
    """The way to what a row touched; "" for a fee and for what is gone."""
    for attribute, page, word in _PAGES:
        key = getattr(touch, attribute)
        if key is not None:
            url = reverse(page, kwargs={"client": slug, "pk": key})
            label = text(short_id(touch.label) if attribute == "post_id" else touch.label)
            return f'<a class="link" href="{url}"><span class="vh">{word} </span>{label}</a>'
    return ""


def _cells(row: Any) -> SafeString:
    shown = " · ".join(cell for cell in row.cells if cell)
    return SafeString(f'<span class="t2 clamp2">{text(shown)}</span>')


def _tone(row: Any) -> str:
    return RESULT_TONES[row.result]
