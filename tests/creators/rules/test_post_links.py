"""SS1: a post link in every form TikTok makes, and what is none says why."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from creators.rules.post_links import Found, PostLink, ShortLink, find_links, read_link
from sparkops.reasons import Reason

ID = "7450000000000000123"


@pytest.mark.parametrize(
    ("text", "link"),
    [
        (f"https://www.tiktok.com/@maya.makes/video/{ID}", PostLink(ID, "maya.makes", "video")),
        (f"https://www.tiktok.com/@Maya.Makes/photo/{ID}", PostLink(ID, "maya.makes", "photo")),
        (
            f"https://www.tiktok.com/@maya.makes/video/{ID}?is_from_webapp=1&sender_device=pc#x",
            PostLink(ID, "maya.makes", "video"),
        ),
        (f"tiktok.com/@maya.makes/video/{ID}/", PostLink(ID, "maya.makes", "video")),
        (f"https://m.tiktok.com/@/video/{ID}", PostLink(ID, "", "video")),
        (f"https://m.tiktok.com/v/{ID}.html?u_code=d1", PostLink(ID)),
        (f"https://www.tiktok.com/embed/v2/{ID}", PostLink(ID)),
        (f"https://www.tiktok.com/player/v1/{ID}?loop=1", PostLink(ID)),
        (f"https://www.tiktok.com/foryou?item_id={ID}", PostLink(ID)),
        (ID, PostLink(ID)),
        (f" \u200b{ID}\n", PostLink(ID)),
        (f"<https://www.tiktok.com/@maya.makes/video/{ID}>", PostLink(ID, "maya.makes", "video")),
        (f"look: https://www.tiktok.com/@a_b/video/{ID}", PostLink(ID, "a_b", "video")),
        ("https://vm.tiktok.com/ZMabc1234/", ShortLink("https://vm.tiktok.com/ZMabc1234/")),
        ("vt.tiktok.com/ZSx9y8?k=1", ShortLink("https://vt.tiktok.com/ZSx9y8/")),
        ("https://www.tiktok.com/t/ZTabc/", ShortLink("https://www.tiktok.com/t/ZTabc/")),
    ],
)
def test_ss1_every_form_is_read(text: str, link: PostLink | ShortLink) -> None:
    assert read_link(text) == link


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "link_missing"),
        ("7.45E+18", "id_rounded"),
        ("7,45000000000000E+18", "id_rounded"),
        ("74500000000000001", "id_length"),
        ("123456789012345678901", "id_length"),
        ("https://www.tiktok.com/@maya.makes/video/745", "id_length"),
        ("https://www.tiktok.com/@maya.makes", "link_is_profile"),
        ("https://www.tiktok.com/@maya.makes/live", "link_is_live"),
        ("https://shop.tiktok.com/view/product/1729", "link_is_product"),
        ("https://www.tiktok.com/foryou", "link_without_post"),
        (f"https://tiktok.com.evil.example/@a/video/{ID}", "other_site"),
        (f"https://eviltiktok.com/@a/video/{ID}", "other_site"),
        ("https://instagram.com/p/abc", "other_site"),
        (f"tiktok.com/@a/video/{ID} tiktok.com/@a/video/{ID[:-1]}9", "links_many"),
        ("the blue one", "not_a_link"),
        ("http://[bad", "not_a_link"),
    ],
)
def test_what_is_no_post_link_says_why(text: str, code: str) -> None:
    result = read_link(text)
    assert isinstance(result, Reason), result
    assert result.code == code


def test_n19_links_in_a_thread_come_once_with_their_line() -> None:
    text = (
        f"hi https://www.tiktok.com/@a_b/video/{ID}.\n"
        f"again m.tiktok.com/v/{ID}.html and vm.tiktok.com/ZM12/,\n"
        f"id {ID[:-1]}9"
    )
    assert [(one.line, one.link) for one in find_links(text)] == [
        (1, PostLink(ID, "a_b", "video")),
        (2, ShortLink("https://vm.tiktok.com/ZM12/")),
        (3, PostLink(f"{ID[:-1]}9")),
    ]


def test_codes_and_long_numbers_are_no_ids() -> None:
    text = f"#1Ea2bcde3fUM/{ID}ab= {ID}{ID}"
    assert find_links(text) == ()


@settings(deadline=None)
@given(st.integers(10**17, 10**20 - 1), st.sampled_from(["video", "photo"]))
def test_every_id_survives_every_form(number: int, kind: str) -> None:
    item_id = str(number)
    forms = (item_id, f"tiktok.com/@a_b/{kind}/{item_id}?x=1", f"m.tiktok.com/v/{item_id}.html")
    assert {read_link(form).item_id for form in forms} == {item_id}


@settings(deadline=None)
@given(st.text(max_size=80))
def test_no_text_breaks_the_reader(text: str) -> None:
    assert isinstance(read_link(text), PostLink | ShortLink | Reason)
    assert all(isinstance(one, Found) for one in find_links(text))
