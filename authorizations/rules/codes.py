"""Finds Spark codes in whatever a person pastes (N19).

Shape (marketing contract 5.1): "#" and base64-like characters, so "/", "+" and "=" occur; case
matters; 20 to 255 characters. A code is a secret: results are for sealing, never for logs.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from sparkops.pasted import visible
from sparkops.reasons import Reason

SHORTEST, LONGEST = 20, 255
SHORTEST_BARE = 38
"""Without its "#" a code must be this long to be told from other text."""
COMPLETE = 50
"""A code this long is taken for whole unless what follows closes it with "="."""

_LETTERS = "A-Za-z0-9+/"
_TOKEN = re.compile(rf"#?[{_LETTERS}]{{6,}}={{0,2}}|#[{_LETTERS}]+={{0,2}}")
_REST = re.compile(rf"(?:[ \t]?\n[ \t]?|[ \t])([{_LETTERS}]{{4,}}={{0,2}})(?![\w@:=])")
_MOST_FRAGMENTS = 8
_JOINED = "Put together again after a blank or line break."
# Each begins only where such a stretch begins, so that one long word is looked at once.
_LINK = re.compile(
    r"https?://[^\s#\"'<>|,;]+|(?<![\w.-])(?:[a-z0-9-]+\.)+(?:com|net|me|link)/[^\s#\"'<>|,;]*",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"(?<![^\s@<>])[^\s@<>]+@[^\s@<>]+\.[A-Za-z]{2,}")
_ESCAPED = re.compile(
    r"(?<![A-Za-z0-9+/=%])(?:(?:%23|&#0?35;)?[A-Za-z0-9+/=%]*%(?:2B|2F|3D)[A-Za-z0-9+/=%]*"
    r"|(?:%23|&#0?35;)[A-Za-z0-9+/=]+)",
    re.IGNORECASE,
)
_MASKED = re.compile(rf"#?[{_LETTERS}]{{0,}}(?:\.{{3}}|…|•+|\*{{3,}})[{_LETTERS}=]+")
_WIDE = str.maketrans("＃＋／＝", "#+/=")
_ENTITY = re.compile(r"&#0?35;")


@dataclass(frozen=True, slots=True)
class FoundCode:
    """One code in its normal form, "#" included. `line` counts from 1 in the source.

    `changes` are sentences about what was repaired; empty when it stood there as it is.
    """

    code: str
    line: int
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """Text that looks like a code and is none, or that a code cell holds beside codes."""

    text: str
    line: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class CodesRead:
    """Each code once, in the order found; `repeats` are later places of codes already found."""

    codes: tuple[FoundCode, ...] = ()
    repeats: tuple[FoundCode, ...] = ()
    rejected: tuple[Rejected, ...] = ()


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    start: int
    end: int
    changes: tuple[str, ...] = ()


def find_codes(text: str, *, first_line: int = 1) -> CodesRead:
    """Every code in free text: a chat thread, an e-mail, a column. Ordinary words, links,
    hashtags and e-mail addresses are passed over; what is nearly a code is listed."""
    plain = _prepared(text)
    codes: list[FoundCode] = []
    repeats: list[FoundCode] = []
    rejected: list[Rejected] = []
    seen: set[str] = set()
    line, counted = first_line, 0
    for piece in _pieces(plain):
        line, counted = line + plain.count("\n", counted, piece.start), piece.start
        judged = _judged(piece)
        if isinstance(judged, Reason):
            rejected.append(Rejected(piece.text, line, judged))
        elif judged is not None:
            found = FoundCode(judged, line, piece.changes + _hash_change(piece.text))
            (repeats if judged in seen else codes).append(found)
            seen.add(judged)
    return CodesRead(tuple(codes), tuple(repeats), tuple(rejected))


def read_code_cell(text: str, *, line: int = 1) -> CodesRead:
    """The codes of a cell that should hold nothing else. Every result carries `line`, and a filled
    cell without a code is listed with its reason."""
    found = find_codes(text)
    codes = tuple(FoundCode(one.code, line, one.changes) for one in found.codes)
    repeats = tuple(FoundCode(one.code, line, one.changes) for one in found.repeats)
    rejected = tuple(Rejected(one.text, line, one.reason) for one in found.rejected)
    shown = visible(text).strip()
    if shown and not codes and not rejected:
        rejected = (Rejected(shown, line, _no_code(shown)),)
    return CodesRead(codes, repeats, rejected)


def _prepared(text: str) -> str:
    """The text with escapes undone, and links and addresses blanked out at equal length."""
    plain = visible(text).translate(_WIDE)
    plain = _LINK.sub(lambda match: " " * len(match[0]), plain)
    plain = _EMAIL.sub(lambda match: " " * len(match[0]), plain)
    return _ESCAPED.sub(lambda match: unquote(_ENTITY.sub("#", match[0])), plain)


def _pieces(text: str) -> Iterator[_Piece]:
    """The stretches of code characters, cut ones put together again, masked ones whole."""
    at = 0
    while match := _TOKEN.search(text, at):
        masked = _MASKED.match(text, match.start())
        if masked and masked.end() > match.end():
            yield _Piece(masked[0], masked.start(), masked.end())
            at = masked.end()
            continue
        piece = _joined(text, _Piece(match[0], match.start(), match.end()))
        yield piece
        at = piece.end


def _joined(text: str, piece: _Piece) -> _Piece:
    """The piece with what followed it after single blanks or line breaks, when that is its
    torn-off rest: everything up to a closing "=", or stretches that look just as random."""
    if not piece.text.startswith("#") or piece.text.endswith("=") or not _is_mixed(piece.text):
        return piece
    joined = piece
    for rest in _fragments(text, piece.end):
        whole = text[piece.start : rest.end(1)]
        joined_text = re.sub(r"\s", "", whole)
        is_random = len(joined.text) < COMPLETE and len(rest[1]) >= 8 and _is_mixed(rest[1])
        if rest[1].endswith("=") or (is_random and joined.end == rest.start()):
            joined = _Piece(joined_text, piece.start, rest.end(1), (_JOINED,))
    return joined if len(joined.text) <= LONGEST else piece


def _fragments(text: str, at: int) -> Iterator[re.Match[str]]:
    """Stretches that follow, each one blank or line break apart and no code by itself, up to the
    first that ends with "="."""
    for _ in range(_MOST_FRAGMENTS):
        rest = _REST.match(text, at)
        if rest is None or len(rest[1]) >= SHORTEST_BARE:
            return
        yield rest
        if rest[1].endswith("="):
            return
        at = rest.end(1)


def _judged(piece: _Piece) -> str | Reason | None:
    """The code, why it is none, or None for ordinary text."""
    text = piece.text
    if _MASKED.fullmatch(text) and not _TOKEN.fullmatch(text):
        return _masked_reason(text)
    body = text.lstrip("#").rstrip("=")
    if not text.startswith("#"):
        return _judged_bare(text, body)
    if _is_hashtag(body, text):
        return None
    if len(text) > LONGEST:
        return Reason("code_long", f"It has {len(text)} characters; codes have up to {LONGEST}.")
    if not _is_mixed(body):
        return _unmixed(text, body)
    if len(text) < SHORTEST:
        return Reason(
            "code_short",
            f"It has only {len(text)} characters, so part of it is missing. Copy the whole code.",
        )
    return text


def _judged_bare(text: str, body: str) -> str | Reason | None:
    if not _is_mixed(body) or body.count("/") > len(body) // 6:
        return None
    if SHORTEST_BARE <= len(text) < LONGEST:
        return f"#{text}"
    if len(text) >= LONGEST:
        return Reason("code_long", f"It has {len(text)} characters; codes have up to {LONGEST}.")
    if len(text) >= SHORTEST and (text.endswith("=") or "+" in body):
        return Reason(
            "code_unclear",
            "It has the signs of a code but no # and is short. Copy the whole code with its #.",
        )
    return None


def _is_hashtag(body: str, text: str) -> bool:
    """Hashtags are words: no signs of base64, and rarely both cases with digits between them."""
    if any(sign in text for sign in "+/="):
        return False
    digits_inside = re.search(r"[A-Za-z]\d+[A-Za-z]", body)
    return len(text) < SHORTEST or not (_is_mixed(body) and digits_inside and len(body) >= 32)


def _unmixed(text: str, body: str) -> Reason | None:
    if len(text) < SHORTEST:
        return None
    has_case_lost = body == body.lower() or body == body.upper()
    if has_case_lost and re.search(r"\d", body):
        return Reason(
            "code_case",
            "All its letters are of one case, so it was changed on the way: in a code, case "
            "matters. Copy it again.",
        )
    return Reason("code_shape", "It does not look random enough to be a code. Copy it again.")


def _is_mixed(text: str) -> bool:
    """Whether upper case, lower case and digits all occur, as in anything random this long."""
    kinds = (re.search(pattern, text) for pattern in ("[A-Z]", "[a-z]", "[0-9]"))
    return all(kinds)


def _hash_change(text: str) -> tuple[str, ...]:
    return () if text.startswith("#") else ("The # in front was missing and was added.",)


def _masked_reason(text: str) -> Reason | None:
    if not text.startswith("#") and not text.endswith("="):
        return None
    return Reason("code_masked", "Its middle is hidden or cut out. Copy the whole code.")


def _no_code(shown: str) -> Reason:
    if "tiktok.com" in shown.lower():
        return Reason(
            "code_is_link", "It is a link, not a code. The creator finds the code in Ad settings."
        )
    return Reason(
        "not_a_code",
        f"“{shown[:40]}” holds no code. A code begins with # and is about 65 characters long.",
    )
