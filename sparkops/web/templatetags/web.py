"""`{% load web %}`: amounts, moments, states, icons and drawn parts for templates."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms, template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from sparkops import crypto
from sparkops.clock import shop_zone, zone_or_utc
from sparkops.web import formats, frame, markup, tones
from sparkops.web.cards import as_cards
from sparkops.web.forms import Problem, present, problems

register = template.Library()

register.simple_tag(markup.icon, name="icon")
register.simple_tag(problems, name="problems")
register.simple_tag(markup.money, name="money")
register.simple_tag(markup.bar, name="bar")
register.simple_tag(markup.split_bar, name="split_bar")
register.simple_tag(markup.sparkline, name="sparkline")
register.simple_tag(markup.avatar, name="avatar")
register.simple_tag(markup.options, name="options")
register.simple_tag(markup.thumb, name="thumb")
register.simple_tag(frame.nav_links, name="nav_links")
register.simple_tag(frame.client_links, name="client_links")
register.simple_tag(formats.plural, name="plural")
register.filter("integer", formats.integer)
register.filter("number", formats.number)
register.filter("percent", formats.percent)
register.filter("said", formats.said)
register.filter("masked", crypto.masked)
register.filter("initials", markup.initials)
register.filter("tone", tones.tone_of)


@register.filter("money")
def money_text(amount: Decimal | int | None, currency: str) -> str:
    """`{{ amount|money:"USD" }}` where plain text is wanted: titles, aria labels, sentences."""
    return formats.money(amount, currency)


@register.filter
def beside(noun: str, count: object) -> str:
    """`{{ "posts"|beside:count }}`: singular beside 1."""
    return formats.noun_of(count, noun)


@register.simple_tag
def badge(label: str, tone: str | None = None) -> SafeString:
    """`{% badge "Live in ads" %}`: the tone comes from the tone table unless given."""
    return markup.badge(label, tones.tone_of(label) if tone is None else tone)


@register.simple_tag(takes_context=True)
def ago(context: template.Context, value: datetime | None) -> SafeString:
    """`4 min ago`, the exact moment in the title."""
    return markup.when(value, formats.ago(value, now=_now(context)) if value else "")


@register.simple_tag(takes_context=True)
def when(context: template.Context, value: datetime | None, zone: str = "") -> SafeString:
    """`Tue Nov 24, 4:30 PM` in the reader's zone, or in the named one."""
    place = shop_zone(zone_or_utc(zone)) if zone else None
    text = formats.moment(value, now=_now(context), zone=place) if value else ""
    return markup.when(value, text, zone=place)


@register.simple_tag(takes_context=True)
def time_left(
    context: template.Context,
    end: datetime | None,
    start: datetime | None = None,
    *,
    bar: bool = True,
) -> SafeString:
    """Time left, date and bar: a right is never shown as a date alone.

    The bar shows how much of `start` to `end` is used; without a start there is none.
    """
    if end is None:
        return format_html('<span class="t3">{}</span>', formats.MISSING)
    now = _now(context)
    tone = formats.time_left_tone(end, now=now)
    text = formats.span(end - now) if end > now else formats.ago(end, now=now)
    today = timezone.localdate(now)
    drawn = SafeString("")
    if bar and start is not None and end > start:
        drawn = markup.bar((now - start) / (end - start), tone)
    return format_html(
        '<span class="exp"><span><b class="{}">{}</b> <span class="t3">· {}</span></span>{}</span>',
        f"tone-{tone}" if tone else "",
        text,
        markup.when(end, formats.day(timezone.localdate(end), today=today)),
        drawn,
    )


@register.simple_tag
def delta(ratio: Decimal | float | None, good: str = "") -> SafeString:
    """`↑ 22.5%` against the period before. `good` is "up" or "down": which way is welcome."""
    if ratio is None:
        return SafeString("")
    up = ratio >= 0
    tone = "" if not good or not ratio else "good" if (good == "up") is up else "poor"
    return format_html(
        '<span class="delta {}">{}{}<span class="vh"> {} on the previous period</span></span>',
        tone,
        markup.icon("up" if up else "arrdown"),
        formats.percent(abs(Decimal(str(ratio)))),
        "up" if up else "down",
    )


@register.inclusion_tag("parts/field.html")
def field(
    bound: forms.BoundField,
    prefix: str = "",
    suffix: str = "",
    switch: bool = False,
    choices: str = "",
    says_optional: bool = True,
    **attrs: str,
) -> dict[str, Any]:
    """`{% field form.budget prefix="$" inputmode="decimal" %}`: other words become attributes.

    `choices` says how those of a group stand: `across` the line, or `tall` in a box that scrolls.
    Without `says_optional` a field that may stay empty does not say so: the form says it once.
    """
    named = {name.replace("_", "-"): value for name, value in attrs.items()}
    view = present(bound, prefix=prefix, suffix=suffix, switch=switch, attrs=named)
    said = says_optional and not bound.field.required
    return {"view": view, "choices": choices, "is_optional": said}


@register.inclusion_tag("parts/filter_control.html")
def filter_control(bound: forms.BoundField) -> dict[str, Any]:
    """A field of a filter bar: its name and its value in one small control."""
    return {"view": present(bound)}


@register.inclusion_tag("parts/error_summary.html")
def error_summary(form: forms.BaseForm, title: str = "") -> dict[str, Any]:
    """What is wrong with the form, on top, with the focus; nothing when all is well."""
    found: list[Problem] = problems(form) if form.is_bound else []
    return {"problems": found, "title": title}


@register.inclusion_tag("parts/panel.html")
def panel(url: str, name: str, label: str, lines: int = 3) -> dict[str, Any]:
    """A slow part of a page, loaded by htmx after it; `name` becomes its id.

    Without JavaScript it is a link to the same URL.
    """
    return {"url": url, "name": name, "label": label, "lines": range(lines)}


@register.simple_block_tag
def cards(content: str) -> SafeString:
    """`{% cards %}<table>…</table>{% endcards %}`: on phones the rows of the table are cards."""
    return as_cards(content)


@register.simple_tag
def series(*values: Any) -> Sequence[Any]:
    """A list written in a template: `{% series 1 2 3 as days %}`."""
    return values


def _now(context: template.Context) -> datetime:
    found = context.get("now")
    return found if isinstance(found, datetime) else timezone.now()
