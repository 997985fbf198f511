"""`{% load profit %}`: TikTok's words for people, and the lines of a P&L."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from profit.rules.words import tiktok_word
from profit.views.statement import rows
from sparkops.web import markup, tones

register = template.Library()
register.simple_tag(rows, name="statement_rows")
register.filter("tiktok_word", tiktok_word)


@register.simple_tag
def tiktok_status(status: str) -> SafeString:
    """A badge in people's words with TikTok's own word beside it; nothing for no status."""
    if not status:
        return SafeString("")
    shown = tiktok_word(status)
    return format_html(
        '{} <span class="t3 mono">{}</span>', markup.badge(shown, tones.tone_of(shown)), status
    )
