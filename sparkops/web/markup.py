"""Small pieces of HTML shared by tables and template tags. Every text in them is escaped here."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from zlib import crc32
from zoneinfo import ZoneInfo

from django.templatetags.static import static
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from sparkops.web import formats

_SPARK_WIDTH, _SPARK_HEIGHT, _SPARK_EDGE = 84, 24, 3


def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """An icon of static/icons.svg. Give a `label` only where no text beside it says the same."""
    hint = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true"'
    return format_html(
        '<svg class="i{}" {}><use href="{}#i-{}"/></svg>',
        f" {size}" if size else "",
        mark_safe(hint),  # noqa: S308 - a literal, or escaped one line above
        static("icons.svg"),
        name,
    )


def badge(label: str, tone: str = "") -> SafeString:
    return format_html('<span class="badge {}">{}</span>', tone, label)


def money(amount: Decimal | int | None, currency: str, *, compact: bool = False) -> SafeString:
    """An amount that keeps to one line; a loss is red besides its minus sign."""
    text = formats.money(amount, currency, compact=compact)
    kind = "num neg" if text.startswith(formats.MINUS) else "num"
    return format_html('<span class="{}">{}</span>', kind, text)


def when(
    value: datetime | None, text: str, *, zone: ZoneInfo | None = None, tone: str = ""
) -> SafeString:
    """`text` inside a `<time>` that carries the exact moment and its zone in the title."""
    if value is None:
        return SafeString(formats.MISSING)
    return format_html(
        '<time datetime="{}" title="{}"{}>{}</time>',
        formats.iso(value),
        formats.full_moment(value, zone),
        format_html(' class="tone-{}"', tone) if tone else "",
        text,
    )


def bar(share: float | Decimal, tone: str = "", label: str = "") -> SafeString:
    """A 4 px bar filled to `share` of its width (0 to 1; beyond that it is cut)."""
    width = f"{min(max(float(share), 0.0), 1.0) * 100:.1f}"
    hint = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true"'
    return format_html(
        '<svg class="bar {}" viewBox="0 0 100 4" preserveAspectRatio="none" {}>'
        '<rect width="{}" height="4"/></svg>',
        tone,
        mark_safe(hint),  # noqa: S308 - a literal, or escaped one line above
        width,
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
    return format_html(
        '<svg class="seg3" viewBox="0 0 100 6" preserveAspectRatio="none" role="img" '
        'aria-label="{}">{}</svg>',
        label,
        mark_safe("".join(rects)),  # noqa: S308 - numbers and an escaped class
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
    hint = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true"'
    return format_html(
        '<svg class="spark {}" viewBox="0 0 84 24" {}>{}<path class="area" d="M{} L{} 23 L{} 23Z"/>'
        '<path d="M{}"/><circle cx="{}" cy="{}" r="2"/></svg>',
        tone,
        mark_safe(hint),  # noqa: S308 - a literal, or escaped one line above
        mark_safe(zero),  # noqa: S308 - numbers only
        line,
        end,
        _SPARK_EDGE,
        line,
        end,
        f"{y(points[-1]):.1f}",
    )


def avatar(name: str, size: str = "") -> SafeString:
    """Initials on a tint that stays the same for the same name."""
    return format_html(
        '<span class="av h{}{}" aria-hidden="true">{}</span>',
        crc32(name.lower().encode()) % 8,
        f" {size}" if size else "",
        initials(name),
    )


def initials(name: str) -> str:
    """`MG` for `@mia.glowdesk` and for `Mia Glow`; one letter for one word."""
    words = "".join(c if c.isalnum() else " " for c in name).split()
    return "".join(word[0] for word in words[:2]).upper() or "?"


def thumb(url: str = "", size: str = "", *, gone: bool = False) -> SafeString:
    """A post cover in its fixed box, or a drawn placeholder. `url` must be of this site."""
    inner = (
        format_html('<img src="{}" alt="" loading="lazy" decoding="async">', url)
        if url
        else icon("video", "s")
    )
    kind = " ".join(filter(None, (size, "gone" if gone else "", "" if url else "none")))
    return format_html('<span class="thumb {}" aria-hidden="true">{}</span>', kind, inner)
