"""The one registry of events: which there are, and what is told about each."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder

from sparkops.alerts.models import Alert
from sparkops.audit.models import Event
from sparkops.hooks.models import Fact

TEST = "webhook.test"
RAISED = "alert.raised"
RESOLVED = "alert.resolved"


@dataclass(frozen=True)
class Group:
    """Events that are chosen together: the first words of their types."""

    key: str
    label: str
    nouns: tuple[str, ...]


# An event's type is the verb of its entry in the log, such as `authorization.redeemed`; the word
# before the first dot is its noun. A noun that is in no group is in the last one, so that nothing
# is ever left untold.
OTHER = "other"
GROUPS = (
    Group("authorizations", "Authorizations, codes and cases",
          ("authorization", "redemption", "case", "creator_link")),
    Group("creators", "Creators and applications",
          ("creator", "creators", "contact", "application", "application_page", "market")),
    Group("samples", "Samples", ("sample", "samples")),
    Group("collaborations", "Collaborations", ("collaboration", "collaborations")),
    Group("posts", "Posts", ("post", "posts")),
    Group("outreach", "Outreach and renewal requests",
          ("outreach", "segment", "thread", "quota", "collision", "exclusivity",
           "renewal_cadence", "renewal_message", "renewal_run")),
    Group("ads", "Ads, launches and plans",
          ("ad", "launch", "plan", "part", "gmv_max", "comment", "evidence", "triage")),
    Group("guards", "Guards and caps", ("guard", "spend_cap")),
    Group("terms", "Usage terms", ("terms", "terms_template")),
    Group("money", "Costs, fees and closed months",
          ("unit_cost", "fx_rate", "fee", "fee_rule", "creator_fee", "custom_cost", "month",
           "upload")),
    Group("work", "Tasks, imports, reports and saved views", ("task", "import", "report", "view")),
    Group("connections", "Connections to TikTok", ("connection",)),
    Group("alerts", "Alerts: raised and ended", ("alert",)),
    Group(OTHER, "Everything else", ("webhook",)),
)  # fmt: skip
LABELS = {one.key: one.label for one in GROUPS}
_GROUP_OF = {noun: one.key for one in GROUPS for noun in one.nouns}


@dataclass(frozen=True)
class Told:
    """One event as endpoints get it."""

    message_id: str
    event: str
    happened_at: datetime
    body: str


def group_of(event: str) -> str:
    """The group that an event's type belongs to."""
    return _GROUP_OF.get(event.partition(".")[0], OTHER)


def wants(groups: Sequence[str], event: str) -> bool:
    """Whether an endpoint that chose `groups` is told of an event."""
    return not groups or group_of(event) in groups


def of_entry(entry: Event, client: str) -> Told:
    """An entry of the log. It holds labels and ids, never secrets or contact data."""
    data = {
        "subject": {"type": entry.subject_type, "id": entry.subject_id, "label": entry.label},
        "actor": entry.actor,
        "reason": entry.reason,
        "details": entry.data,
    }
    return told(entry.verb, entry.at, client, data, _id(entry.client_id, Fact.Source.AUDIT, entry))


def of_alert(alert: Alert, source: str, client: str) -> Told:
    """An alert that was raised or ended; `at_risk` is money per day."""
    at_risk = None
    if alert.at_risk is not None and alert.currency:
        at_risk = {"amount": str(alert.at_risk), "currency": alert.currency}
    data = {
        "alert": {
            "id": alert.pk,
            "kind": alert.kind,
            "severity": alert.severity,
            "title": alert.title,
            "body": alert.body,
            "url": settings.SITE_URL + alert.path,
            "at_risk": at_risk,
            "raised_at": alert.raised_at,
            "resolved_at": alert.resolved_at,
        }
    }
    name = _id(alert.client_id, source, alert)
    if source == Fact.Source.RAISED:
        return told(RAISED, alert.raised_at, client, data, name)
    return told(RESOLVED, alert.resolved_at or alert.raised_at, client, data, name)


def told(event: str, at: datetime, client: str, data: dict[str, Any], message_id: str) -> Told:
    """The event with its body: compact JSON with `type`, `timestamp` and `data`."""
    content = {"type": event, "timestamp": at, "data": {"client": client, **data}}
    body = json.dumps(content, cls=DjangoJSONEncoder, separators=(",", ":"), ensure_ascii=False)
    return Told(message_id, event, at, body)


def message_id(*words: object) -> str:
    """The same id for the same words, on whichever worker."""
    name = ":".join(["sparkops", *map(str, words)])
    return f"msg_{uuid5(NAMESPACE_URL, name).hex}"


def _id(client_id: int, source: str, row: Event | Alert) -> str:
    return message_id(client_id, source, row.pk)
