"""N19: paste anything; each code once, with its line, and what is none with its reason."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from authorizations.rules.codes import CodesRead, find_codes, read_code_cell

# The sample of the marketing contract, section 5.1, and others of the same shape.
A = "#1Ea2bcde3fUM/ghijEk/L4mOceft5deFRq6za7JsgnAJ8PB9n1XIr1rC1b/5Rw4="
B = "#9Zx8yWvU7tS/rQpOnMl6kJiHgFeDcBa5/4N3m2L1k0J+iHgFeDcB="
C = "#Qm4Lk2Jh9Gf7Ds5Aa3Pp1Oo8Ii6Uu4Yy2Tt0Rr9Ee7Ww5Qq3Zz1Xx8Cc6Vv4B=="

BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def found(text: str) -> list[tuple[str, int]]:
    return [(one.code, one.line) for one in find_codes(text).codes]


@pytest.mark.parametrize(
    "text",
    [
        A, A[1:], f"  {A}\n", f'"{A}"', f"“{A}”", f"'{A}'", f"`{A}`", f"*{A}*", f"({A})",
        f"code:{A}", f"code: {A[1:]}.", f"{A},", f"<{A}>", f"\u200b{A[:20]}\u200b{A[20:]}\ufeff",
        A.replace("#", "＃"), A.replace("#", "%23").replace("/", "%2F").replace("=", "%3D"),
        A.replace("#", "&#35;"), f"{A[:30]} {A[30:]}", f"{A[:30]}\n{A[30:]}",
        f"{A[:14]} {A[14:30]} {A[30:50]}\n{A[50:]}",
        f"https://www.tiktok.com/@maya.makes/video/7450000000000000123 {A}",
        f"#skincare #TikTokMadeMeBuyIt2026 {A} thanks!",
    ],
)  # fmt: skip
def test_n19_one_code_however_it_was_pasted(text: str) -> None:
    assert [code for code, _ in found(text)] == [A]


@pytest.mark.parametrize(
    "text", [f"{A} {B}", f"{A}{B}", f"{A}\n{B}", f"{A},{B}", f"{A} / {B}", f"{A[1:]} {B[1:]}",
             f"1) {A} 2) {B}", f"{A}; {B[1:]}"]
)  # fmt: skip
def test_n19_two_codes_in_one_cell(text: str) -> None:
    assert [code for code, _ in found(text)] == [A, B]


def test_n19_a_chat_thread_gives_each_code_once_with_its_line() -> None:
    thread = (
        "[12/11/26, 14:03:22] Maya: here is my code for the serum\n"
        f"[12/11/26, 14:03:40] Maya: {A}\n"
        "[12/11/26, 14:05:01] Brand: thanks! 65 characters? https://vm.tiktok.com/ZMab12CD34/\n"
        f"> {A[1:]}\n"
        f"[12/11/26, 14:06:10] Ben: and mine {C} 💛\n"
    )
    read = find_codes(thread)
    assert [(one.code, one.line) for one in read.codes] == [(A, 2), (C, 5)]
    assert [(one.code, one.line) for one in read.repeats] == [(A, 4)]
    assert read.rejected == ()


def test_n19_what_was_repaired_is_said() -> None:
    assert find_codes(A).codes[0].changes == ()
    assert "added" in find_codes(A[1:]).codes[0].changes[0]
    assert "Put together" in find_codes(f"{A[:30]} {A[30:]}").codes[0].changes[0]


def test_case_is_never_changed() -> None:
    other = A.swapcase()
    assert [code for code, _ in found(f"{A} {other}")] == [A, other]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (A[:17], "code_short"),
        (A.lower(), "code_case"),
        (A.upper(), "code_case"),
        ("#1Ea2...w4=", "code_masked"),
        (f"{A[:20]}…{A[-8:]}", "code_masked"),
        ("#" + "aB3/" * 70, "code_long"),
        (A[1:26] + "=", "code_unclear"),
    ],
)
def test_n19_what_is_nearly_a_code_is_listed_with_its_reason(text: str, code: str) -> None:
    read = find_codes(f"first line\n{text}")
    assert read.codes == ()
    assert [(one.line, one.reason.code) for one in read.rejected] == [(2, code)]


@pytest.mark.parametrize(
    "text",
    [
        "#skincare #GRWM #TikTokMadeMeBuyIt2026",
        "Congratulations on 100000 followers!",
        "https://www.tiktok.com/@a/video/7450000000000000123?_t=8abcDEF123ghiJKL456mnoPQR789stuVWX",
        "tiktok.com/@a/video/7450000000000000123?is=1Ea2bcde3fUMghijEkL4mOceft5deFRq6za7Jsgn",
        "7450000000000000123",
        "maya.1Ea2bcde3fUMghijEkL4mOceft5deFRq6za7Jsgn@example.com",
        "0f343b0931126a20f133d67c2b018a3b",
        "6f1c2f0e-7a54-5b3e-9d6d-0c1a2b3c4d5e",
        "one/two/three/four/five/six/seven/Eight9/ten/eleven",
        "",
    ],
)
def test_ordinary_text_is_passed_over(text: str) -> None:
    assert find_codes(text) == CodesRead()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("pending", "not_a_code"),
        ("https://vm.tiktok.com/ZMab12CD34/", "code_is_link"),
        ("1Ea2bcde", "not_a_code"),
    ],
)
def test_ss1_a_code_cell_without_a_code_is_listed(text: str, code: str) -> None:
    read = read_code_cell(text, line=17)
    assert [(one.line, one.reason.code) for one in read.rejected] == [(17, code)]


def test_ss1_a_code_cell_keeps_its_row_and_an_empty_one_is_no_error() -> None:
    read = read_code_cell(f"{A}\n{B}\n{A}", line=17)
    assert [(one.code, one.line) for one in read.codes] == [(A, 17), (B, 17)]
    assert [(one.code, one.line) for one in read.repeats] == [(A, 17)]
    assert read_code_cell(" \u200b ") == CodesRead()


@st.composite
def codes(draw: st.DrawFn) -> str:
    """A code as the contract describes it: # and base64 text of 48 or 64 bytes."""
    body = draw(st.text(BASE64, min_size=47, max_size=86))
    return f"#aB3{body}{draw(st.sampled_from(['=', '==']))}"


@settings(deadline=None)
@given(
    st.lists(codes(), min_size=1, max_size=6, unique=True),
    st.sampled_from(["\n", " ", ", ", "\r\n"]),
)
def test_n19_every_code_is_found_whatever_separates_them(texts: list[str], gap: str) -> None:
    with_hash = [code for code, _ in found(gap.join(texts))]
    assert with_hash == texts


@settings(deadline=None)
@given(codes(), st.integers(1, 200))
def test_n19_reading_a_code_twice_changes_nothing(code: str, line: int) -> None:
    once = read_code_cell(code, line=line).codes[0]
    assert read_code_cell(once.code, line=line).codes[0] == once


@settings(deadline=None)
@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(text: str) -> None:
    read = find_codes(text)
    assert all(one.code.startswith("#") for one in read.codes)
