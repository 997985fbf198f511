"""What a person records of Content Suite: which posts or creators the text names (TA9).

Source: domain 2.11. TikTok One lists what was granted there by method; no call of the contracts
returns that list, so people bring it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from creators.rules.handles import normalised
from creators.rules.post_links import PostLink, find_links
from sparkops.reasons import Reason

LONGEST_LIST = 500
NO_LINK = Reason("no_link", "There is no TikTok post link in this line.")
SHORT = Reason("short_link", "Open this short link, then copy the long one from the address bar.")


class Method(StrEnum):
    """How Content Suite says that a permission was granted."""

    VIDEO_REQUEST = "video_request"
    ACCOUNT = "account"
    OFF_PLATFORM = "off_platform"


@dataclass(frozen=True, slots=True)
class Named:
    """A line and what it names: a post (with its handle, if the link tells), or a creator."""

    line: int
    item_id: str = ""
    handle: str = ""
    problem: Reason | None = None


def named_in(text: str, method: Method) -> tuple[Named, ...]:
    """What each filled line names: creators for the account method, posts for the others."""
    lines = [(at, line) for at, line in enumerate(text.splitlines(), 1) if line.strip()]
    read = _creator if method is Method.ACCOUNT else _posts
    return tuple(found for at, line in lines for found in read(at, line))


def _creator(at: int, line: str) -> Sequence[Named]:
    handle = normalised(line)
    if isinstance(handle, Reason):
        return [Named(at, problem=handle)]
    return [Named(at, handle=handle)]


def _posts(at: int, line: str) -> Sequence[Named]:
    links = [one.link for one in find_links(line)]
    return [_post(at, link) for link in links] or [Named(at, problem=NO_LINK)]


def _post(at: int, link: object) -> Named:
    if isinstance(link, PostLink):
        return Named(at, item_id=link.item_id, handle=link.handle)
    return Named(at, problem=link if isinstance(link, Reason) else SHORT)
