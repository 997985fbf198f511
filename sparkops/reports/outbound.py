"""Sending reports by mail."""

from datetime import datetime

from django.template.loader import render_to_string

from sparkops.isolation.scope import client_scope
from sparkops.outbox.letters import mail
from sparkops.outbox.models import Command
from sparkops.outbox.queue import Handler, Outcome
from sparkops.reports.actions import MAIL, address_of_link
from sparkops.reports.models import Link
from sparkops.tenants.models import Client


def send(client_id: int, command: Command, now: datetime) -> Outcome:
    """Mail a link, unless it was withdrawn meanwhile. Raises TikTokError about the mail server."""
    client = Client.objects.get(pk=client_id)
    with client_scope(client_id):
        link = Link.objects.select_related("report").get(pk=command.payload["link"])
    if link.revoked_at is not None:
        return Outcome({"left_out": "withdrawn"})
    context = {"client": client, "link": link, "address": address_of_link(link)}
    mail(
        link.recipient,
        f"{client.shown_name}: {link.report}",
        render_to_string("emails/reports/report.txt", context),
        reply_to="",
        message_id=f"<report-{client_id}-{link.pk}@sparkops>",
    )
    return Outcome()


HANDLERS: dict[str, Handler] = {MAIL: send}
