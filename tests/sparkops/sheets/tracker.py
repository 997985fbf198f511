"""A tracker as teams really keep it, as paste, CSV and XLSX. The same rows in each."""

import csv
import io
from datetime import date, datetime, time

import openpyxl

CODE_A = "#1Ea2bcde3fUM/ghijEk/L4mOceft5deFRq6za7JsgnAJ8PB9n1XIr1rC1b/5Rw4="
CODE_B = "#9Zx8yWvU7tS/rQpOnMl6kJiHgFeDcBa5/4N3m2L1k0J+iHgFeDcB="
CODE_C = "#Qm4Lk2Jh9Gf7Ds5Aa3Pp1Oo8Ii6Uu4Yy2Tt0Rr9Ee7Ww5Qq3Zz1Xx8Cc6Vv4B=="
CODE_D = "#Tz7Vb3Nm9Kj5Hg1Fd8Sa4Po6Iu2Yt0Re9Wq7Lk5Jh3Gf1Ds8Ap6Zo4Xi2Cu0VyA="

TITLE = ["Q4 creators (do not delete!)", "", "", "", "", "", "", ""]
HEADERS = ["Creator", "Video", "Spark code", "Valid until", "Fee", "Product", "E-Mail", "Vibe"]
BODY = [
    [
        "@Maya.Makes",
        "https://www.tiktok.com/@maya.makes/video/7450000000000000123?is_copy_url=1",
        CODE_A,
        "2026-12-31",
        "$1,234.50",
        "Serum",
        "maya@example.com",
        "warm",
    ],
    [
        "https://www.tiktok.com/@glow_lab",
        "https://www.tiktok.com/@glow_lab/photo/7450000000000000456",
        CODE_B[1:],
        "31/12/2026",
        "250 GBP",
        "Serum",
        "",
        "dry",
    ],
    [
        "ben.bakes",
        "m.tiktok.com/v/7450000000000000789.html",
        f"{CODE_C} {CODE_D}",
        "15.01.2027",
        "1.234,50 €",
        "Mixer",
        "ben@example.com",
        "",
    ],
    ["", "", "", "", "", "", "", ""],
    [
        "@zoe",
        "https://vm.tiktok.com/ZMabc1234/",
        f"\u201c{CODE_A}\u201d",
        "5 Jan 2027",
        "1.2k",
        "",
        "",
        "asked twice",
    ],
    [
        "@Maya.Makes ",
        "https://www.tiktok.com/t/ZTxyz9876/",
        "code pending",
        "03/04/2027",
        "gifted",
        "Serum",
        "",
        "line one\nline two",
    ],
    ["  @new\u200b.creator", "7450000000000000999", "", "", "", "", "", ""],
    ["", "", "", "", "", "", "", ""],
]
TOTAL = ["TOTAL", "", "", "", "4,169.00", "", "", ""]

# Where the rows stand when the title is row 1 and the headers are row 2.
RECORD_ROWS = [3, 4, 5, 7, 8, 9]
TOTAL_ROW = 11
EMPTY_ROWS = 2


def as_table() -> list[list[str]]:
    return [TITLE, HEADERS, *BODY, TOTAL]


def as_paste() -> str:
    """What Google Sheets and Excel put on the clipboard: tabs, quotes round cells with breaks."""
    return _separated("\t", "\n")


def as_csv(delimiter: str = ",", encoding: str = "utf-8-sig") -> bytes:
    return _separated(delimiter, "\r\n").encode(encoding)


def _separated(delimiter: str, line_end: str) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=line_end).writerows(as_table())
    return out.getvalue()


def as_xlsx() -> bytes:
    """A workbook whose first sheet is empty, with a real date, a date with a time and a number."""
    book = openpyxl.Workbook()
    book.active.title = "Read me"
    sheet = book.create_sheet("Tracker")
    for row in as_table():
        sheet.append([cell or None for cell in row])
    sheet["D3"] = date(2026, 12, 31)
    sheet["D4"] = datetime.combine(date(2026, 12, 31), time(18, 30))
    sheet["E3"] = 1234.5
    hidden = book.create_sheet("Lists")
    hidden.append(["Serum"])
    hidden.sheet_state = "hidden"
    book.create_sheet("Archive").append(["old"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
