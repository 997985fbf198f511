"""Outreach with its counts, its recipients, and the text as a creator reads it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from creators.models import Creator
from sparkops.isolation.scope import current_client_id
from sparkops.outreach.models import Outreach, Recipient, Step
from sparkops.outreach.queries.segments import members
from sparkops.outreach.rules.offers import TARGET
from sparkops.outreach.rules.texts import OF_CREATOR, unresolved, why_unresolved
from sparkops.renewals.rules.messages import filled
from sparkops.tenants.models import Client
from sparkops.web import formats

SAMPLES = 3


@dataclass(frozen=True)
class Written:
    """A message as one creator would read it."""

    creator: Creator
    subject: str
    text: str


def outreaches() -> QuerySet[Outreach]:
    """Every outreach with its four counts."""
    states = {
        f"{state}_count": Count("recipients", filter=Q(recipients__state=state))
        for state in Recipient.State.values
    }
    return Outreach.objects.select_related("segment").annotate(**states)


def counts_of(outreach: Outreach) -> dict[str, int]:
    """Recipients per state, read in one statement: they add up to `total` at every look (AB1)."""
    rows = Recipient.objects.filter(outreach=outreach).values_list("state")
    found = {str(state): count for state, count in rows.annotate(rows=Count("id")).order_by()}
    return dict.fromkeys(Recipient.State.values, 0) | found


def recipients_of(outreach: Outreach, state: str) -> QuerySet[Recipient]:
    """Recipients of one state, or all."""
    rows = Recipient.objects.filter(outreach=outreach).select_related("creator")
    return rows.filter(state=state) if state in Recipient.State.values else rows


def values_of_offer(outreach: Outreach, titles: list[str]) -> dict[str, str]:
    """Values of the variables that are the same for every creator; empty while not chosen."""
    return {
        "brand": Client.objects.get(pk=current_client_id()).name,
        "product": ", ".join(titles),
        "rate": formats.percent(outreach.rate) if outreach.rate is not None else "",
        "ends_on": _day(outreach.ends_on),
    }


def values_of_creator(creator: Creator) -> dict[str, str]:
    """Values of the variables that differ by creator."""
    followers = creator.follower_count
    return {
        "creator": creator.display_name or f"@{creator.shown_handle}",
        "handle": f"@{creator.shown_handle}",
        "followers": formats.integer(followers) if followers is not None else "",
    }


def why_text_not_ready(outreach: Outreach, titles: list[str]) -> str:
    """ "" when every variable of the texts will be filled in, whoever the creator is (AB4)."""
    values, to_many = values_of_offer(outreach, titles), outreach.channel == TARGET
    if not to_many:
        values |= dict.fromkeys(OF_CREATOR, "some")
    missing = unresolved(f"{outreach.subject}\n{outreach.body}", values)
    if missing:
        return why_unresolved(missing, to_many=to_many)
    # Follow-ups are messages to one creator each, whatever the first one was.
    values |= dict.fromkeys(OF_CREATOR, "some")
    steps = Step.objects.filter(outreach=outreach).order_by("number")
    return why_unresolved(unresolved("\n".join(one.body for one in steps), values))


def written(
    outreach: Outreach, creator: Creator, offer: dict[str, str], body: str = ""
) -> Written | None:
    """The message to one creator, or the follow-up `body`; None when a variable has no value for
    this one."""
    values, body = offer | values_of_creator(creator), body or outreach.body
    if unresolved(f"{outreach.subject}\n{body}", values):
        return None
    return Written(creator, filled(outreach.subject, values), filled(body, values))


def titles_of(outreach: Outreach) -> list[str]:
    """The titles of the products it is about."""
    return list(outreach.products.order_by("title", "pk").values_list("title", flat=True))


def previews(outreach: Outreach, titles: list[str], *, zone: str, now: datetime) -> list[Written]:
    """The message for the first three of the segment, who sell most (AB4)."""
    rows = members(outreach.segment, zone=zone, now=now).order_by("-gmv_30d", "-pk")
    offer = values_of_offer(outreach, titles)
    found = (written(outreach, creator, offer) for creator in rows[: SAMPLES * 4])
    return [one for one in found if one][:SAMPLES]


def _day(value: date | None) -> str:
    return f"{value.day} {value:%B %Y}" if value else ""
