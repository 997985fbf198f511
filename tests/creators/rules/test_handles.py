"""CT1, SS1: one creator, however the handle was written."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from creators.rules.handles import normalised
from sparkops.reasons import Reason


@pytest.mark.parametrize(
    "text",
    [
        "@Maya.Makes", "maya.makes", " @maya.makes ", "@@maya.makes", "＠maya.makes",
        "@maya\u200b.makes\ufeff", "\u2066@maya.makes\u2069", "“@maya.makes”", "(@maya.makes)",
        "https://www.tiktok.com/@Maya.Makes", "tiktok.com/@maya.makes/", "m.tiktok.com/@maya.makes",
        "https://www.tiktok.com/@maya.makes?lang=en&is_from_webapp=1",
        "https://www.tiktok.com/@maya.makes/video/7450000000000000123",
        "https://www.tiktok.com/@maya%2Emakes", "Maya Makes (@maya.makes)",
        "@maya.makes.", "@maya.makes,",
    ],
)  # fmt: skip
def test_ct1_every_way_to_write_a_handle_gives_one(text: str) -> None:
    assert normalised(text) == "maya.makes"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "handle_missing"),
        ("@", "handle_missing"),
        ("\u200b", "handle_missing"),
        ("Maya Makes", "handle_is_name"),
        ("maya@example.com", "handle_is_email"),
        ("https://instagram.com/maya", "handle_is_link"),
        ("@maya and @ben", "handles_many"),
        ("@a", "handle_length"),
        ("@" + "a" * 25, "handle_length"),
        ("@maya-makes", "handle_signs"),
        ("@mayä", "handle_signs"),
    ],
)
def test_what_is_no_handle_says_why(text: str, code: str) -> None:
    result = normalised(text)
    assert isinstance(result, Reason)
    assert result.code == code


@settings(deadline=None)
@given(st.from_regex(r"[a-z0-9_][a-z0-9_.]{0,22}[a-z0-9_]", fullmatch=True))
def test_a_normal_handle_stays_as_it_is_in_every_form(handle: str) -> None:
    forms = (handle, f"@{handle.upper()}", f"https://www.tiktok.com/@{handle}?lang=de")
    assert {normalised(form) for form in forms} == {handle}


@settings(deadline=None)
@given(st.text(max_size=60))
def test_no_text_breaks_it_and_results_are_stable(text: str) -> None:
    result = normalised(text)
    assert isinstance(result, Reason) or normalised(result) == result
