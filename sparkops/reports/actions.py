"""Making reports, sending and opening them."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from sparkops.audit.record import SYSTEM, Actor, record
from sparkops.clock import shop_day, shop_zone
from sparkops.errors import Refusal
from sparkops.isolation.scope import current_client_id
from sparkops.outbox.queue import put
from sparkops.reports.content import gather
from sparkops.reports.models import Link, Part, Report, Wanted
from sparkops.reports.periods import last_period
from sparkops.tenants.models import Client

SALT = "report-link"
LIFE = timedelta(days=90)
MAIL = "report.mail"
EARLIEST = 6
"""The hour of the client's zone from which a report is made, when the day before has come in."""
NO_LINK = "This link is not valid or has run out. Ask for a new one."


def wanted_of_client() -> Wanted:
    """What the open client wants; without a choice nothing leaves by itself."""
    found = Wanted.objects.first()
    return found or Wanted(parts=[Part.CREATORS.value, Part.SPEND.value], recipients=[])


def choose(
    every: str, parts: Sequence[str], recipients: Sequence[str], *, by: Actor, now: datetime
) -> Wanted:
    """Keep how often, what and to whom. Raises Refusal for a schedule that nobody would get."""
    if every and not recipients:
        raise Refusal("nobody", "Write at least one address that gets it.", field="recipients")
    values = {"every": every, "parts": list(parts), "recipients": list(recipients)}
    kept, _ = Wanted.objects.update_or_create(
        client_id=current_client_id(), defaults={**values, "changed_at": now}
    )
    record("report.chosen", kept, by=by, now=now, data=values)
    return kept


def make_report(
    client: Client, every: str, first: date, last: date, *, by: Actor, now: datetime
) -> Report:
    """The report of a period, made now; an earlier one of the same days is replaced."""
    parts = wanted_of_client().parts
    values = {
        "last": last,
        "parts": parts,
        "content": gather(client, first, last, parts, now=now),
        "made_at": now,
        "made_by": by.label,
    }
    report, _ = Report.objects.update_or_create(
        client_id=client.pk, every=every, first=first, defaults=values
    )
    record("report.made", report, by=by, now=now, data={"parts": parts})
    return report


def send_report(report: Report, recipients: Sequence[str], *, by: Actor, now: datetime) -> None:
    """Mail a link of its own to each address, once; a link that was withdrawn stays so."""
    for address in recipients:
        link = give_link(report, address, by=by, now=now)
        if link.revoked_at is None:
            put(MAIL, f"{MAIL}:{link.pk}", {"link": link.pk}, by=by, now=now)


def give_link(report: Report, recipient: str, *, by: Actor, now: datetime) -> Link:
    """The link of a person to a report; there is one."""
    link, is_new = Link.objects.get_or_create(
        report=report,
        recipient=recipient,
        defaults={"created_at": now, "created_by": by.label, "expires_at": now + LIFE},
    )
    if is_new:
        record("report.link_made", report, by=by, now=now, data={"recipient": recipient})
    return link


def revoke_link(link: Link, *, by: Actor, now: datetime) -> None:
    """Make a link worthless at once."""
    link.revoked_at = now
    link.save(update_fields=["revoked_at"])
    record("report.link_revoked", link.report, by=by, now=now, data={"recipient": link.recipient})


def address_of_link(link: Link) -> str:
    """The whole address that opens a link."""
    token = signing.Signer(salt=SALT).sign_object([link.client_id, link.pk])
    return settings.SITE_URL + reverse("report", kwargs={"token": token})


def client_of(token: str) -> int:
    """The client that a token was signed for. Raises Refusal for any other text."""
    return _read(token)[0]


def open_link(token: str, *, now: datetime) -> Link:
    """The link behind a token, in its client's scope. Raises Refusal when it is over."""
    link = Link.objects.select_related("report").filter(pk=_read(token)[1]).first()
    if link is None or link.revoked_at is not None or link.expires_at <= now:
        raise Refusal("no_link", NO_LINK)
    if link.opened_at is None:
        link.opened_at = now
        link.save(update_fields=["opened_at"])
    return link


def make_what_is_due(client: Client, *, now: datetime) -> Report | None:
    """The report of the period that ended, made and sent once; None when none is due."""
    wanted = wanted_of_client()
    if not wanted.every or now.astimezone(shop_zone(client.timezone)).hour < EARLIEST:
        return None
    first, last = last_period(wanted.every, shop_day(now, client.timezone))
    if last < shop_day(wanted.changed_at, client.timezone) - timedelta(days=1):
        return None  # it ended before somebody wanted it
    if Report.objects.filter(every=wanted.every, first=first).exists():
        return None
    report = make_report(client, wanted.every, first, last, by=SYSTEM, now=now)
    send_report(report, wanted.recipients, by=SYSTEM, now=now)
    return report


def _read(token: str) -> tuple[int, int]:
    try:
        client_id, link_id = signing.Signer(salt=SALT).unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        raise Refusal("no_link", NO_LINK) from None
    return int(client_id), int(link_id)
