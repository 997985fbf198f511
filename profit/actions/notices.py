"""Telling people what nobody listed yet and what cannot be booked. Once per name."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from profit.models import Statement
from profit.rules.statement_fields import KNOWN_ROWS
from sparkops.alerts.actions import raise_alert
from sparkops.alerts.models import Alert
from sparkops.catalog.models import Shop
from sparkops.isolation.scope import current_client_id
from sparkops.tenants.models import Client
from sparkops.tenants.permissions import Permission

UNBOOKABLE = "unbookable"
UNLISTED = "unlisted_fee"
NEW_TYPE = "new_transaction_type"


def tell_unbookable(shop: Shop, subject: str, sentence: str, *, now: datetime) -> None:
    """Alert that a subject's facts contradict each other; it is booked again when they change."""
    raise_alert(
        UNBOOKABLE,
        f"{UNBOOKABLE}:{subject}"[:160],
        subject=shop,
        severity=Alert.Severity.WARNING,
        title=f"{subject.replace('/', ' ')} could not be booked",
        body=f"{sentence} Nothing of it changed in the ledger; it is tried again when TikTok"
        " sends it anew.",
        path=_path("profit:overview"),
        action_label="Open profit",
        now=now,
        told=Permission.COST_EDIT,
    )


def tell_unlisted(
    statement: Statement, rows: Sequence[Mapping[str, Any]], *, now: datetime
) -> None:
    """Alert once per combination of unknown fields that made a section differ from its total."""
    found = {
        (total, tuple(part["fields"])) for row in rows for total, part in row["unlisted"].items()
    }
    for total, names in sorted(found):
        what = ", ".join(names) or "no field that explains it"
        raise_alert(
            UNLISTED,
            f"{UNLISTED}:{total}:{what}"[:160],
            subject=statement,
            severity=Alert.Severity.WARNING,
            title=f"A statement charges something new ({total.replace('_', ' and ')})",
            body=(
                f"Statement {statement.statement_id} holds an amount beyond the fees we know"
                f" ({what}). It is booked as other platform fee; look whether that is right."
            ),
            path=_path("profit:statements"),
            action_label="Open statements",
            now=now,
            told=Permission.COST_EDIT,
        )


def tell_unknown_types(statement: Statement, types: Iterable[str], *, now: datetime) -> None:
    """Alert once per transaction type that was never seen before."""
    for kind in sorted(set(types) - KNOWN_ROWS):
        raise_alert(
            NEW_TYPE,
            f"{NEW_TYPE}:{kind}"[:160],
            subject=statement,
            severity=Alert.Severity.INFO,
            title=f"A new kind of statement row: {kind}",
            body=(
                f"Statement {statement.statement_id} has a row of type {kind}, which we do not know"
                " yet. It is booked as an adjustment."
            ),
            path=_path("profit:statements"),
            action_label="Open statements",
            now=now,
            told=Permission.COST_EDIT,
        )


def _path(name: str) -> str:
    client = Client.objects.get(pk=current_client_id())
    return reverse(name, kwargs={"client": client.slug})
