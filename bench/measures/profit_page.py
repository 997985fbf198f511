"""The profit overview of 90 days against the two statements that read what it shows.

That is more than one sum of the rollup: the period and the one before it by day, account and stage
(for the trend, the comparison, the tree and what is settled), the products sold and those without
a cost, the spend that names no post, the orders, the statements, the currencies, what waits to be
booked, and how old the numbers are. A second line is against the sums of the period alone, without
a goal.

At size small the rollup of a shop is some ten thousand rows, which Postgres sums up in a few
milliseconds; the goal was set for a shop of a large client, where it takes longer than a page.
"""

from collections.abc import Iterator
from datetime import timedelta

from bench.runner import Line, Measure, at_most, in_turns
from bench.stage import Stage, show

ROLLUP = """
SELECT day, account, stage, sum(amount) FROM profit_daytotal
 WHERE shop_id = %(shop)s AND basis = 'order' AND day BETWEEN %(before)s AND %(last)s
 GROUP BY day, account, stage
"""
FACTS = """
SELECT
    (SELECT array_agg(ARRAY[title, amount::text])
       FROM (SELECT p.title, sum(t.amount) AS amount
               FROM profit_daytotal t LEFT JOIN catalog_product p ON p.id = t.product_id
              WHERE t.shop_id = %(shop)s AND t.basis = 'order'
                AND t.day BETWEEN %(first)s AND %(last)s AND t.account = 'gmv_without_unit_cost'
              GROUP BY p.title) lacking),
    (SELECT ARRAY[count(DISTINCT product_id) FILTER (WHERE account = 'gmv')::numeric,
                  sum(amount) FILTER (WHERE account = 'ad_spend'),
                  sum(amount) FILTER (WHERE account = 'ad_spend' AND post_id IS NULL)]
       FROM profit_daytotal
      WHERE shop_id = %(shop)s AND basis = 'order' AND day BETWEEN %(first)s AND %(last)s
        AND account IN ('gmv', 'ad_spend')),
    (SELECT count(*) FROM profit_order
      WHERE shop_id = %(shop)s AND order_day BETWEEN %(first)s AND %(last)s
        AND paid_at IS NOT NULL AND NOT is_replacement AND NOT is_sample),
    (SELECT ARRAY[count(*), count(*) FILTER (WHERE rows_total = settlement_amount),
                  count(*) FILTER (WHERE rows_total IS NULL)]
       FROM profit_statement
      WHERE shop_id = %(shop)s AND business_day BETWEEN %(first)s AND %(last)s),
    (SELECT count(*)
       FROM profit_statementline l JOIN profit_statement s ON s.id = l.statement_id
      WHERE s.shop_id = %(shop)s AND s.business_day BETWEEN %(first)s AND %(last)s
        AND l.sku_id = '' AND l.unlisted <> '{}'),
    (SELECT array_agg(DISTINCT c.currency)
       FROM catalog_unitcost c JOIN catalog_sku k ON k.id = c.sku_id
       JOIN catalog_product p ON p.id = k.product_id WHERE p.shop_id = %(shop)s),
    (SELECT array_agg(ARRAY[currency, utc_offset_minutes::text]) FROM catalog_adaccount),
    (SELECT count(*) FROM profit_dirty WHERE shop_id = %(shop)s),
    (SELECT count(*) FROM profit_agencyfee WHERE shop_id = %(shop)s),
    (SELECT count(*) FROM profit_restatement WHERE booked_at > now() - interval '7 days'),
    (SELECT array_agg(ARRAY[stream, last_ok_at::text]) FROM landing_cursor)
"""
SUMS = """
SELECT day, account, stage, sum(amount) FROM profit_daytotal
 WHERE shop_id = %(shop)s AND basis = 'order' AND day BETWEEN %(first)s AND %(last)s
 GROUP BY day, account, stage
"""
DAYS = 90


def run(stage: Stage) -> Iterator[Line]:
    world = stage.world
    browser, path = stage.browser(), f"/c/{world.slug}/profit/?days={DAYS}"
    last = (world.now - timedelta(hours=8)).date()
    first = last - timedelta(days=DAYS - 1)
    asked = {
        "shop": world.shop, "first": first, "last": last, "before": first - timedelta(days=DAYS),
    }  # fmt: skip
    with stage.plain(world.client) as plain:
        ours, ideal, sums = in_turns(
            lambda: show(browser, path),
            lambda: [plain.execute(one, asked).fetchall() for one in (ROLLUP, FACTS)],
            lambda: plain.execute(SUMS, asked).fetchall(),
            rounds=stage.size.shown_rounds,
        )
    yield Line("profit, 90 days / its two ideal queries", ours, ideal, "ms", "<= 4", at_most(4))
    yield Line("profit, 90 days / sums of the period", ours, sums, "ms")


MEASURE = Measure("profit_page", run)
