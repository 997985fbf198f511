"""The first page of authorizations against the one keyset query that has its rows."""

from collections.abc import Iterator

from bench.runner import Line, Measure, at_most, in_turns
from bench.stage import Stage, show

IDEAL = """
SELECT a.id, a.kind, a.state, a.code_mask, a.ends_at, a.next_action, a.created_at,
       p.id, p.caption, p.item_id, c.id, c.handle
  FROM authorizations_authorization a
  LEFT JOIN creators_post p ON p.id = a.post_id
  LEFT JOIN creators_creator c ON c.id = a.creator_id
 ORDER BY a.ends_at, a.id LIMIT 51
"""


def run(stage: Stage) -> Iterator[Line]:
    browser, path = stage.browser(), f"/c/{stage.world.slug}/authorizations/"
    with stage.plain(stage.world.client) as plain:
        ours, ideal = in_turns(
            lambda: show(browser, path),
            lambda: plain.execute(IDEAL).fetchall(),
            rounds=stage.size.shown_rounds,
        )
    yield Line("list of authorizations / its keyset query", ours, ideal, "ms", "<= 10", at_most(10))


MEASURE = Measure("list_page", run)
