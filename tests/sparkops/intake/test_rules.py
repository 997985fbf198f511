"""Masking, reading and deciding without a database."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from sparkops.intake.rules.cells import dumped, loaded
from sparkops.intake.rules.deciding import CreatorFacts, Known, decide
from sparkops.intake.rules.layout import Choices, from_json, laid_out, to_json
from sparkops.intake.rules.masking import without_codes, without_contacts
from sparkops.intake.rules.reading import Wish, read_row
from sparkops.sheets.columns import proposed
from sparkops.sheets.dates import DayOrder
from sparkops.sheets.text import read_pasted
from tests.sparkops.intake.tracker300 import code, item_id

CODE = code(1)


@pytest.mark.parametrize(
    "text",
    [
        CODE,
        CODE[1:],
        f"“{CODE}” holds no handle",
        f"code: {CODE}, and {code(2)[1:]}",
        f"{CODE[:30]}\n{CODE[30:]}",
        f"{CODE[:40]}…",
        CODE.replace("#", "%23").replace("+", "%2B").replace("/", "%2F").replace("=", "%3D"),
        CODE.replace("#", "＃"),
    ],
)
def test_no_code_and_no_long_piece_of_one_is_shown(text: str) -> None:
    shown = without_codes(text)
    assert not any(CODE[at : at + 16] in shown for at in range(len(CODE) - 16))
    assert "••••" in shown


@pytest.mark.parametrize(
    "text",
    [
        f"https://www.tiktok.com/@Maya.Makes/video/{item_id(1)}?is_copy_url=1&sender=AbC123dEf456GhI789",
        f"m.tiktok.com/v/{item_id(1)}.html",
        "A perfectly ordinary sentence about #TikTokMadeMeBuyIt, 1,234.50 € and 31/12/2026.",
        "@maya.makes_123",
    ],
)
def test_ordinary_text_is_shown_as_it_is(text: str) -> None:
    assert without_codes(text) == text


def test_the_name_of_an_address_is_masked() -> None:
    assert without_contacts("write maya@example.com!") == "write ma••••@example.com!"
    assert without_contacts("@maya is no address") == "@maya is no address"


def test_cells_keep_their_kind() -> None:
    cells = (
        "text",
        Decimal("1.50"),
        date(2026, 1, 2),
        datetime.fromisoformat("2026-01-02T03:04"),
        "",
        "ü",
    )
    assert loaded(dumped(cells)) == cells


def wish_of(text: str, **changes: Any) -> Wish:
    """The wish of the first record of a pasted sheet."""
    sheet = read_pasted(text)
    fields = tuple(column.field for column in proposed(sheet).columns)
    chosen = Choices(**{"currency": "USD", "fee_day": date(2026, 11, 24), **changes})
    layout = laid_out(sheet, fields, chosen, zone="America/Los_Angeles")
    assert from_json(to_json(layout)) == layout
    return read_row(sheet.rows[0], layout)


def codes_of(wish: Wish) -> list[str]:
    return [remark.code for remark in wish.remarks]


def test_a_currency_comes_from_the_cell_the_column_or_the_header_in_that_order() -> None:
    def fee(text: str) -> tuple[Decimal, str]:
        found = wish_of(text).fee
        assert found is not None
        return found.amount, found.currency

    assert fee("Creator\tFee (EUR)\tCurrency\n@a.b\t10 GBP\tUSD\n") == (Decimal(10), "GBP")
    assert fee("Creator\tFee (EUR)\tCurrency\n@a.b\t10\tPLN\n") == (Decimal(10), "PLN")
    assert fee("Creator\tFee (EUR)\n@a.b\t10\n") == (Decimal(10), "EUR")
    assert fee("Creator\tFee\n@a.b\t10\n") == (Decimal(10), "USD")


def test_a_day_ends_with_its_last_second_in_the_clients_zone() -> None:
    sheet = f"Creator\tSpark code\tValid until\n@a.b\t{CODE}\t%s\n"
    assert wish_of(sheet % "2026-07-01").stated_ends_at == datetime(
        2026, 7, 2, 6, 59, 59, tzinfo=UTC
    )
    # A time of day is taken as written, in the client's zone unless it names another.
    assert wish_of(sheet % "2026-07-01 18:30").stated_ends_at == datetime(
        2026, 7, 2, 1, 30, tzinfo=UTC
    )
    assert wish_of(sheet % "2026-07-01 18:30 UTC").stated_ends_at == datetime(
        2026, 7, 1, 18, 30, tzinfo=UTC
    )
    assert codes_of(wish_of(sheet % "forever")) == ["endless"]


def test_an_order_that_nothing_shows_is_remarked_unless_it_was_chosen() -> None:
    sheet = f"Creator\tSpark code\tValid until\n@a.b\t{CODE}\t03/04/2027\n"
    unsettled = wish_of(sheet)
    assert codes_of(unsettled) == ["date_two_ways"]
    assert unsettled.stated_ends_at is not None and unsettled.stated_ends_at.month == 3
    chosen = wish_of(sheet, day_order=DayOrder.DAY_FIRST)
    assert codes_of(chosen) == []
    assert chosen.stated_ends_at is not None and chosen.stated_ends_at.month == 4


def test_fees_over_a_span_take_the_rows_days_and_one_off_fees_one_day() -> None:
    sheet = "Creator\tFee\tStart\tEnd\n@a.b\t90 USD\t2026-10-01\t2026-12-29\n"
    spread = wish_of(sheet, fee_kind="usage_fee").fee
    assert spread is not None
    assert (spread.starts_on, spread.ends_on) == (date(2026, 10, 1), date(2026, 12, 29))
    once = wish_of(sheet).fee
    assert once is not None
    assert (once.starts_on, once.ends_on) == (date(2026, 10, 1), date(2026, 10, 1))
    turned = wish_of(sheet.replace("2026-12-29", "2026-09-01"), fee_kind="usage_fee")
    assert codes_of(turned) == ["fee_span"]


def test_two_posts_with_two_codes_go_in_pairs_and_with_three_nowhere() -> None:
    links = f"https://www.tiktok.com/@a.b/video/{item_id(1)} https://www.tiktok.com/@a.b/video/{item_id(2)}"
    sheet = "Creator\tVideo\tSpark code\n@a.b\t%s\t%s\n"
    two = decide(wish_of(sheet % (links, f"{code(1)} {code(2)}")), Known(), row=2)
    handed = [step for step in two.steps if type(step).__name__ == "HandIn"]
    assert [(step.code, step.item_id) for step in handed] == [  # type: ignore[union-attr]
        (code(1), item_id(1)),
        (code(2), item_id(2)),
    ]
    one = decide(wish_of(sheet % (links, code(1))), Known(), row=2)
    assert [remark.code for remark in one.remarks] == ["codes_and_posts"]
    assert [step.item_id for step in one.steps if type(step).__name__ == "HandIn"] == [""]  # type: ignore[union-attr]


def test_a_former_handle_is_the_same_creator() -> None:
    known = Known(
        creators={"old.name": CreatorFacts("new.name"), "new.name": CreatorFacts("new.name")}
    )
    decision = decide(Wish(handle="old.name"), known, row=2)
    assert (decision.result, decision.steps, decision.handle) == ("unchanged", (), "new.name")


def test_a_fee_needs_somebody_who_gets_it() -> None:
    decision = decide(
        wish_of(f"Video\tFee\n{item_id(1)}\t10 USD\n{item_id(2)}\t\n"), Known(), row=2
    )
    assert [remark.code for remark in decision.remarks] == ["fee_without_creator"]
    assert decision.result == "created"


def test_the_same_fee_twice_in_a_sheet_is_booked_once_and_said() -> None:
    known = Known()
    wish = wish_of("Creator\tFee\n@a.b\t10 USD\n@a.b\t10 USD\n")
    assert decide(wish, known, row=2).result == "created"
    again = decide(wish, known, row=3)
    assert [remark.code for remark in again.remarks] == ["fee_twice"]
    assert again.steps == ()
