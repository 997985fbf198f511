"""Who did most in a period, against the period before, with its export."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from sparkops import clock
from sparkops.outreach.forms import LeadersForm
from sparkops.outreach.queries.leaders import (
    NOBODY,
    Asked,
    by_group,
    deeds_of_creators,
    deeds_of_products,
    groups_of,
    members_of,
    names_of,
)
from sparkops.outreach.rules.leaders import (
    GROUPS_OF_CREATORS,
    RANKED,
    SHOWN_FIGURES,
    Deeds,
    Line,
    ranking,
)
from sparkops.tenants.gate import ClientRequest, client_view, may_of
from sparkops.tenants.permissions import Permission
from sparkops.tenants.queries import people_who_may
from sparkops.web import formats, pages
from sparkops.web.listing import as_file, asked_export, export_urls

STREAMS = ("orders", "post_numbers", "samples")
RESTS = {"creator": "No creator", "product": "No product"}


@dataclass(frozen=True)
class Question:
    """What a leaderboard is of."""

    asked: Asked
    of: str
    figure: str
    among: str
    zone: str
    now: datetime


@client_view(Permission.VIEW)
def leaders(request: ClientRequest) -> HttpResponse:
    """Creators, products or groups by a figure."""
    now = clock.now()
    people = people_who_may(request.client, Permission.VIEW)
    form = LeadersForm(request.GET, people=people)
    asked, may = form.asked(now=now), may_of(request)
    context: dict[str, Any] = {
        "now": now,
        "form": form,
        "asked": asked,
        "may_edit": request.member.may(Permission.CREATOR_EDIT),
    }
    if asked is not None:
        values = form.cleaned_data if form.is_valid() else {}
        of, figure = values.get("of") or "creator", values.get("figure") or "gmv"
        among = values.get("among", "")
        question = Question(asked, of, figure, among, request.client.timezone, now)
        lines, rest = _lines(question)
        names = _names(question, lines, rest)
        if kind := asked_export(request, may):
            return as_file("leaders", _header(question), _sheet(question, lines, names), kind=kind)
        context |= {
            "of": RANKED[of],
            "figure": SHOWN_FIGURES[figure][0],
            "before": asked.before(),
            "lines": [_shown(request, question, one, names) for one in lines],
            "is_value": figure == "value",
            **export_urls(request, may),
        }
    status = 422 if form.errors else 200
    return pages.render(request, "outreach/leaders.html", context, status=status)


def _lines(question: Question) -> tuple[list[Line], Line | None]:
    asked = question.asked
    shown, rest = ranking(
        _deeds(question, asked),
        _deeds(question, asked.before()),
        question.figure,
        days=asked.days,
        last=[NOBODY],
    )
    return ([*shown, rest] if rest else shown), rest


def _deeds(question: Question, asked: Asked) -> dict[str, Deeds]:
    zone, now = question.zone, question.now
    kind, _, key = question.among.partition("-")
    chosen = members_of(kind, key, zone=zone, now=now) if key else None
    if question.of == "product":
        return deeds_of_products(asked, chosen)
    deeds = deeds_of_creators(asked)
    if question.of in GROUPS_OF_CREATORS:
        return by_group(deeds, groups_of(question.of, zone=zone, now=now))
    if chosen is None:
        return deeds
    return {key: one for key, one in deeds.items() if key and int(key) in chosen}


def _names(question: Question, lines: list[Line], rest: Line | None) -> dict[int, str]:
    """The name of each line by its identity: two of them may have no key."""
    known = names_of(question.of, [one.key for one in lines])
    found = {id(one): known.get(one.key, one.key) for one in lines}
    for one in lines:
        if one.key == NOBODY:
            found[id(one)] = "All others" if one is rest else RESTS.get(question.of, "Nobody")
    return found


def _shown(
    request: ClientRequest, question: Question, line: Line, names: dict[int, str]
) -> dict[str, Any]:
    moved = (line.place_before - line.place) if line.place and line.place_before else None
    return {
        "name": names[id(line)],
        "href": _href(request, question, line),
        "place": line.place,
        "moved": moved,
        "is_new": line.place is not None and line.place_before is None,
        "now": _written(question, line.now),
        "before": _written(question, line.before),
        "change": line.change,
        "samples": line.deeds.samples,
        "cm3": formats.money(line.deeds.cm3, question.asked.shop.currency),
    }


def _written(question: Question, value: Any) -> str:
    if value is None:
        return "—"
    if SHOWN_FIGURES[question.figure][1] == "money":
        return formats.money(value, question.asked.shop.currency)
    return formats.integer(value)


def _href(request: ClientRequest, question: Question, line: Line) -> str:
    pages_of = {"creator": "creators:creator", "outreach": "outreach:outreach"}
    if line.key == NOBODY or question.of not in pages_of:
        return ""
    where = {"client": request.client.slug, "pk": int(line.key)}
    return reverse(pages_of[question.of], kwargs=where)


def _header(question: Question) -> list[str]:
    label, kind = SHOWN_FIGURES[question.figure]
    head = ["Place", RANKED[question.of], label, "Period before", "Change", "Place before"]
    return [*head, "Currency"] if kind == "money" else head


def _sheet(question: Question, lines: list[Line], names: dict[int, str]) -> Iterator[list[Any]]:
    """The lines of the page, in its order."""
    money = SHOWN_FIGURES[question.figure][1] == "money"
    for one in lines:
        change = round(one.change, 4) if one.change is not None else None
        row = [one.place, names[id(one)], one.now, one.before, change, one.place_before]
        yield [*row, question.asked.shop.currency] if money else row
