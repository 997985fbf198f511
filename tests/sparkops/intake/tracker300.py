"""Three hundred rows of a tracker as a team really keeps it, and what they must come to.

Every kind of row is written out below with its number, so that the expected counts are sums a
reader can check, not output of the code.
"""

import base64
import csv
import hashlib
import io

import openpyxl

HEADERS = ["Creator", "Video", "Spark code", "Valid until", "Fee", "Vibe"]
TITLE = ["Autumn tracker (do not sort!)", "", "", "", "", ""]
TOTAL = ["TOTAL", "", "", "", "142,225.00", ""]

GOOD, PAIRS, REPEATS, SHORT, PENDING, STOLEN, JUNK, VIBE, EMPTY = (
    200,
    20,
    20,
    10,
    10,
    10,
    10,
    10,
    10,
)

CREATORS = GOOD + PAIRS + SHORT + PENDING + STOLEN
POSTS = GOOD + PAIRS + PENDING + STOLEN
CODES = GOOD + 2 * PAIRS + SHORT
FEES = {"USD": 50, "GBP": 50, "EUR": 50}
RESULTS = {
    "created": GOOD + PAIRS + SHORT + PENDING + STOLEN,
    "skipped": REPEATS + VIBE + 2,  # the title and the total are kept as rows, too
    "refused": JUNK,
}
ATTENTION = SHORT + PENDING + STOLEN + JUNK


def code(number: int) -> str:
    """A code in TikTok's shape, the same for the same number."""
    digest = hashlib.sha512(f"code {number}".encode()).digest()[:47]
    return "#" + base64.b64encode(digest).decode()


def item_id(number: int) -> str:
    return str(7_450_000_000_000_000_000 + number)


def rows() -> list[list[str]]:
    """The three hundred rows without title, headers and total."""
    found = [_good(at) for at in range(GOOD)]
    found += [_pair(at) for at in range(PAIRS)]
    found += [_repeat(at) for at in range(REPEATS)]
    found += [
        [f"@short.{at}", f"https://vm.tiktok.com/ZMshort{at}/", code(600 + at), "", "", ""]
        for at in range(SHORT)
    ]
    found += [
        [f"@pending.{at}", _www(f"pending.{at}", 700 + at), "code pending", "tbd", "gifted", "ok"]
        for at in range(PENDING)
    ]
    found += [
        [f"@other.{at}", _www(f"other.{at}", 800 + at), code(20 + at), "", "", ""]
        for at in range(STOLEN)
    ]
    found += [["Maya Makes Things", "", "", "", "", f"junk {at}"] for at in range(JUNK)]
    found += [["", "", "", "", "", f"call her back {at}"] for at in range(VIBE)]
    found += [["", "", "", "", "", ""] for _ in range(EMPTY)]
    assert len(found) == 300
    return found


def table() -> list[list[str]]:
    """As it stands in the sheet: the first record is row 3."""
    return [TITLE, HEADERS, *rows(), TOTAL]


def as_paste() -> str:
    return _separated("\t", "\n")


def as_csv() -> bytes:
    return _separated(";", "\r\n").encode("utf-8-sig")


def as_xlsx() -> bytes:
    book = openpyxl.Workbook()
    for row in table():
        book.active.append([cell or None for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _good(at: int) -> list[str]:
    name = f"creator.{at}"
    handles = [f"@Creator.{at}", name, f"https://www.tiktok.com/@{name}", f" @CREATOR.{at} "]
    links = [
        _www(name, at),
        f"{_www(name, at)}?is_copy_url=1&lang=en",
        f"m.tiktok.com/v/{item_id(at)}.html",
        item_id(at),
        f"https://www.tiktok.com/@{name}/photo/{item_id(at)}",
    ]
    codes = [code(at), code(at)[1:], f"\u201c{code(at)}\u201d"]
    ends = ["2026-12-31", "31/12/2026", "5 Jan 2027"]
    fees = ["$1,234.50", "250 GBP", "1.234,50 €", ""]
    return [handles[at % 4], links[at % 5], codes[at % 3], ends[at % 3], fees[at % 4], "warm"]


def _pair(at: int) -> list[str]:
    two = f"{code(300 + 2 * at)} {code(301 + 2 * at)}"
    return [f"@pair.{at}", _www(f"pair.{at}", 400 + at), two, "15.01.2027", "", ""]


def _repeat(at: int) -> list[str]:
    """The same as a good row, written another way."""
    handle, link, _code, end, fee, _vibe = _good(at)
    return [handle.upper() if at % 4 else handle, link, code(at), end, fee, "again"]


def _www(name: str, at: int) -> str:
    return f"https://www.tiktok.com/@{name}/video/{item_id(at)}"


def _separated(delimiter: str, line_end: str) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=line_end).writerows(table())
    return out.getvalue()
