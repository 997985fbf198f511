"""Small pieces of HTML shared by tables and template tags. Every text in them is escaped here.

They are written with f-strings around `text()`: Django's format_html costs ten times as much, and a
page of fifty rows holds some six hundred of these pieces.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from html import escape
from typing import Any
from zlib import crc32
from zoneinfo import ZoneInfo

from django.conf import settings
from django.templatetags.static import static
from django.utils.safestring import SafeString

from sparkops.web import formats

_SPARK_WIDTH, _SPARK_HEIGHT, _SPARK_EDGE = 84, 24, 3


def text(value: object) -> str:
    """`value` escaped for the inside of an element; a safe string as it is."""
    if isinstance(value, SafeString):
        return value
    return escape(str(value))


def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """An icon of static/icons.svg. Give a `label` only where no text beside it says the same."""
    sprite = _sprite(settings.STATIC_URL, settings.STORAGES["staticfiles"]["BACKEND"])
    return _icon(sprite, str(name), str(size), str(label))


@lru_cache(maxsize=4)
def _sprite(url: str, storage: str) -> str:
    """The sprite's address. The arguments only say when a remembered one no longer holds."""
    return static("icons.svg")


@lru_cache(maxsize=512)
def _icon(sprite: str, name: str, size: str, label: str) -> SafeString:
    kind = f"i {escape(size)}" if size else "i"
    return SafeString(
        f'<svg class="{kind}" {_described(label)}><use href="{sprite}#i-{escape(name)}"/></svg>'
    )


def _described(label: str) -> str:
    return f'role="img" aria-label="{escape(str(label))}"' if label else 'aria-hidden="true"'


def badge(label: str, tone: str = "") -> SafeString:
    return SafeString(f'<span class="badge {escape(tone)}">{text(label)}</span>')


def money(amount: Decimal | int | None, currency: str, *, compact: bool = False) -> SafeString:
    """An amount that keeps to one line; a loss is red besides its minus sign."""
    shown = formats.money(amount, currency, compact=compact)
    kind = "num neg" if shown.startswith(formats.MINUS) else "num"
    return SafeString(f'<span class="{kind}">{escape(shown)}</span>')


def when(
    value: datetime | None, shown: str, *, zone: ZoneInfo | None = None, tone: str = ""
) -> SafeString:
    """`shown` inside a `<time>` that carries the exact moment and its zone in the title."""
    if value is None:
        return SafeString(formats.MISSING)
    kind = f' class="tone-{escape(tone)}"' if tone else ""
    return SafeString(
        f'<time datetime="{formats.iso(value)}" title="{formats.full_moment(value, zone)}"{kind}>'
        f"{text(shown)}</time>"
    )


def bar(share: float | Decimal, tone: str = "", label: str = "") -> SafeString:
    """A 4 px bar filled to `share` of its width (0 to 1; beyond that it is cut)."""
    width = min(max(float(share), 0.0), 1.0) * 100
    return SafeString(
        f'<svg class="bar {escape(tone)}" viewBox="0 0 100 4" preserveAspectRatio="none" '
        f'{_described(label)}><rect width="{width:.1f}" height="4"/></svg>'
    )


def split_bar(parts: Sequence[tuple[int | float | Decimal, str]], label: str) -> SafeString:
    """A bar split by counts: `[(43, "a"), (7, "w")]` with the classes of `.seg3`.

    a accent, l light accent, g green, w amber, b red, m grey.
    """
    total = float(sum(size for size, _ in parts)) or 1.0
    rects, x = [], 0.0
    for size, tone in parts:
        width = float(size) / total * 100
        if width:
            shown = max(width - (0.6 if x + width < 99.9 else 0), 0.4)
            rects.append(
                f'<rect class="{escape(tone)}" x="{x:.1f}" width="{shown:.1f}" height="6"/>'
            )
        x += width
    return SafeString(
        f'<svg class="seg3" viewBox="0 0 100 6" preserveAspectRatio="none" {_described(label)}>'
        f"{''.join(rects)}</svg>"
    )


def sparkline(values: Sequence[float | Decimal], tone: str = "", label: str = "") -> SafeString:
    """A small line, oldest value first, the last one marked. Empty under two values.

    Tones: `good`, `poor`, or none for too little data. A zero line is drawn where it is crossed.
    """
    points = [float(value) for value in values]
    if len(points) < 2:
        return SafeString("")
    low, high = min(points), max(points)
    reach = (high - low) or 1.0
    step = (_SPARK_WIDTH - 2 * _SPARK_EDGE) / (len(points) - 1)

    def y(value: float) -> float:
        share = (value - low) / reach if high > low else 0.0
        return _SPARK_HEIGHT - _SPARK_EDGE - share * (_SPARK_HEIGHT - 2 * _SPARK_EDGE)

    line = " L".join(f"{_SPARK_EDGE + i * step:.1f} {y(v):.1f}" for i, v in enumerate(points))
    end = _SPARK_WIDTH - _SPARK_EDGE
    zero = (
        f'<line class="zero" x1="{_SPARK_EDGE}" x2="{end}" y1="{y(0):.1f}" y2="{y(0):.1f}"/>'
        if low < 0 < high
        else ""
    )
    return SafeString(
        f'<svg class="spark {escape(tone)}" viewBox="0 0 {_SPARK_WIDTH} {_SPARK_HEIGHT}" '
        f"{_described(label)}>{zero}"
        f'<path class="area" d="M{line} L{end} 23 L{_SPARK_EDGE} 23Z"/><path d="M{line}"/>'
        f'<circle cx="{end}" cy="{y(points[-1]):.1f}" r="2"/></svg>'
    )


def avatar(name: str, size: str = "") -> SafeString:
    """Initials on a tint that stays the same for the same name."""
    kind = f"av h{crc32(name.lower().encode()) % 8} {escape(size)}".strip()
    return SafeString(f'<span class="{kind}" aria-hidden="true">{escape(initials(name))}</span>')


def initials(name: str) -> str:
    """`MG` for `@mia.glowdesk` and for `Mia Glow`; one letter for one word."""
    words = "".join(c if c.isalnum() else " " for c in name).split()
    return "".join(word[0] for word in words[:2]).upper() or "?"


def thumb(url: str = "", size: str = "", *, gone: bool = False) -> SafeString:
    """A post cover in its fixed box, or a drawn placeholder: a cover of another site, which our
    policy on contents would block, is not asked for."""
    url = url if url.startswith("/") and not url.startswith("//") else ""
    kind = " ".join(filter(None, ("thumb", size, "gone" if gone else "", "" if url else "none")))
    cover = f'<img src="{escape(url)}" alt="" loading="lazy" decoding="async">' if url else ""
    return SafeString(
        f'<span class="{escape(kind)}" aria-hidden="true">{cover or icon("video", "s")}</span>'
    )


def options(choices: Sequence[Any], chosen: str = "") -> SafeString:
    """Options of a menu; each choice has a `key` and a `label`."""
    return SafeString(
        "".join(
            f'<option value="{text(one.key)}"{" selected" if one.key == chosen else ""}>'
            f"{text(one.label)}</option>"
            for one in choices
        )
    )
