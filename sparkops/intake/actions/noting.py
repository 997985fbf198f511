"""Writing down what rows do or did, many at once."""

import json
from collections.abc import Iterable
from dataclasses import asdict

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from sparkops.intake.models import ImportRow
from sparkops.intake.queries import place_of
from sparkops.intake.rules.deciding import Decision

# One statement for any number of rows: an import has thousands, and an UPDATE built row by row
# costs ten times as much.
_SAVE = """
UPDATE intake_importrow AS kept
SET result = fresh.result, reason = fresh.reason, remarks = fresh.remarks, place = fresh.place,
    repeats = fresh.repeats, done_at = fresh.done_at
FROM jsonb_to_recordset(%s::jsonb) AS fresh(
    id bigint, result text, reason text, remarks jsonb, place bigint, repeats integer,
    done_at timestamptz)
WHERE kept.id = fresh.id
"""


def note(row: ImportRow, decision: Decision) -> None:
    """Set on a row what it does or did; `save_notes` writes it."""
    row.result, row.reason = decision.result, decision.reason
    row.remarks = [asdict(remark) for remark in decision.remarks]
    problems = any(not remark.info for remark in decision.remarks)
    row.place = place_of(decision.result, problems=problems, number=row.number)


def save_notes(rows: Iterable[ImportRow]) -> None:
    """Write what was noted on the rows, in the open scope."""
    fresh = [
        {
            "id": row.pk,
            "result": row.result,
            "reason": row.reason,
            "remarks": row.remarks,
            "place": row.place,
            "repeats": row.repeats,
            "done_at": row.done_at,
        }
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.execute(_SAVE, [json.dumps(fresh, cls=DjangoJSONEncoder)])
