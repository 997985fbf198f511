"""The message that a creator would get now about one permission."""

from datetime import datetime

from authorizations.models import Authorization
from sparkops.renewals.queries.asks import ending_of, last_written
from sparkops.renewals.queries.messages import (
    Written,
    cadence_of_client,
    language_for,
    previews,
    words_of,
)
from sparkops.renewals.rules.texts import Kind, kind_to_send

ASKED = ("requested", "submitted")


def next_message(row: Authorization, now: datetime) -> tuple[Kind, Written]:
    """Its kind and words, in the creator's language. `row` has its post, creator and the permission
    before it at hand."""
    ending, cadence = ending_of(row), cadence_of_client()
    is_open = Authorization.objects.filter(
        post=row.post_id, kind=Authorization.Kind.VIDEO_CODE, state__in=ASKED
    ).exists()
    asked_before = is_open and last_written(row) is not None
    kind = kind_to_send(has_end=ending.ends_at is not None, asked_before=asked_before)
    language = language_for(row.creator, cadence)
    words = words_of(kind, language)
    [(_, message)] = previews([ending], words, language=language, cadence=cadence, now=now)
    return kind, message
