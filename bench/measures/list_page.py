"""The first page of authorizations against the one statement that reads what it shows.

That is more than its rows: each has its ad accounts, its fee, what ads behind it spend, and the
clock that ends it first, for which the permissions, terms, product links and collaborations of its
post are needed; and the page counts the list up to a thousand. A second line has a list of few
rows, where the frame of the page weighs most. The third is against the bare rows, for comparison
with the lists that were tried before; it has no goal.
"""

from collections.abc import Iterator

import psycopg

from bench.runner import Line, Measure, at_most, in_turns
from bench.stage import Stage, show

IDEAL = """
WITH shown AS MATERIALIZED (
  SELECT a.id, a.kind, a.method, a.state, a.code_mask, a.ends_at, a.next_action, a.created_at,
         a.post_id, a.creator_id, p.caption, p.item_id, p.creator_id AS author_id, c.handle
    FROM authorizations_authorization a
    LEFT JOIN creators_post p ON p.id = a.post_id
    LEFT JOIN creators_creator c ON c.id = a.creator_id
   {where}ORDER BY a.ends_at, a.id LIMIT 51
)
SELECT shown.*, fee.amount, fee.currency, fee.state, held.accounts, spend.paid_currency,
       spend.total, right_of.routes, terms.spans, link.lost, collaboration.spans,
       (SELECT count(*) FROM (SELECT 1 FROM authorizations_authorization LIMIT 1001) AS counted)
  FROM shown
  LEFT JOIN authorizations_fee fee ON fee.authorization_id = shown.id
  LEFT JOIN LATERAL (
    SELECT array_agg(ARRAY[r.state, d.name]) AS accounts
      FROM authorizations_redemption r JOIN catalog_adaccount d ON d.id = r.ad_account_id
     WHERE r.authorization_id = shown.id) held ON true
  LEFT JOIN LATERAL (
    SELECT s.paid_currency, sum(s.paid_spend) AS total FROM creators_postday s
     WHERE s.post_id = shown.post_id AND s.day >= current_date - 7 AND s.day < current_date
       AND s.paid_spend > 0
     GROUP BY s.paid_currency ORDER BY total DESC LIMIT 1) spend ON true
  LEFT JOIN LATERAL (
    SELECT array_agg(ARRAY[o.kind, o.state, o.starts_at::text, o.ends_at::text]) AS routes
      FROM authorizations_authorization o
     WHERE o.post_id = shown.post_id
        OR (o.post_id IS NULL AND o.creator_id = shown.author_id AND o.kind = 'account')
  ) right_of ON true
  LEFT JOIN LATERAL (
    SELECT array_agg(ARRAY[t.starts_on, t.ends_on, t.hold_until]) AS spans
      FROM authorizations_usageterms t
     WHERE t.post_id = shown.post_id
        OR (t.post_id IS NULL AND t.creator_id = shown.author_id)) terms ON true
  LEFT JOIN LATERAL (
    SELECT array_agg(l.lost_at) AS lost FROM creators_postproduct l
     WHERE l.post_id = shown.post_id) link ON true
  LEFT JOIN LATERAL (
    SELECT array_agg(ARRAY[k.starts_at, k.ends_at]) AS spans
      FROM creators_postproduct l JOIN creators_collaboration k ON k.product_id = l.product_id
     WHERE l.post_id = shown.post_id AND k.kind = 'open') collaboration ON true
 ORDER BY shown.ends_at, shown.id
"""

ROWS = """
SELECT a.id, a.kind, a.state, a.code_mask, a.ends_at, a.next_action, a.created_at,
       p.id, p.caption, p.item_id, c.id, c.handle
  FROM authorizations_authorization a
  LEFT JOIN creators_post p ON p.id = a.post_id
  LEFT JOIN creators_creator c ON c.id = a.creator_id
 ORDER BY a.ends_at, a.id LIMIT 51
"""

OF_HANDLE = "WHERE c.handle >= %(word)s AND c.handle < %(word)s || U&'\\FFFF' "
FEW = 10
GOAL = "<= 10", at_most(10)

_NEAREST = """
SELECT c.handle, count(*) FROM creators_creator c
  JOIN authorizations_authorization a ON a.creator_id = c.id
 GROUP BY c.handle ORDER BY abs(count(*) - %s), c.handle LIMIT 1
"""


def run(stage: Stage) -> Iterator[Line]:
    browser, path = stage.browser(), f"/c/{stage.world.slug}/authorizations/"
    rounds, every = stage.size.shown_rounds, IDEAL.replace("{where}", "")
    with stage.plain(stage.world.client) as plain:
        handle, count = _few(plain)
        of_one = IDEAL.replace("{where}", OF_HANDLE)
        ours, ideal, rows, few, ideal_few = in_turns(
            lambda: show(browser, path),
            lambda: plain.execute(every).fetchall(),
            lambda: plain.execute(ROWS).fetchall(),
            lambda: show(browser, f"{path}?q={handle}"),
            lambda: plain.execute(of_one, {"word": handle}).fetchall(),
            rounds=rounds,
        )
    yield Line("list of authorizations / its ideal query", ours, ideal, "ms", *GOAL)
    yield Line(f"list of {count} authorizations / its ideal query", few, ideal_few, "ms", *GOAL)
    yield Line("list of authorizations / its bare rows", ours, rows, "ms")


def _few(plain: psycopg.Connection) -> tuple[str, int]:
    """A creator with about ten permissions, and how many they have."""
    found = plain.execute(_NEAREST, [FEW]).fetchone()
    assert found is not None
    return str(found[0]), int(found[1])


MEASURE = Measure("list_page", run)
