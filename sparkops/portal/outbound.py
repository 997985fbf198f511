"""Mail to creators who applied: what was decided, in the language they applied in."""

from collections.abc import Mapping
from datetime import datetime

from authorizations.rules.wording import sentences
from creators.actions.applications import tell
from creators.models import Application
from creators.queries.applications import untold
from sparkops.audit.record import SYSTEM
from sparkops.isolation.scope import client_scope
from sparkops.outbox.letters import mail
from sparkops.outbox.models import Command
from sparkops.outbox.queue import Handler, Outcome, put
from sparkops.tenants.models import Client

DECIDED = "portal.applicant"


def put_decisions(*, now: datetime) -> int:
    """Put a mail on its way for every decision that is to be told; returns how many. One decision
    has one key, so that none is told twice."""
    rows = list(untold(now))
    for row in rows:
        moment = row.decided_at.isoformat() if row.decided_at else ""
        payload = {"application": row.pk, "state": row.state, "decided_at": moment}
        put(DECIDED, f"{DECIDED}:{row.pk}:{moment}", payload, by=SYSTEM, now=now)
        tell(row, now=now)
    return len(rows)


def write_decision(client_id: int, command: Command, now: datetime) -> Outcome:
    """Write to the applicant, unless the decision was taken back. Every attempt carries the same
    id."""
    with client_scope(client_id):
        row = Application.objects.get(pk=command.payload["application"])
        decided = row.decided_at.isoformat() if row.decided_at else ""
        if (row.state, decided) != (command.payload["state"], command.payload["decided_at"]):
            return Outcome({"result": "taken back"})
        words, client = sentences(row.language), Client.objects.get(pk=client_id)
    subject = words.say(f"apply_{row.state}_subject", client=client.shown_name)
    text = words.say(f"apply_{row.state}_text", client=client.shown_name, handle=row.handle)
    message_id = f"<applicant-{client_id}-{command.pk}@sparkops>"
    mail(row.email, subject, text, reply_to="", message_id=message_id)
    return Outcome({"result": "sent"})


HANDLERS: Mapping[str, Handler] = {DECIDED: write_decision}
