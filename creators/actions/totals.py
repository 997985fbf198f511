"""Figures that lists sort by: sums of a post's days, and of a creator's posts and samples.

Each is one statement over the open client's rows that touches only what differs.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import connection

from creators.rules.samples import OPEN, SampleState
from sparkops.isolation.plans import whole_tables

RECENT_DAYS = 30

# Spend in two currencies is not added up: the one with most days counts. One pass over the days:
# a join of them with sums of themselves ran for hours where the planner expected a single row.
_POSTS = """
WITH parts AS (
    SELECT post_id, paid_currency AS currency, count(*) AS days, sum(views) AS views,
           sum(orders) AS orders, sum(gmv) AS gmv, sum(paid_views) AS paid_views,
           sum(paid_spend) AS paid_spend
      FROM creators_postday
     WHERE %(every)s OR post_id = ANY(%(posts)s)
     GROUP BY post_id, paid_currency),
summed AS (
    SELECT post_id, sum(views) AS views, sum(orders) AS orders, sum(gmv) AS gmv,
           sum(paid_views) AS paid_views,
           coalesce((array_agg(paid_spend ORDER BY days DESC, currency)
                     FILTER (WHERE currency <> ''))[1], 0) AS paid_spend,
           coalesce((array_agg(currency ORDER BY days DESC, currency)
                     FILTER (WHERE currency <> ''))[1], '') AS paid_currency
      FROM parts GROUP BY post_id)
UPDATE creators_post p
   SET views = s.views, orders = s.orders, gmv = s.gmv, paid_views = s.paid_views,
       paid_spend = s.paid_spend, paid_currency = s.paid_currency, measured_at = %(now)s
  FROM summed s
 WHERE s.post_id = p.id
   AND (p.views, p.orders, p.gmv, p.paid_views, p.paid_spend, p.paid_currency)
       IS DISTINCT FROM (s.views, s.orders, s.gmv, s.paid_views, s.paid_spend, s.paid_currency)
"""

_CREATORS = """
WITH made AS (
    SELECT creator_id, count(*) AS posts, max(published_at) AS last_at,
           min(published_at) FILTER (WHERE EXISTS (
               SELECT 1 FROM creators_postproduct l WHERE l.post_id = p.id)) AS first_at
      FROM creators_post p WHERE creator_id IS NOT NULL GROUP BY creator_id),
recent AS (
    SELECT p.creator_id, d.currency, sum(d.views) AS views, sum(d.gmv) AS gmv
      FROM creators_postday d JOIN creators_post p ON p.id = d.post_id
     WHERE d.day BETWEEN %(first)s AND %(today)s AND p.creator_id IS NOT NULL
     GROUP BY p.creator_id, d.currency),
sold AS (
    SELECT DISTINCT ON (creator_id) creator_id, currency, gmv,
           sum(views) OVER (PARTITION BY creator_id) AS views
      FROM recent ORDER BY creator_id, gmv DESC, currency DESC),
sampled AS (
    SELECT creator_id, count(*) FILTER (WHERE state = ANY(%(open)s)) AS open,
           count(*) FILTER (WHERE state = %(overdue)s) AS overdue
      FROM creators_sample GROUP BY creator_id)
UPDATE creators_creator c
   SET post_count = f.posts, first_posted_at = f.first_at, last_posted_at = f.last_at,
       views_30d = f.views, gmv_30d = f.gmv, gmv_currency = f.currency,
       samples_open = f.open, samples_overdue = f.overdue
  FROM (SELECT o.id, coalesce(m.posts, 0) AS posts, m.first_at, m.last_at,
               coalesce(s.views, 0) AS views, coalesce(s.gmv, 0) AS gmv,
               coalesce(s.currency, '') AS currency,
               coalesce(a.open, 0) AS open, coalesce(a.overdue, 0) AS overdue
          FROM creators_creator o
          LEFT JOIN made m ON m.creator_id = o.id
          LEFT JOIN sold s ON s.creator_id = o.id
          LEFT JOIN sampled a ON a.creator_id = o.id) f
 WHERE f.id = c.id
   AND (c.post_count, c.first_posted_at, c.last_posted_at, c.views_30d, c.gmv_30d,
        c.gmv_currency, c.samples_open, c.samples_overdue)
       IS DISTINCT FROM (f.posts, f.first_at, f.last_at, f.views, f.gmv, f.currency, f.open,
                         f.overdue)
"""


def sum_posts(*, now: datetime, posts: Collection[int] | None = None) -> int:
    """Totals of the given posts (own ids), or of all; returns how many changed."""
    with connection.cursor() as cursor, whole_tables(cursor):
        cursor.execute(_POSTS, {"now": now, "every": posts is None, "posts": list(posts or ())})
        return cursor.rowcount


def sum_creators(*, today: date) -> int:
    """Posts, samples and the last 30 days of every creator; returns how many changed.

    `today` is the shop's day and counts as the last of the 30. Amounts in two currencies are not
    added up: the one in which the creator sold most counts.
    """
    with connection.cursor() as cursor, whole_tables(cursor):
        cursor.execute(
            _CREATORS,
            {
                "today": today,
                "first": today - timedelta(days=RECENT_DAYS - 1),
                "open": [state.value for state in OPEN],
                "overdue": SampleState.OVERDUE.value,
            },
        )
        return cursor.rowcount
