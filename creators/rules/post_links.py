"""Which post a link, an id or a text full of links means."""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from creators.rules.handles import normalised
from sparkops.pasted import trimmed, visible
from sparkops.reasons import Reason

_ID = re.compile(r"\d{18,20}", re.ASCII)
_SHORT_HOSTS = ("vm.tiktok.com", "vt.tiktok.com")
_SHORT_KEY = re.compile(r"[A-Za-z0-9_-]{4,}", re.ASCII)
_POST_PATH = re.compile(r"^/@(?P<handle>[^/]*)/(?P<kind>video|photo)/(?P<id>\d+)", re.ASCII)
_OTHER_PATHS = re.compile(
    r"^/(?:v|video|embed|embed/v\d|player/v1|share/video|share/item|i18n/share/video)"
    r"/(?P<id>\d+)(?:\.html)?/?$",
    re.ASCII,
)
_ID_QUERY = ("item_id", "share_item_id", "aweme_id", "video_id")
_EXPONENT = re.compile(r"^\d(?:[.,]\d+)?E\+?1[78]$", re.IGNORECASE | re.ASCII)
# No look-alikes: not "eviltiktok.com", "tiktok.com.evil.example" or another site's path.
_ADDRESS = re.compile(
    r"(?<![\w.\-/])(?:https?://)?(?:[a-z0-9-]+\.)*tiktok\.com(?![\w-]|\.\w)"
    r"(?:/[^\s\"'<>|,;“”]*)?",
    re.IGNORECASE,
)
_LOOSE = re.compile(
    rf"(?P<url>{_ADDRESS.pattern})|(?<![\w/=.+])(?P<id>\d{{18,20}})(?![\w/=+])",
    re.IGNORECASE | re.ASCII,
)
LONGEST_TEXT = 2_000
_WRAPPING = " \t\n\"'`“”‘’<>()[]*,;"


@dataclass(frozen=True, slots=True)
class PostLink:
    """A post by its id. `handle` and `kind` ("video", "photo") are "" when the form hides them."""

    item_id: str
    handle: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class ShortLink:
    """A link that only TikTok can resolve to a post. `url` is complete and without parameters."""

    url: str


@dataclass(frozen=True, slots=True)
class Found:
    """One link in a text: where it stands (line counted from 1) and what it means."""

    text: str
    line: int
    link: PostLink | ShortLink | Reason


def read_link(text: str) -> PostLink | ShortLink | Reason:
    """The post that one cell means: any TikTok link form, or a bare id of 18 to 20 digits."""
    shown = trimmed(text)
    plain = shown.strip(_WRAPPING)
    if not plain:
        return Reason("link_missing", "There is no post link. Copy it from the post's share menu.")
    if len(plain) > LONGEST_TEXT:
        return Reason("link_is_text", f"“{shown[:40]}…” is a text. Enter only the link.")
    if _ID.fullmatch(plain):
        return PostLink(plain)
    if _EXPONENT.match(plain):
        return Reason(
            "id_rounded",
            f"“{shown}” is a post id that a spreadsheet rounded, so its last digits are lost. "
            "Paste the post link instead, or format the column as text first.",
        )
    if plain.isdigit():
        return Reason(
            "id_length",
            f"“{shown}” has {len(plain)} digits; post ids have 18 to 20. Copy it again.",
        )
    links = _ADDRESS.findall(plain)
    if len(links) > 1:
        return Reason("links_many", f"There are {len(links)} links in one cell. Give each its row.")
    return _from_url(links[0] if links else plain, shown)


def find_links(text: str, *, first_line: int = 1) -> tuple[Found, ...]:
    """Every TikTok link and bare post id in a text, each post once, with its source line."""
    found: list[Found] = []
    seen: set[PostLink | ShortLink | Reason] = set()
    plain = visible(text)
    line, counted = first_line, 0
    for match in _LOOSE.finditer(plain):
        link = read_link(match[0].rstrip(".!?)"))
        key = PostLink(link.item_id) if isinstance(link, PostLink) else link
        if key not in seen:
            seen.add(key)
            line, counted = line + plain.count("\n", counted, match.start()), match.start()
            found.append(Found(match[0], line, link))
    return tuple(found)


def _from_url(text: str, shown: str) -> PostLink | ShortLink | Reason:
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host = (parts.hostname or "").lower()
    except ValueError:
        return _not_a_link(shown)
    if "." not in host or " " in host:
        return _not_a_link(shown)
    if host != "tiktok.com" and not host.endswith(".tiktok.com"):
        return Reason("other_site", f"“{shown}” is not on tiktok.com. Copy the link from TikTok.")
    return _short(parts, host) or _post(parts) or _no_post(parts, host, shown)


def _short(parts: SplitResult, host: str) -> ShortLink | None:
    path = parts.path.strip("/")
    if host in _SHORT_HOSTS and _SHORT_KEY.fullmatch(path):
        return ShortLink(f"https://{host}/{path}/")
    if path.startswith("t/") and _SHORT_KEY.fullmatch(path[2:]):
        return ShortLink(f"https://www.tiktok.com/{path}/")
    return None


def _post(parts: SplitResult) -> PostLink | Reason | None:
    path = unquote(parts.path)
    match = _POST_PATH.match(path)
    if match:
        return _identified(match["id"], match["handle"], match["kind"])
    match = _OTHER_PATHS.match(path)
    if match:
        return _identified(match["id"])
    query = parse_qs(parts.query)
    for name in _ID_QUERY:
        for value in query.get(name, ()):
            if _ID.fullmatch(value):
                return PostLink(value)
    return None


def _identified(item_id: str, handle: str = "", kind: str = "") -> PostLink | Reason:
    if not _ID.fullmatch(item_id):
        return Reason(
            "id_length",
            f"The id in the link, {item_id}, has {len(item_id)} digits; post ids have 18 to 20. "
            "The link was probably cut off: copy it again.",
        )
    known = normalised(handle) if handle else ""
    return PostLink(item_id, known if isinstance(known, str) else "", kind)


def _no_post(parts: SplitResult, host: str, shown: str) -> Reason:
    if host.startswith("shop.") or "/product/" in parts.path:
        return Reason("link_is_product", f"“{shown}” is a product page. Copy the post's link.")
    if parts.path.rstrip("/").endswith("/live"):
        return Reason("link_is_live", f"“{shown}” is a LIVE, which has no post to promote.")
    if parts.path.startswith("/@"):
        return Reason(
            "link_is_profile", f"“{shown}” is a profile. Open the post there and copy its link."
        )
    return Reason("link_without_post", f"“{shown}” leads to no post. Copy the post's own link.")


def _not_a_link(shown: str) -> Reason:
    return Reason(
        "not_a_link", f"“{shown}” is not a post link. Copy it from the post's share menu."
    )
