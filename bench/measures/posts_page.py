"""The first page of posts against the one keyset query that has its rows."""

from collections.abc import Iterator

from bench.runner import Line, Measure, at_most, in_turns
from bench.stage import Stage, show

IDEAL = """
SELECT p.id, p.item_id, p.caption, p.availability, p.published_at, p.views, p.orders, p.gmv,
       p.currency, p.paid_views, p.paid_spend, p.paid_currency, p.measured_at, c.id, c.handle
  FROM creators_post p LEFT JOIN creators_creator c ON c.id = p.creator_id
 ORDER BY p.published_at DESC NULLS LAST, p.id DESC LIMIT 51
"""


def run(stage: Stage) -> Iterator[Line]:
    browser, path = stage.browser(), f"/c/{stage.world.slug}/posts/"
    with stage.plain(stage.world.client) as plain:
        ours, ideal = in_turns(
            lambda: show(browser, path),
            lambda: plain.execute(IDEAL).fetchall(),
            rounds=stage.size.shown_rounds,
        )
    yield Line("list of posts / its keyset query", ours, ideal, "ms", "<= 10", at_most(10))


MEASURE = Measure("posts_page", run)
