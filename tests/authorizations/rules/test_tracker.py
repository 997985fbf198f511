"""SS1, N19: a whole messy tracker, cell by cell, through every reader that an import uses."""

from datetime import date
from decimal import Decimal

import pytest

from authorizations.rules.codes import CodesRead, read_code_cell
from creators.rules.handles import normalised
from creators.rules.post_links import PostLink, ShortLink, read_link
from sparkops.reasons import Reason
from sparkops.sheets.columns import proposed
from sparkops.sheets.dates import DateRead, column_order, read_date
from sparkops.sheets.headers import Field
from sparkops.sheets.read import read_upload
from sparkops.sheets.sheet import Sheet
from sparkops.sheets.text import read_pasted
from sparkops.sheets.values import Amount, decimal_mark, read_money
from tests.sparkops.sheets import tracker


@pytest.fixture(
    params=[
        pytest.param(lambda: read_pasted(tracker.as_paste()), id="paste"),
        pytest.param(lambda: read_upload("t.csv", tracker.as_csv(";", "utf-16")), id="csv"),
        pytest.param(lambda: read_upload("t.xlsx", tracker.as_xlsx()), id="xlsx"),
    ]
)
def sheet(request: pytest.FixtureRequest) -> Sheet:
    return request.param()


def column(sheet: Sheet, field: Field) -> int:
    return proposed(sheet).indexes(field)[0]


def test_ss1_handles_and_links(sheet: Sheet) -> None:
    at = column(sheet, Field.HANDLE)
    assert [normalised(row.text(at)) for row in sheet.rows] == [
        "maya.makes", "glow_lab", "ben.bakes", "zoe", "maya.makes", "new.creator",
    ]  # fmt: skip
    at = column(sheet, Field.POST_LINK)
    assert [read_link(row.text(at)) for row in sheet.rows] == [
        PostLink("7450000000000000123", "maya.makes", "video"),
        PostLink("7450000000000000456", "glow_lab", "photo"),
        PostLink("7450000000000000789"),
        ShortLink("https://vm.tiktok.com/ZMabc1234/"),
        ShortLink("https://www.tiktok.com/t/ZTxyz9876/"),
        PostLink("7450000000000000999"),
    ]


def test_n19_codes_two_in_a_cell_a_repeat_and_one_that_is_none(sheet: Sheet) -> None:
    at = column(sheet, Field.CODE)
    read = [read_code_cell(row.text(at), line=row.number) for row in sheet.rows]
    assert [[(one.code, one.line) for one in cell.codes] for cell in read] == [
        [(tracker.CODE_A, 3)],
        [(tracker.CODE_B, 4)],
        [(tracker.CODE_C, 5), (tracker.CODE_D, 5)],
        [(tracker.CODE_A, 7)],
        [],
        [],
    ]
    assert [one.reason.code for one in read[4].rejected] == ["not_a_code"]
    assert read[5] == CodesRead()


def test_ss1_three_date_formats_in_one_column(sheet: Sheet) -> None:
    at = column(sheet, Field.ENDS)
    order = column_order(sheet.column(at))
    read = [read_date(cell, order) for cell in sheet.column(at)]
    assert [one.value if isinstance(one, DateRead) else one for one in read] == [
        date(2026, 12, 31), date(2026, 12, 31), date(2027, 1, 15), date(2027, 1, 5),
        read[4].value, None,
    ]  # fmt: skip
    # In the workbook 31/12/2026 is a real date, so nothing there settles 03/04/2027.
    assert read[4].value == (date(2027, 4, 3) if order.settled else date(2027, 3, 4))
    assert read[4].ambiguous is not order.settled


def test_ss1_each_fee_keeps_its_currency(sheet: Sheet) -> None:
    at = column(sheet, Field.FEE)
    mark = decimal_mark(sheet.column(at))
    read = [read_money(cell, mark=mark, currency="USD") for cell in sheet.column(at)]
    assert [one for one in read if isinstance(one, Amount)] == [
        Amount(Decimal("1234.50"), "USD"),
        Amount(Decimal(250), "GBP"),
        Amount(Decimal("1234.50"), "EUR"),
        Amount(Decimal(1200), "USD"),
    ]
    assert isinstance(read[4], Reason)
    assert read[5] is None
