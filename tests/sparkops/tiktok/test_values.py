from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated

import pytest
from pydantic import AliasChoices, Field, ValidationError

from sparkops.tiktok import values
from sparkops.tiktok.values import Maybe, Record, Text, TextId, WireMoney, findings, known


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("189.2", Decimal("189.2")),
        ("-44.78", Decimal("-44.78")),
        ("0", Decimal(0)),
        ("0 ", Decimal(0)),
        (12, Decimal(12)),
        (0.1, Decimal("0.1")),
        (1e-7, Decimal("0.0000001")),
        ("", None),
        ("-", None),
        (None, None),
    ],
)
def test_amounts_are_exact_and_absence_is_not_zero(raw, expected):
    assert values.decimal_or_none(raw) == expected


@pytest.mark.parametrize("raw", [True, "NaN", "Infinity", "1_000", "1,5", "Rp1.900", [], {}, "١"])
def test_what_is_not_a_plain_number_is_refused(raw):
    with pytest.raises(ValueError, match="number"):
        values.decimal_or_none(raw)


def test_ids_keep_all_digits():
    assert values.text_id(7493990579714164574) == "7493990579714164574"
    assert values.text_id(" 7493990579714164574 ") == "7493990579714164574"
    with pytest.raises(ValueError, match="id"):
        values.text_id(7.493990579714164574e18)


@pytest.mark.parametrize(
    ("read", "raw"),
    [
        (values.rate_from_hundredths, "1500"),
        (values.rate_from_hundredths, 1500),
        (values.rate_from_fraction, "0.15"),
        (values.rate_from_fraction, "0.1500"),
        (values.rate_from_percent, "15.0"),
        (values.rate_from_percent, "15%"),
    ],
)
def test_fifteen_percent_in_every_convention(read, raw):
    assert read(raw) == Decimal("0.15")


@pytest.mark.parametrize(
    ("read", "raw", "expected"),
    [
        (values.time_from_seconds, 1623812664, datetime(2021, 6, 16, 3, 4, 24, tzinfo=UTC)),
        (values.time_from_seconds, "1623812664", datetime(2021, 6, 16, 3, 4, 24, tzinfo=UTC)),
        (values.time_from_millis, "1623812664500", datetime(2021, 6, 16, 3, 4, 24, 500000, UTC)),
        (values.time_from_seconds, 0, None),
        (values.time_from_seconds, "", None),
        (values.time_from_text, "2026-11-08 21:00:00", datetime(2026, 11, 8, 21, tzinfo=UTC)),
        (values.time_from_text, "2025-05-20T11:40:50Z", datetime(2025, 5, 20, 11, 40, 50, 0, UTC)),
        (
            values.time_from_text,
            "2026-11-08 21:00:00 +0000 UTC",
            datetime(2026, 11, 8, 21, 0, 0, 0, UTC),
        ),
        (values.time_from_text, "2026-11-08T21:00:00-05:00", datetime(2026, 11, 9, 2, tzinfo=UTC)),
        (values.time_from_text, 1623812664, datetime(2021, 6, 16, 3, 4, 24, tzinfo=UTC)),
        (values.time_from_text, None, None),
        (values.day_or_none, "2026-11-10", date(2026, 11, 10)),
        (values.day_or_none, "2026-11-10 00:00:00", date(2026, 11, 10)),
        (values.day_or_none, "", None),
    ],
)
def test_times_in_every_form(read, raw, expected):
    assert read(raw) == expected


@pytest.mark.parametrize(
    ("read", "raw"),
    [
        (values.time_from_seconds, 10**18),
        (values.time_from_seconds, True),
        (values.time_from_seconds, "tomorrow"),
        (values.time_from_text, "8 November"),
        (values.day_or_none, "2026-13-01"),
    ],
)
def test_a_time_that_cannot_be_read_is_refused(read, raw):
    with pytest.raises(ValueError):
        read(raw)


def test_a_time_without_a_zone_is_never_sent():
    with pytest.raises(ValueError, match="zone"):
        values.unix_seconds(datetime(2026, 1, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("raw", "expected"),
    [(True, True), ("Yes", True), ("No", False), ("false", False), (0, False), ("", None)],
)
def test_flags(raw, expected):
    assert values.flag_or_none(raw) is expected


def test_counts():
    assert values.whole_or_none("412") == 412
    assert values.whole_or_none(3.0) == 3
    for raw in (True, 3.5, "many"):
        with pytest.raises(ValueError):
            values.whole_or_none(raw)


class Part(Record):
    kind: Annotated[Text, known("BIG", "SMALL")] = ""


class Whole(Record):
    id: TextId = ""
    tags: list[Annotated[Text, known("A")]] = []
    price: Maybe[WireMoney] = None
    parts: list[Part] = []


def test_unknown_fields_and_words_are_kept_and_reported():
    whole = Whole.model_validate(
        {
            "id": 1,
            "tags": ["A", "B"],
            "price": {"value": "3", "currency": "USD", "tax": "1"},
            "parts": [{"kind": "BIG"}, {"kind": "HUGE", "colour": "red"}, {"colour": "blue"}],
            "surprise": {"deep": [1]},
        }
    )
    assert whole.model_extra == {"surprise": {"deep": [1]}}
    assert whole.parts[1].kind == "HUGE"
    found = findings(whole)
    assert found.fields == {"surprise": 1, "price.tax": 1, "parts.colour": 2}
    assert found.words == {"tags=B": 1, "parts.kind=HUGE": 1}


class TwoSpellings(Record):
    rate: Text = Field(default="", validation_alias=AliasChoices("rate", "raet"))


def test_a_field_sent_in_both_spellings_is_not_unknown():
    both = TwoSpellings.model_validate({"rate": "1", "raet": "1"})
    assert both.rate == "1"
    assert not findings(both).fields


@pytest.mark.parametrize("nothing", [None, "", {}, "-"])
def test_absent_objects_are_none(nothing):
    assert Whole.model_validate({"price": nothing}).price is None


def test_null_reads_like_a_missing_key():
    assert Whole.model_validate({"id": None, "parts": None}) == Whole()


def test_a_wrong_type_is_an_error_of_that_field():
    with pytest.raises(ValidationError):
        Whole.model_validate({"parts": "none"})
