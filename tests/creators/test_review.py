"""Posts tied to products by what they say, and the list of those that a person decides (CT4)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from creators.actions.matching import decide, match_posts, set_clues
from creators.models import Post, PostMatch, PostProduct
from creators.queries.matching import to_decide
from sparkops.audit.models import Event
from sparkops.audit.record import Actor
from sparkops.catalog.models import Product
from sparkops.errors import Refusal
from sparkops.isolation.scope import client_scope
from tests.factories.cast import Cast
from tests.factories.creators import NOW, make_creator, make_post, make_product

pytestmark = pytest.mark.django_db
BY = Actor("Ann")


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def browser_of(cast: Cast) -> Any:
    def signed_in(role: str) -> Browser:
        browser = Browser()
        browser.force_login(cast.members[role])
        return browser

    return signed_in


def url_of(cast: Cast, name: str, **kwargs: Any) -> str:
    return reverse(name, kwargs={"client": cast.client.slug, **kwargs})


def words(product: Product, **more: list[str]) -> None:
    given: dict[str, list[str]] = {"hashtags": [], "mentions": [], "keywords": []} | more
    set_clues(product, **given, by=BY, now=NOW)


def of_nobody(caption: str) -> Post:
    """A post whose author was never told."""
    post = make_post("ghost", caption=caption)
    Post.objects.filter(pk=post.pk).update(creator=None)
    return post


def match_of(post: Post) -> PostMatch:
    return PostMatch.objects.get(post=post)


def test_ct4_by_link_hashtag_mention_and_keyword_the_strongest_clue_decides(cast: Cast) -> None:
    """CT4: a link needs no word; a hashtag counts before a mention, that before a keyword."""
    with client_scope(cast.client.pk):
        serum, cream = make_product("Dew Serum"), make_product("Night Cream")
        words(serum, hashtags=["dewserum"], keywords=["dew serum"])
        words(cream, mentions=["nightcream"])
        linked = make_post("mia", product=cream, caption="#dewserum")
        by_hashtag = make_post("mia", caption="my #DewSerum and @nightcream")
        by_mention = make_post("mia", caption="dew serum, thanks @nightcream")
        by_keyword = make_post("mia", caption="This Dew Serum is it")
        silent = make_post("mia", caption="hello")
        assert match_posts(now=NOW) == 4
        assert not PostMatch.objects.filter(post=linked).exists()
        found = {post.pk: match_of(post) for post in (by_hashtag, by_mention, by_keyword, silent)}
        assert [(one.product, one.kind, one.state) for one in found.values()] == [
            (serum, "hashtag", "certain"),
            (cream, "mention", "certain"),
            (serum, "keyword", "certain"),
            (None, "", "nothing"),
        ]
        assert match_posts(now=NOW) == 0
        assert not to_decide().exists()
        assert PostProduct.objects.count() == 1


def test_ct4_what_is_ambiguous_goes_to_the_review_list_and_to_nobody(cast: Cast) -> None:
    """CT4: two products by one word, and an author who is only mentioned: nothing is written."""
    with client_scope(cast.client.pk):
        serum, cream = make_product("Dew Serum"), make_product("Night Cream")
        for product in (serum, cream):
            words(product, hashtags=["glow"])
        make_creator("ben")
        both = make_post("mia", caption="#glow")
        ghost = of_nobody("shot by @ben")
        match_posts(now=NOW)
        assert {one.post_id for one in to_decide()} == {both.pk, ghost.pk}
        assert [match_of(one).product for one in (both, ghost)] == [None, None]
        ghost.refresh_from_db()
        assert ghost.creator is None
        assert [one["sentence"] for one in match_of(ghost).evidence] == [
            "The caption mentions @ben."
        ]
        assert {one.get("product") for one in match_of(both).evidence if "product" in one} == {
            str(serum.pk),
            str(cream.pk),
        }


def test_ct4_a_person_decides_once_and_new_words_do_not_undo_it(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        serum = make_product("Dew Serum")
        ben = make_creator("ben")
        ghost = of_nobody("@ben and @zoe")
        match_posts(now=NOW)
        decide(match_of(ghost), creator=ben, product=serum, by=BY, now=NOW)
        ghost.refresh_from_db()
        assert (ghost.creator, match_of(ghost).product) == (ben, serum)
        assert Event.objects.get(verb="post.match_decided").data["creator"] == "@ben"
        with pytest.raises(Refusal, match="before"):
            decide(match_of(ghost), creator=None, product=None, by=BY, now=NOW)
        words(serum, hashtags=["x"])
        assert match_posts(now=NOW) == 0
        assert match_of(ghost).state == "decided"


def test_ct4_new_words_look_again_and_a_link_that_came_settles_it(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        serum, cream = make_product("Dew Serum"), make_product("Night Cream")
        post = make_post("mia", caption="#glow #serum")
        match_posts(now=NOW)
        assert match_of(post).state == "nothing"
        words(serum, hashtags=["glow"])
        words(cream, hashtags=["glow"])
        assert match_posts(now=NOW) == 1
        assert to_decide().count() == 1
        PostProduct.objects.create(post=post, product=serum)
        assert to_decide().count() == 0


def test_ct4_the_review_list_and_the_decision_by_page(cast: Cast, browser_of: Any) -> None:
    with client_scope(cast.client.pk):
        serum, ben = make_product("Dew Serum"), make_creator("ben")
        ghost = of_nobody("shot by @ben")
        match_posts(now=NOW)
        row = match_of(ghost)
    listed = browser_of("viewer").get(url_of(cast, "creators:review")).content.decode()
    assert "The caption mentions @ben." in listed
    url = url_of(cast, "creators:match", pk=row.pk)
    assert browser_of("viewer").get(url).status_code == 403
    affiliate = browser_of("affiliate")
    assert "shot by @ben" in affiliate.get(url).content.decode()
    wrong = affiliate.post(url, {"creator": "@nobody.here"})
    assert wrong.status_code == 422
    assert "add the creator first" in wrong.content.decode()
    assert affiliate.post(url, {"creator": "@Ben", "product": serum.pk}).status_code == 302
    late = affiliate.post(url, {"product": ""})
    assert late.status_code == 422
    assert "Somebody decided this before." in late.content.decode()
    with client_scope(cast.client.pk):
        assert Post.objects.get(pk=ghost.pk).creator == ben
    assert "Nothing to decide" in affiliate.get(url_of(cast, "creators:review")).content.decode()


def test_words_of_a_product_are_kept_in_one_spelling(cast: Cast, browser_of: Any) -> None:
    with client_scope(cast.client.pk):
        serum = make_product("Dew Serum")
    url, browser = url_of(cast, "creators:clues"), browser_of("affiliate")
    assert "No words yet" in browser.get(url).content.decode()
    assert browser_of("viewer").get(url).status_code == 403
    data = {"product": serum.pk, "hashtags": "#Glow, glow,#Dew", "keywords": "Dew  Serum"}
    assert browser.post(url, data).status_code == 302
    many = {"product": serum.pk, "hashtags": ",".join(f"tag{n}" for n in range(21))}
    assert browser.post(url, many).status_code == 422
    page = browser.get(f"{url}?product={serum.pk}").content.decode()
    assert 'value="glow, dew"' in page
    assert "dew serum" in page


def test_the_review_list_costs_the_same_queries_for_more(cast: Cast, browser_of: Any) -> None:
    url, browser, counts = url_of(cast, "creators:review"), browser_of("owner"), []
    browser.get(url)
    for many in (1, 20):
        with client_scope(cast.client.pk):
            for n in range(many):
                make_post("mia", NOW - timedelta(hours=n))
                of_nobody("who is it")
            match_posts(now=NOW)
        with CaptureQueriesContext(connection) as seen:
            browser.get(url)
        counts.append(len(seen))
    assert counts[0] == counts[1]
