"""What changed about a row, in words."""

from collections.abc import Iterable
from typing import Any

from creators.models import Post
from creators.rules.words import deed
from sparkops.audit.models import Event


def changes(edits: Iterable[Event]) -> list[dict[str, Any]]:
    """What changed about a post, a sample or a plan, newest first."""
    return [{"text": _change(event), "actor": event.actor, "at": event.at} for event in edits]


def _change(event: Event) -> str:
    if event.verb == "post.availability_changed":
        words = dict(Post.Availability.choices)
        before, after = (event.data.get(name, "") for name in ("before", "after"))
        return f"Was “{words.get(before, before)}”, now “{words.get(after, after)}”"
    return deed(event.verb)
