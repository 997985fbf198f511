"""Looking for what an earlier attempt may have created, and reading back what was."""

from collections.abc import Iterable, Mapping
from typing import Any

from sparkops.tiktok import errors


def id_of_named(pages: Iterable[Any], field: str, name: str, id_field: str) -> str:
    """TikTok's id of the row with that name, "" for none.

    Raises Server, to be tried again, when TikTok lists fewer rows than it says there are: the row
    may be among those it left out, and it must not be created twice.
    """
    seen = announced = 0
    for page in pages:
        info = page.raw.get("page_info")
        total = info.get("total_number") if isinstance(info, Mapping) else None
        announced = max(announced, int(total or 0))
        for row in page.items:
            seen += 1
            if getattr(row, field) == name:
                return str(getattr(row, id_field))
    if seen < announced:
        raise errors.Server(api="ads", sentence="{api} did not list everything that is there.")
    return ""


def read_back(pages: Iterable[Any], ids: Mapping[str, str]) -> Any:
    """The row of just these ids. Raises Server, to be tried again, while TikTok does not list it,
    or lists what was asked for before."""
    for page in pages:
        for row in page.items:
            if all(getattr(row, key, made) in ("", made) for key, made in ids.items()):
                return row
    raise errors.Server(api="ads", sentence="{api} does not list what was just created yet.")


def not_off(error: errors.TikTokError) -> errors.TikTokError:
    """What TikTok said to a switch off, as something to be tried again: money may be spent."""
    return errors.Server(api="ads", sentence=error.sentence, message=error.message)
