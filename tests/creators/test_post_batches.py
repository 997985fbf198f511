"""The list of posts at scale: order by index, filters in the URL, doing it with all that match."""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
import time_machine
from django.db import connection, connections
from django.test import Client as Browser
from django.urls import reverse

from authorizations.models import Authorization
from creators.actions.post_batches import assign_posts, tag_posts, undo_batch
from creators.models import Post, PostBatch, PostTag
from creators.queries import posts_of_view
from creators.rules.tags import plain_tag
from creators.tables import posts_table
from sparkops.audit.record import Actor
from sparkops.errors import Refusal
from sparkops.isolation.scope import client_scope
from sparkops.renewals.models import Ask, Run
from sparkops.web.keyset import PAGE_SIZE, paginate
from tests.factories import ads
from tests.factories.cast import Cast
from tests.factories.creators import NOW, make_post, make_product

pytestmark = pytest.mark.django_db
BY = Actor("Ann")
MANY = PAGE_SIZE + 12


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def fifty_thousand_posts(client_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO creators_post (client_id, item_id, caption, thumbnail_url, availability,"
            " published_at, first_seen_at, source, views, orders, gmv, currency, paid_views,"
            " paid_spend, paid_currency)"
            " SELECT %s, n::text, '', '', 'public', %s - n * interval '1 minute', %s, 'shop',"
            " n %% 997, n %% 89, n %% 1009, 'USD', n %% 499, n %% 211, 'USD'"
            " FROM generate_series(1, 50000) n",
            [client_id, NOW, NOW],
        )


def plan_of(sort: str) -> str:
    """How the database reads the first page in an order, and the page after it."""
    order = posts_table("glow").sort(sort).order
    rows = Post.objects.all()
    plans = []
    for cursor in ("", paginate(rows, order).next):
        seen: list[str] = []

        def note(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
            seen.append(context["cursor"].mogrify(sql, params))  # noqa: B023
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            paginate(rows, order, cursor)
        with connection.cursor() as reader:
            reader.execute("EXPLAIN " + seen[0])
            plans.append("\n".join(line for (line,) in reader.fetchall()))
    return "\n".join(plans)


@pytest.fixture
def analyzed(transactional_db: None) -> Iterator[Callable[[], None]]:
    """Statistics as autovacuum makes them: only the owner of the tables may."""
    owner = connections["owner"].settings_dict
    names = {"USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    given = {ours: owner[theirs] for theirs, ours in names.items() if owner[theirs]}
    name = connection.settings_dict["NAME"]
    with psycopg.connect(dbname=name, autocommit=True, **given) as session:
        yield lambda: session.execute("ANALYZE creators_post") and None


@pytest.mark.django_db(transaction=True)
def test_ct6_fifty_thousand_posts_sort_by_every_shown_metric_without_a_sort(
    cast: Cast, analyzed: Callable[[], None]
) -> None:
    """CT6: in both directions each page is read from an index in order; nothing is sorted."""
    metrics = sorted(posts_table("glow").sorts)
    assert metrics == ["gmv", "orders", "paid_spend", "paid_views", "published", "views"]
    with client_scope(cast.client.pk):
        fifty_thousand_posts(cast.client.pk)
    analyzed()
    with client_scope(cast.client.pk):
        for metric in metrics:
            for sign in ("", "-"):
                plan = plan_of(sign + metric)
                assert "Index Scan" in plan, f"{sign}{metric}: {plan}"
                assert "Sort" not in plan, f"{sign}{metric}: {plan}"
                assert "Seq Scan" not in plan, f"{sign}{metric}: {plan}"


@pytest.fixture
def browser_of(cast: Cast) -> Any:
    def signed_in(role: str) -> Browser:
        browser = Browser()
        browser.force_login(cast.members[role])
        return browser

    return signed_in


def url_of(cast: Cast, name: str, **kwargs: Any) -> str:
    return reverse(name, kwargs={"client": cast.client.slug, **kwargs})


def many_posts() -> list[int]:
    """More than a page that match `?creator=mia`, and three that do not."""
    serum = make_product()
    mine = [make_post("mia", NOW - timedelta(hours=n), product=serum).pk for n in range(MANY)]
    for _ in range(3):
        make_post("zoe", product=serum)
    return mine


def test_ct6_filters_and_order_survive_reload_paging_and_sharing(
    cast: Cast, browser_of: Any
) -> None:
    """CT6: the URL is the whole state: the next page and another person's browser keep it."""
    with client_scope(cast.client.pk):
        many_posts()
        tag_posts(list(Post.objects.values_list("pk", flat=True)), "Winner", by=BY, now=NOW)
    url = url_of(cast, "creators:posts") + "?creator=%40mia&posted=30&tag=winner&sort=-views"
    text = browser_of("owner").get(url).content.decode()
    again = browser_of("viewer").get(url).content.decode()
    for page in (text, again):
        assert f"{PAGE_SIZE} of {MANY} posts" in page
        for chip in ("@mia", "Last 30 days", "winner"):
            assert chip in page
    link = text[text.index('rel="next" href="') :].split('"')[3].replace("&amp;", "&")
    for part in ("creator=%40mia", "posted=30", "tag=winner", "sort=-views", "cursor="):
        assert part in link
    second = browser_of("viewer").get(url_of(cast, "creators:posts") + link).content.decode()
    assert f"{MANY - PAGE_SIZE} of {MANY} posts" in second
    assert "@zoe" not in second


def test_ct9_tag_and_assign_act_on_all_that_match_and_not_only_on_the_page(
    cast: Cast, browser_of: Any
) -> None:
    """CT9: every matching post, none of the others, and back again."""
    with client_scope(cast.client.pk):
        mine = many_posts()
    owner = cast.members["affiliate"]
    url = url_of(cast, "creators:post-batch")
    asked = browser_of("affiliate").get(f"{url}?creator=mia&all=1").content.decode()
    assert f"Change {MANY} posts" in asked
    data = {"creator": "mia", "all": "1", "set_tag": "#Top  Pick", "set_owner": str(owner.pk)}
    assert browser_of("viewer").post(url, data).status_code == 403
    done = browser_of("affiliate").post(url, data)
    assert done.status_code == 302
    with client_scope(cast.client.pk):
        assert set(PostTag.objects.values_list("post_id", "name")) == {
            (pk, "top pick") for pk in mine
        }
        assert set(Post.objects.filter(owner=owner).values_list("pk", flat=True)) == set(mine)
    listed = browser_of("viewer").get(url_of(cast, "creators:posts") + "?tag=Top+Pick")
    assert f"{PAGE_SIZE} of {MANY} posts" in listed.content.decode()
    page = browser_of("affiliate").get(done.headers["Location"]).content.decode()
    assert f"{MANY} posts given to {owner}" in page
    with client_scope(cast.client.pk):
        batches = list(PostBatch.objects.order_by("pk"))
    for batch in batches:
        undone = browser_of("affiliate").post(url_of(cast, "creators:post-batch-undo", pk=batch.pk))
        assert undone.status_code == 302
    with client_scope(cast.client.pk):
        assert not PostTag.objects.exists()
        assert not Post.objects.filter(owner=owner).exists()


def test_taking_back_leaves_alone_what_was_so_before_or_changed_since(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        first, second, third = (make_post("mia").pk for _ in range(3))
        ann, ben = cast.members["owner"], cast.members["manager"]
        tag_posts([first], "winner", by=BY, now=NOW)
        tagged = tag_posts([first, second], "Winner", by=BY, now=NOW)
        assert (tagged.chosen, tagged.changed) == (2, 1)
        assign_posts([third], ben, by=BY, now=NOW)
        given = assign_posts([first, second, third], ann, by=BY, now=NOW)
        assign_posts([second], None, by=BY, now=NOW)
        assert undo_batch(tagged, by=BY, now=NOW) == 1
        assert undo_batch(given, by=BY, now=NOW) == 2
        assert list(PostTag.objects.values_list("post_id", flat=True)) == [first]
        owners = dict(Post.objects.values_list("pk", "owner_id"))
        assert owners == {first: None, second: None, third: ben.pk}
        with pytest.raises(Refusal):
            undo_batch(given, by=BY, now=NOW)


def test_ct9_rights_are_requested_for_all_that_match_and_lack_them(
    cast: Cast, browser_of: Any
) -> None:
    """CT9: one run with one message for each matching post without a permission, once."""
    with client_scope(cast.client.pk):
        mine = many_posts()
        has = Post.objects.get(pk=mine[0])
        ads.covered(has, now=NOW)
    url = url_of(cast, "renewals:request-rights")
    asked = browser_of("affiliate").get(f"{url}?creator=mia&all=1").content.decode()
    assert f"Request rights for {MANY} posts?" in asked
    data = {"creator": "mia", "all": "1", "days": "30"}
    assert browser_of("viewer").post(url, data).status_code == 403
    assert browser_of("affiliate").post(url, data).status_code == 302
    with client_scope(cast.client.pk):
        assert Run.objects.get().total == MANY - 1
        asks = Ask.objects.values_list("authorization__post_id", flat=True)
        assert sorted(asks) == sorted(mine[1:])
        drafts = Authorization.objects.filter(state__in=["draft", "requested"])
        assert drafts.count() == MANY - 1
    assert browser_of("affiliate").post(url, data).status_code == 302
    with client_scope(cast.client.pk):
        assert Authorization.objects.exclude(post=has).count() == MANY - 1


def test_ct9_the_export_holds_all_that_match(cast: Cast, browser_of: Any) -> None:
    """CT9: every row of the filtered list, also beyond the page."""
    with client_scope(cast.client.pk):
        mine = many_posts()
        tag_posts(mine[:1], "winner", by=BY, now=NOW)
        ids = set(Post.objects.filter(pk__in=mine).values_list("item_id", flat=True))
    url = url_of(cast, "creators:posts") + "?creator=mia&export=csv"
    sheet = browser_of("owner").get(url).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(sheet)))
    assert {row["Post id"].lstrip("'") for row in rows} == ids
    assert [row["Tags"] for row in rows if row["Tags"]] == ["winner"]


def test_the_list_of_posts_offers_all_that_match(cast: Cast, browser_of: Any) -> None:
    with client_scope(cast.client.pk):
        many_posts()
        assert posts_of_view("").count() == MANY + 3
    url = url_of(cast, "creators:posts") + "?creator=mia"
    page = browser_of("owner").get(url).content.decode()
    for name in ("creators:post-batch", "renewals:request-rights"):
        assert f"{url_of(cast, name)}?creator=mia&amp;all=1" in page
    assert f"All {MANY} in this view" in page
    assert "set_tag" not in browser_of("viewer").get(url).content.decode()


def test_a_tag_has_one_spelling() -> None:
    assert plain_tag("  #Top   Pick ") == "top pick"
    assert plain_tag(" # ") == ""
