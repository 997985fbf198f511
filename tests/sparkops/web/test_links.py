"""Addresses of rows are those of the URL map."""

from types import SimpleNamespace

import pytest
from django.urls import NoReverseMatch, reverse

from sparkops.web.links import page_of


@pytest.mark.parametrize("slug", ["glow", "0", "a0-0b"])
@pytest.mark.parametrize("pk", [1, 10, 7_500_000])
def test_the_address_of_a_row_is_that_of_the_url_map(slug: str, pk: int) -> None:
    of = page_of("authorizations:detail", client=slug)
    wanted = reverse("authorizations:detail", kwargs={"client": slug, "pk": pk})
    assert of(SimpleNamespace(pk=pk)) == wanted


def test_a_page_that_is_not_there_is_no_address() -> None:
    with pytest.raises(NoReverseMatch):
        page_of("authorizations:nothing", client="glow")(SimpleNamespace(pk=1))
