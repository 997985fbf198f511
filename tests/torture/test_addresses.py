"""The addresses that torture asks: every one of the product, with every hole filled."""

import re

import pytest

from bench.torture.scenarios.isolation import WORDS, addresses, filled
from bench.torture.stage import make_stage


@pytest.mark.django_db
@pytest.mark.parametrize("below", ["c/<slug:client>/", "api/v1/clients/<slug:client>/"])
def test_no_hole_of_an_address_is_left_open(below: str) -> None:
    stage = make_stage()
    paths = [filled(path, "glow", stage, 3) for path, _ in addresses(below)]
    assert [path for path in paths if re.search(r"[<>^$(|\\]", path)] == []
    assert len(paths) == len(set(paths))


def test_each_view_of_a_choice_is_asked_by_its_own_word() -> None:
    tables = {path for path, _ in addresses("c/<slug:client>/") if "/profit/by/" in path}
    assert {path.rpartition("/by/")[2] for path in tables} == {f"{one}/" for one in WORDS["view"]}
