"""Writes that may be sent again: the same `Idempotency-Key` gets the same answer."""

import hashlib
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta

from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from sparkops.api.call import Call
from sparkops.api.models import StoredReply
from sparkops.api.problems import FieldError, Problem

HEADER = "Idempotency-Key"
KEPT = timedelta(days=7)
_NAME = re.compile(r"[\x21-\x7e]{1,128}")


def fingerprint(method: str, path: str, body: bytes) -> str:
    """What two requests have in common that ask for the same."""
    return hashlib.sha256(b"\n".join([method.encode(), path.encode(), body])).hexdigest()


def once(call: Call, name: str, print_: str, act: Callable[[], Response]) -> Response:
    """The answer of `act`, or the one that was given when `name` was first used.

    Runs in the scope's transaction. Of two requests at the same moment the second waits for the
    first. Only what succeeded is kept: a refused write may be sent again under the same name.
    Raises Problem when the name was used for something else.
    """
    if not _NAME.fullmatch(name):
        detail = "Use 1 to 128 visible ASCII characters, such as a UUID."
        errors = [FieldError(HEADER, "bad_idempotency_key", detail)]
        raise Problem(400, "bad_idempotency_key", detail, errors=errors)
    reply, is_new = StoredReply.objects.get_or_create(
        key_id=call.key.pk,
        name=name,
        defaults={"fingerprint": print_, "created_at": call.now},
    )
    if is_new:
        return _kept(reply, act())
    if reply.fingerprint != print_:
        raise Problem(
            422,
            "idempotency_key_reused",
            "This Idempotency-Key was used for another request. Use a new one for each write.",
        )
    headers = {"Idempotent-Replayed": "true"}
    return Response(json.loads(reply.body), status=reply.status, headers=headers)


def forget_old(*, now: datetime) -> int:
    """Delete answers past their time in the open scope; returns how many."""
    count, _ = StoredReply.objects.filter(created_at__lt=now - KEPT).delete()
    return count


def _kept(reply: StoredReply, response: Response) -> Response:
    reply.status = response.status_code
    reply.body = JSONRenderer().render(response.data).decode()
    reply.save(update_fields=["status", "body"])
    return response
