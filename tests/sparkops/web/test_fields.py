"""Days before an end, as people write them."""

import pytest
from django.forms import ValidationError

from sparkops.web.fields import DayStepsField


def test_days_come_out_whole_longest_first_and_once() -> None:
    assert DayStepsField().clean(" 3, 21,7, 3 ") == [21, 7, 3]


def test_days_are_shown_as_they_are_written() -> None:
    assert DayStepsField().prepare_value((21, 14, 7)) == "21, 14, 7"
    assert DayStepsField().prepare_value("soon") == "soon"


@pytest.mark.parametrize(
    ("written", "sentence"),
    [("soon", "whole numbers of days"), ("7,,3", "whole numbers"), ("0, 7", "between 1 and 365"),
     ("366", "between 1 and 365"), ("", "required")],
)  # fmt: skip
def test_what_is_no_day_is_explained(written: str, sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        DayStepsField().clean(written)
