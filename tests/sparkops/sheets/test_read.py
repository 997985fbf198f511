"""SS1, N19: a real tracker is read from paste, CSV and XLSX, and no row gets lost."""

import io
import zipfile

import openpyxl
import pytest

from sparkops.errors import Refusal
from sparkops.sheets.columns import proposed
from sparkops.sheets.headers import Field
from sparkops.sheets.read import read_upload
from sparkops.sheets.sheet import Kind, Limits, Sheet
from sparkops.sheets.text import decoded, read_csv, read_pasted
from sparkops.sheets.write import csv_bytes
from tests.sparkops.sheets import tracker


def workbook(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(data: bytes, part: str, text: str) -> bytes:
    """The workbook with one part replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, text if name == part else old.read(name))
    return out.getvalue()


def sources() -> list[object]:
    return [
        pytest.param(lambda: read_pasted(tracker.as_paste()), id="paste"),
        pytest.param(lambda: read_upload("t.csv", tracker.as_csv(",")), id="csv-comma-utf8-sig"),
        pytest.param(
            lambda: read_upload("t.csv", tracker.as_csv(";", "utf-16")), id="csv-semicolon-utf16"
        ),
        pytest.param(lambda: read_upload("t.txt", tracker.as_csv("|", "utf-8")), id="csv-bar"),
        pytest.param(lambda: read_upload("t.csv", tracker.as_xlsx()), id="xlsx-with-wrong-name"),
    ]


@pytest.mark.parametrize("read", sources())
def test_ss1_every_row_of_a_messy_tracker_is_a_record_or_listed(read) -> None:
    sheet = read()
    assert [row.number for row in sheet.rows] == tracker.RECORD_ROWS
    assert [skip.number for skip in sheet.skipped] == [1, tracker.TOTAL_ROW]
    assert "above the header" in sheet.skipped[0].reason
    assert "total row" in sheet.skipped[1].reason
    assert sheet.empty_rows == tracker.EMPTY_ROWS
    assert sheet.headers == tuple(tracker.HEADERS)
    assert sheet.rows[2].text(2) == f"{tracker.CODE_C} {tracker.CODE_D}"
    assert sheet.rows[4].text(7) == "line one\nline two"
    assert sheet.rows[5].text(0) == "@new.creator"


@pytest.mark.parametrize("read", sources())
def test_ss1_the_mapping_is_proposed_and_unknown_columns_are_kept(read) -> None:
    mapping = proposed(read())
    fields = [column.field for column in mapping.columns]
    assert fields == [
        Field.HANDLE, Field.POST_LINK, Field.CODE, Field.ENDS, Field.FEE, Field.PRODUCT,
        Field.EMAIL, None,
    ]  # fmt: skip
    assert [column.header for column in mapping.unmapped] == ["Vibe"]


def test_xlsx_reads_the_first_visible_sheet_with_rows_and_names_the_others() -> None:
    sheet = read_upload("t.xlsx", tracker.as_xlsx())
    assert (sheet.name, sheet.other_sheets) == ("Tracker", ("Read me", "Archive"))
    archive = read_upload("t.xlsx", tracker.as_xlsx(), sheet="Archive")
    assert archive.rows[0].text(0) == "old"
    with pytest.raises(Refusal, match="It has: Read me, Tracker, Archive"):
        read_upload("t.xlsx", tracker.as_xlsx(), sheet="Lists")


def test_xlsx_ids_stored_as_numbers_stay_visibly_damaged() -> None:
    sheet = read_upload("t.xlsx", workbook([["Handle", "Video"], ["@a_b", 7450000000000000123]]))
    assert sheet.rows[0].text(1) == "7.45000000000000E+18"
    assert "B2 holds a number with more than 15 digits" in sheet.notes[0]


def test_xlsx_formulas_give_their_value_or_are_named() -> None:
    data = workbook([["Handle", "Fee"], ["@a_b", "=1+1"], ["@c_d", 3]])
    assert (
        "without a calculated value were read as empty: B2" in read_upload("t.xlsx", data).notes[0]
    )
    part = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        xml = archive.read(part).decode()
    stored = xml.replace("<f>1+1</f><v />", "<f>1+1</f><v>2</v>").replace(
        "<f>1+1</f><v></v>", "<f>1+1</f><v>2</v>"
    )
    assert stored != xml
    sheet = read_upload("t.xlsx", repacked(data, part, stored))
    assert sheet.rows[0].text(1) == "2"
    assert sheet.notes == ()


def test_xlsx_entity_bombs_are_refused() -> None:
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]>'
        "<worksheet><sheetData><row><c><v>&c;</v></c></row></sheetData></worksheet>"
    )
    data = repacked(workbook([["a"]]), "xl/worksheets/sheet1.xml", bomb)
    with pytest.raises(Refusal) as refused:
        read_upload("t.xlsx", data)
    assert refused.value.code == "unsafe_file"


def test_xlsx_that_unpacks_too_large_is_refused() -> None:
    data = repacked(workbook([["a"]]), "xl/theme/theme1.xml", "x" * 3_000_000)
    assert len(data) < 100_000
    with pytest.raises(Refusal, match="larger than 1 MB"):
        read_upload("t.xlsx", data, limits=Limits(unpacked_bytes=1_000_000))


def test_xlsx_with_a_row_far_below_the_last_possible_one_is_refused() -> None:
    xml = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="4000000000"><c r="A4000000000"><v>1</v></c></row></sheetData></worksheet>'
    )
    data = repacked(workbook([["a"]]), "xl/worksheets/sheet1.xml", xml)
    with pytest.raises(Refusal):
        read_upload("t.xlsx", data)


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(rows=2), "too_large"),
        (Limits(columns=2), "too_large"),
        (Limits(cells=5), "too_large"),
        (Limits(sheets=0), "too_many_sheets"),
    ],
)
def test_xlsx_over_a_limit_is_refused(limits: Limits, code: str) -> None:
    data = workbook([["a", "b", "c"], ["d", "e", "f"], ["g", "h", "i"]])
    with pytest.raises(Refusal) as refused:
        read_upload("t.xlsx", data, limits=limits)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 book", "old_format"),
        (b"%PDF-1.7", "not_a_table"),
        (b"\x89PNG\r\n", "not_a_table"),
        (bytes(range(1, 32)) * 20, "not_a_table"),
        (b"PK\x03\x04 content.xml mimetype", "not_a_workbook"),
        (b"PK\x03\x04 xl/workbook.xml but broken", "broken_file"),
    ],
)
def test_files_that_are_no_table_are_refused_with_a_way_on(data: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_upload("x", data)
    assert refused.value.code == code


def test_a_locked_workbook_says_that_it_has_a_password() -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(Refusal, match="protected with a password"):
        read_upload("x.xlsx", data)


@pytest.mark.parametrize(
    ("encoding", "text"),
    [("utf-8", "Zoë;1"), ("utf-8-sig", "Zoë;1"), ("utf-16", "Zoë;1"), ("cp1252", "Zoë “hi” 5 €")],
)
def test_encodings_are_found(encoding: str, text: str) -> None:
    assert decoded(text.encode(encoding))[0] == text


def test_utf16_without_a_mark_and_latin1_are_found() -> None:
    assert decoded("handle,fee\n".encode("utf-16-be")) == ("handle,fee\n", _named("utf-16-be"))
    # 0x81 exists in latin-1 and not in cp1252.
    assert decoded(b"a\x81") == ("a\x81", _named("latin-1"))


def _named(encoding: str) -> str:
    return f"The file was read as {encoding}."


def test_a_quote_that_never_closes_does_not_swallow_the_rows_below() -> None:
    sheet = read_csv(b'handle,notes\n@a_b,"5 inch\n@c_d,fine\n')
    assert [row.text(0) for row in sheet.rows] == ["@a_b", "@c_d"]
    assert any("never closed" in note for note in sheet.notes)


def test_a_declared_separator_is_used_and_keeps_row_numbers() -> None:
    sheet = read_csv(b"sep=|\nhandle|fee\n@a_b|5,50\n")
    assert sheet.headers == ("handle", "fee")
    assert [row.number for row in sheet.rows] == [3]


def test_one_column_and_no_header_are_understood() -> None:
    sheet = read_pasted(f"{tracker.CODE_A}\n\n{tracker.CODE_B}\n")
    assert (sheet.kind, sheet.has_header, sheet.empty_rows) == (Kind.COLUMN, False, 1)
    assert sheet.headers == ("Column A",)
    assert [row.number for row in sheet.rows] == [1, 3]
    assert proposed(sheet).indexes(Field.CODE) == (0,)


def test_ss1_a_headerless_paste_is_mapped_by_content() -> None:
    rows = [
        ["@maya.makes", "https://vm.tiktok.com/ZM1/", tracker.CODE_A, "2026-10-01", "2026-12-31"],
        ["@zoe_b", "https://vm.tiktok.com/ZM2/", tracker.CODE_B, "2026-11-01", "2027-01-31"],
    ]
    mapping = proposed(read_pasted("\n".join("\t".join(row) for row in rows)))
    assert [column.field for column in mapping.columns] == [
        Field.HANDLE, Field.POST_LINK, Field.CODE, Field.STARTS, Field.ENDS,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "thread",
    [
        "[12/11/26, 14:03:22] Maya: hi! here it is\n{a}\n\n[12/11/26, 14:05:01] Ben: and {b}",
        "12/11/2026, 14:03 - Maya: hi! here it is\n{a}\n\n12/11/2026, 14:05 - Ben: and {b}",
        "Maya  2:03 PM\nhi! here it is\n{a}\n\nBen  2:05 PM\nand {b}",
    ],
    ids=["iphone", "android", "slack"],
)
def test_n19_a_chat_thread_keeps_who_wrote_each_line(thread: str) -> None:
    sheet = read_pasted(thread.format(a=tracker.CODE_A, b=tracker.CODE_B))
    assert sheet.kind is Kind.CHAT
    by_text = {row.text(2): row.text(1) for row in sheet.rows}
    assert by_text == {
        "hi! here it is": "Maya", tracker.CODE_A: "Maya", f"and {tracker.CODE_B}": "Ben",
    }  # fmt: skip
    assert proposed(sheet).indexes(Field.CODE) == (2,)


def test_prose_with_commas_is_not_cut_into_columns() -> None:
    sheet = read_pasted("Hey, here you go\nthe first one, the second, and the third\nbye")
    assert (sheet.kind, len(sheet.rows)) == (Kind.COLUMN, 3)


def test_an_unlabelled_sum_is_a_total_and_a_creator_called_total_is_not() -> None:
    summed = read_pasted("Handle\tFee\n@a_b\t100\n@c_d\t50.50\n\t150.50")
    assert [row.text(0) for row in summed.rows] == ["@a_b", "@c_d"]
    assert "sum of the rows above" in summed.skipped[0].reason
    named = read_pasted("Handle\tFee\n@total\t100\n@c_d\t50\nTotal (2)\t150")
    assert [row.text(0) for row in named.rows] == ["@total", "@c_d"]
    bare = read_pasted("Handle\tLink\ntotal\tvm.tiktok.com/ZM1/\nTotal\t")
    assert [row.text(0) for row in bare.rows] == ["total"]


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Spark Ads Code", Field.CODE),
        ("Code 2", Field.CODE),
        ("Werbecode", Field.CODE),
        ("Código de autorización", Field.CODE),
        ("Gültig bis", Field.ENDS),
        ("Fecha de vencimiento", Field.ENDS),
        ("Spark code expiry date", Field.ENDS),
        ("Gage (EUR)", Field.FEE),
        ("Nutzername", Field.HANDLE),
        ("Enlace del vídeo", Field.POST_LINK),
        ("Promo code", None),
        ("Post date", None),
        ("Lieblingsfarbe", None),
    ],
)
def test_headers_in_three_languages(header: str, field: Field | None) -> None:
    value = {Field.ENDS: "2026-12-31", Field.FEE: "5", Field.CODE: tracker.CODE_A}.get(field, "abc")
    sheet = read_pasted(f"Product\tNotes\t{header}\nSerum\tok\t{value}\nMixer\tok\t{value}")
    assert proposed(sheet).columns[2].field is field


def test_content_beats_a_header_that_says_something_else() -> None:
    sheet = read_pasted(f"Handle\tLink\n@a_b\t{tracker.CODE_A}\n@c_d\t{tracker.CODE_B}")
    column = proposed(sheet).columns[1]
    assert column.field is Field.CODE
    assert "look like a Spark code" in column.reason


def test_two_code_columns_are_both_codes_and_two_end_columns_are_not() -> None:
    sheet = read_pasted(
        "Handle\tCode 1\tCode 2\tEnd date\tEnds\n"
        f"@a_b\t{tracker.CODE_A}\t{tracker.CODE_B}\t2026-12-31\t2026-12-30"
    )
    mapping = proposed(sheet)
    assert mapping.indexes(Field.CODE) == (1, 2)
    assert mapping.indexes(Field.ENDS) == (3,)
    assert "“End date” fits better" in mapping.columns[4].reason


def test_exports_hold_no_formula_and_come_back_as_they_were() -> None:
    cells = ["=HYPERLINK(1)", "@maya.makes", "+49 1", "-x", "#code", "plain"]
    assert csv_bytes(["h"], [[" =1+1"]]).endswith(b"' =1+1\r\n")
    data = csv_bytes(["Handle", "Notes"], [[cell, "n"] for cell in cells])
    lines = data.decode("utf-8-sig").split("\r\n")[1:-1]
    assert [line[0] for line in lines] == ["'", "'", "'", "'", "#", "p"]
    assert [row.text(0) for row in read_csv(data).rows] == cells


def test_ss1_three_hundred_rows_are_read() -> None:
    rows = [f"@creator_{at}\t7450000000000{at:06d}\t2026-12-31\t{at}" for at in range(300)]
    sheet: Sheet = read_pasted("handle\tpost url\tend date\tfee\n" + "\n".join(rows))
    assert len(sheet.rows) == 300
    assert sheet.rows[-1].number == 301
