"""`{% load portal %}`: sentences and days in the creator's language."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def say(context: template.Context, key: str, **names: Any) -> str:
    """`{% say "terms_between" client=client.name %}`; the client's name is always known."""
    guest = context["guest"]
    return str(guest.words.say(key, **{"client": guest.client.shown_name, **names}))


@register.simple_tag(takes_context=True)
def on_day(context: template.Context, value: date | datetime) -> str:
    """A day in the creator's language; of a moment, the day in the client's zone."""
    guest = context["guest"]
    if isinstance(value, datetime):
        value = value.astimezone(ZoneInfo(guest.client.timezone)).date()
    return str(guest.words.day(value))
