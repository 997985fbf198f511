import pytest

from sparkops.tiktok.errors import Unexpected
from sparkops.tiktok.paging import Page, walk_numbers, walk_tokens
from sparkops.tiktok.values import Record


class Thing(Record):
    id: str


class Things(Record):
    things: list[Thing] = []


def page(ids: list[str], next_token: str = "") -> Page[Things, Thing]:
    raw = {"things": [{"id": thing_id} for thing_id in ids]}
    return Page(
        raw=raw,
        request_id="r",
        next_token=next_token,
        row_count=len(ids),
        read=Things.model_validate,
        pick=lambda content: content.things,
    )


def fetcher(pages: dict, asked: list):
    def fetch(key):
        asked.append(key)
        return pages[key]

    return fetch


def ids(pages) -> list[str]:
    return [thing.id for page in pages for thing in page.items]


def test_tokens_are_followed_to_the_last_page():
    asked: list[str] = []
    pages = {"": page(["1"], "t/+=1"), "t/+=1": page(["2"], "t2"), "t2": page(["3"])}
    assert ids(walk_tokens(fetcher(pages, asked), api="shop")) == ["1", "2", "3"]
    assert asked == ["", "t/+=1", "t2"]


def test_a_walk_goes_on_at_a_stored_token():
    pages = {"t2": page(["3"])}
    assert ids(walk_tokens(fetcher(pages, []), api="shop", start="t2")) == ["3"]


def test_an_empty_page_with_a_token_ends_the_walk():
    pages = {"": page(["1"], "t1"), "t1": page([], "t2")}
    assert ids(walk_tokens(fetcher(pages, []), api="shop")) == ["1"]


@pytest.mark.parametrize("again", ["t1", "t0"])
def test_a_repeated_token_is_a_loop_and_not_an_end(again):
    pages = {"": page(["1"], "t0"), "t0": page(["2"], "t1"), "t1": page(["3"], again)}
    walk = walk_tokens(fetcher(pages, []), api="shop")
    read = [next(walk) for _ in range(3)]
    assert ids(read) == ["1", "2", "3"]
    with pytest.raises(Unexpected) as caught:
        next(walk)
    assert caught.value.reason == "paging_loop"


def test_a_page_is_handed_out_before_the_next_is_asked_for():
    asked: list[str] = []
    pages = {"": page(["1"], "t1"), "t1": page(["2"])}
    walk = walk_tokens(fetcher(pages, asked), api="shop")
    next(walk)
    assert asked == [""]


def test_an_endless_walk_is_cut_off_and_says_so():
    walk = walk_tokens(lambda token: page(["1"], token + "x"), api="shop", max_pages=4)
    with pytest.raises(Unexpected) as caught:
        list(walk)
    assert caught.value.reason == "paging_cap"


def test_numbers_are_counted_up():
    asked: list[int] = []
    pages = {1: page(["1"], "2"), 2: page(["2"], "3"), 3: page(["3"])}
    assert ids(walk_numbers(fetcher(pages, asked), api="ads")) == ["1", "2", "3"]
    assert asked == [1, 2, 3]


def test_a_page_equal_to_the_one_before_is_a_loop():
    walk = walk_numbers(lambda number: page(["1"], str(number + 1)), api="ads")
    next(walk)
    with pytest.raises(Unexpected) as caught:
        next(walk)
    assert caught.value.reason == "paging_loop"


def test_numbers_are_cut_off_and_say_so():
    walk = walk_numbers(lambda n: page([str(n)], str(n + 1)), api="ads", max_pages=3)
    with pytest.raises(Unexpected) as caught:
        list(walk)
    assert caught.value.reason == "paging_cap"
