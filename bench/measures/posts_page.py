"""The first page of posts against the one statement that reads what it shows.

That is more than its rows: each has the products linked in it, its tags and who looks after it; the
page counts its four views up to a thousand, and says how old its numbers are. A second line is
against the bare rows, without a goal.
"""

from collections.abc import Iterator

from bench.runner import Line, Measure, at_most, in_turns
from bench.stage import Stage, show

IDEAL = """
SELECT p.id, p.item_id, p.caption, p.availability, p.published_at, p.views, p.orders, p.gmv,
       p.currency, p.paid_views, p.paid_spend, p.paid_currency, p.measured_at, c.handle,
       u.name, u.email,
       ARRAY(SELECT d.title FROM creators_postproduct l JOIN catalog_product d
                 ON d.id = l.product_id
              WHERE l.post_id = p.id AND l.lost_at IS NULL ORDER BY l.id),
       ARRAY(SELECT t.name FROM creators_posttag t WHERE t.post_id = p.id ORDER BY t.name),
       (SELECT count(*) FROM (SELECT 1 FROM creators_post LIMIT 1001) AS every),
       (SELECT count(*) FROM (
            SELECT 1 FROM creators_post o
             WHERE EXISTS (SELECT 1 FROM creators_postproduct l WHERE l.post_id = o.id)
             LIMIT 1001) AS linked),
       (SELECT count(*) FROM (
            SELECT 1 FROM creators_post WHERE paid_currency <> '' LIMIT 1001) AS paid),
       (SELECT count(*) FROM (
            SELECT 1 FROM creators_post WHERE availability IN ('deleted', 'private')
             LIMIT 1001) AS gone),
       (SELECT min(last_ok_at) FROM landing_cursor WHERE stream = 'post_numbers')
  FROM creators_post p
  LEFT JOIN creators_creator c ON c.id = p.creator_id
  LEFT JOIN accounts_user u ON u.id = p.owner_id
 ORDER BY p.published_at DESC NULLS LAST, p.id DESC LIMIT 51
"""
ROWS = """
SELECT p.id, p.item_id, p.caption, p.availability, p.published_at, p.views, p.orders, p.gmv,
       p.currency, p.paid_views, p.paid_spend, p.paid_currency, p.measured_at, c.id, c.handle
  FROM creators_post p LEFT JOIN creators_creator c ON c.id = p.creator_id
 ORDER BY p.published_at DESC NULLS LAST, p.id DESC LIMIT 51
"""


def run(stage: Stage) -> Iterator[Line]:
    browser, path = stage.browser(), f"/c/{stage.world.slug}/posts/"
    with stage.plain(stage.world.client) as plain:
        ours, ideal, rows = in_turns(
            lambda: show(browser, path),
            lambda: plain.execute(IDEAL).fetchall(),
            lambda: plain.execute(ROWS).fetchall(),
            rounds=stage.size.shown_rounds,
        )
    yield Line("list of posts / its ideal query", ours, ideal, "ms", "<= 10", at_most(10))
    yield Line("list of posts / its bare rows", ours, rows, "ms")


MEASURE = Measure("posts_page", run)
