"""Tables written in a template as cards on phones: roles, and each cell's heading beside it.

The kit's own tables (`web.tables`) draw this themselves. A table that `display` turns into cards
loses its meaning to screen readers, so every part says its role.
"""

import re
from html import unescape

from django.utils.html import escape, strip_tags
from django.utils.safestring import SafeString, mark_safe

_TABLE = re.compile(r"<table\b([^>]*)>(.*?)</table>", re.DOTALL)
_ROW = re.compile(r"<tr\b([^>]*)>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<(t[dh])\b([^>]*)>(.*?)</\1>", re.DOTALL)
_SPAN = re.compile(r'\bcolspan="(\d+)"')
_CLASS = re.compile(r'\bclass="([^"]*)"')
_GROUP = re.compile(r"<(thead|tbody|tfoot)\b")


def as_cards(html: str) -> SafeString:
    """The same tables; on narrow pages each row is a card that begins with its first cell.

    A heading in `.vh` is for screen readers alone and is not repeated; an empty cell is left out of
    the card.
    """
    return mark_safe(_TABLE.sub(_table, html))  # noqa: S308 - what the template drew, already escaped


def _table(found: re.Match[str]) -> str:
    attributes, inner = found.groups()
    head, mark, body = inner.partition("</thead>")
    labels = [
        "" if 'class="vh"' in text else " ".join(unescape(strip_tags(text)).split())
        for _, _, text in _CELL.findall(head)
    ]
    head = _CELL.sub(r'<\1 role="columnheader"\2>\3</\1>', head)
    head = head.replace("<tr>", '<tr role="row">')
    body = _ROW.sub(lambda row: _row(row, labels), body)
    whole = _GROUP.sub(r'<\1 role="rowgroup"', head + mark + body)
    return f'<table role="table"{_with_class(attributes, "stack cards")}>{whole}</table>'


def _row(found: re.Match[str], labels: list[str]) -> str:
    attributes, inner = found.groups()
    cells: list[str] = []
    at = 0
    for name, own, text in _CELL.findall(inner):
        role = "cell" if name == "td" else "rowheader"
        place = "p-title" if not cells else "p-pair" if text.strip() else "p-none"
        label = labels[at] if cells and at < len(labels) else ""
        drawn = f'<{name} role="{role}" data-label="{escape(label)}"{_with_class(own, place)}>'
        cells.append(f"{drawn}{text}</{name}>")
        span = _SPAN.search(own)
        at += int(span[1]) if span else 1
    return f'<tr role="row"{attributes}>{"".join(cells)}</tr>'


def _with_class(attributes: str, more: str) -> str:
    if known := _CLASS.search(attributes):
        return attributes.replace(known[0], f'class="{known[1]} {more}"')
    return f'{attributes} class="{more}"'
