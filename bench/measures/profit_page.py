"""The profit overview of 90 days against one rollup query that has all its sums."""

from collections.abc import Iterator
from datetime import timedelta

from bench.runner import Line, Measure, at_most, in_turns
from bench.stage import Stage, show

IDEAL = """
SELECT day, account, stage, sum(amount) FROM profit_daytotal
 WHERE shop_id = %s AND basis = 'order' AND day BETWEEN %s AND %s
 GROUP BY day, account, stage
"""
DAYS = 90


def run(stage: Stage) -> Iterator[Line]:
    world = stage.world
    browser, path = stage.browser(), f"/c/{world.slug}/profit/?days={DAYS}"
    last = (world.now - timedelta(hours=8)).date()
    asked = [world.shop, last - timedelta(days=DAYS - 1), last]
    with stage.plain(world.client) as plain:
        ours, ideal = in_turns(
            lambda: show(browser, path),
            lambda: plain.execute(IDEAL, asked).fetchall(),
            rounds=stage.size.shown_rounds,
        )
    yield Line("profit, 90 days / its rollup query", ours, ideal, "ms", "<= 4", at_most(4))


MEASURE = Measure("profit_page", run)
