"""Reading ad days into the product against COPY and merge of the same answers.

Ours decodes and checks the answer, keeps the page, loads it and sums up the posts, under the row
policies. The reference parses the JSON, copies all its numbers into a temporary table, merges them
into the ad days and sums those up into the paid half of post days and of posts, in one
transaction: it leaves the same rows in the tables of the domain, and keeps and checks nothing. A
second line has the ad days alone in the reference, without a goal.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import count
from typing import LiteralString

import psycopg

from bench.reports import SPAN, Report, read
from bench.runner import Line, Measure, at_least, in_turns
from bench.stage import Stage
from campaigns.models import Ad
from sparkops.isolation.scope import client_scope

GOAL = 0.45
PAST = timedelta(days=700)
"""The reference writes other days of the same ads, the second one others still."""

STAGED = """
CREATE TEMPORARY TABLE staged (client_id bigint, ad_id bigint, day date, currency text,
    spend numeric, credit numeric, impressions bigint, clicks bigint, reach bigint,
    video_views bigint, video_views_6s bigint, completed_views bigint, likes bigint,
    comments bigint, shares bigint, follows bigint, profile_visits bigint, conversions int,
    claimed_orders int, claimed_revenue numeric, read_at timestamptz) ON COMMIT DROP
"""
MERGED = """
INSERT INTO campaigns_adday AS t (client_id, ad_id, day, currency, spend, credit, impressions,
    clicks, reach, video_views, video_views_6s, completed_views, likes, comments, shares, follows,
    profile_visits, conversions, claimed_orders, claimed_revenue, read_at)
SELECT * FROM staged
ON CONFLICT (client_id, ad_id, day) DO UPDATE
   SET spend = EXCLUDED.spend, impressions = EXCLUDED.impressions, clicks = EXCLUDED.clicks,
       reach = EXCLUDED.reach, video_views = EXCLUDED.video_views,
       video_views_6s = EXCLUDED.video_views_6s, completed_views = EXCLUDED.completed_views,
       likes = EXCLUDED.likes, comments = EXCLUDED.comments, shares = EXCLUDED.shares,
       follows = EXCLUDED.follows, profile_visits = EXCLUDED.profile_visits,
       conversions = EXCLUDED.conversions, claimed_orders = EXCLUDED.claimed_orders,
       claimed_revenue = EXCLUDED.claimed_revenue, read_at = EXCLUDED.read_at
 WHERE (t.spend, t.impressions, t.clicks, t.reach, t.video_views, t.likes, t.conversions)
       IS DISTINCT FROM (EXCLUDED.spend, EXCLUDED.impressions, EXCLUDED.clicks, EXCLUDED.reach,
                         EXCLUDED.video_views, EXCLUDED.likes, EXCLUDED.conversions)
"""
POST_DAYS = """
INSERT INTO creators_postday AS t (client_id, post_id, day, views, likes, comments, shares,
    product_clicks, orders, gmv, currency, paid_views, paid_spend, paid_currency, observed_at)
SELECT paid.client_id, post_id, day, 0, 0, 0, 0, 0, 0, 0, '', views, spend, currency, now()
  FROM (SELECT a.client_id, a.post_id, s.day, s.currency, sum(s.video_views) AS views,
               sum(s.spend) AS spend
          FROM staged s JOIN campaigns_ad a ON a.id = s.ad_id
         WHERE a.post_id IS NOT NULL GROUP BY a.client_id, a.post_id, s.day, s.currency) paid
ON CONFLICT (client_id, post_id, day) DO UPDATE
   SET paid_views = EXCLUDED.paid_views, paid_spend = EXCLUDED.paid_spend,
       paid_currency = EXCLUDED.paid_currency
"""
POSTS = """
UPDATE creators_post p SET paid_views = s.views, paid_spend = s.spend, paid_currency = 'USD'
  FROM (SELECT post_id, sum(paid_views) AS views, sum(paid_spend) AS spend
          FROM creators_postday
         WHERE post_id IN (SELECT a.post_id FROM staged s JOIN campaigns_ad a ON a.id = s.ad_id)
         GROUP BY post_id) s
 WHERE s.post_id = p.id
"""


def run(stage: Stage) -> Iterator[Line]:
    rounds = stage.size.heavy_rounds
    ads = some_ads(stage)
    ours, whole, alone = (
        reports_of(stage, ads, rounds + 1, past) for past in (timedelta(), PAST, 2 * PAST)
    )
    turn, other, third = count(), count(), count()
    with stage.plain(stage.world.client) as plain:
        service, limit, days = in_turns(
            lambda: read(stage.world.client, account(stage), [ours[next(turn)]]),
            lambda: _merge(plain, stage, whole[next(other)], ads, (POST_DAYS, POSTS)),
            lambda: _merge(plain, stage, alone[next(third)], ads),
            rounds=rounds,
        )
    rows = ours[0].row_count
    speed, most = per_second(rows, service), per_second(rows, limit)
    yield Line(
        "ingest of ad days / COPY and merge", speed, most, "rows/s", f">= {GOAL}", at_least(GOAL)
    )
    yield Line("ingest of ad days / ad days alone", speed, per_second(rows, days), "rows/s")


def some_ads(stage: Stage) -> dict[str, int]:
    """As many ads of the large client as fill a report, own keys by TikTok's ids."""
    wanted = max(stage.size.report_rows // SPAN, 1)
    with client_scope(stage.world.client):
        return dict(Ad.objects.order_by("pk").values_list("ad_id", "pk")[:wanted])


def reports_of(
    stage: Stage, ads: dict[str, int], rounds: int, past: timedelta = timedelta()
) -> list[Report]:
    """A report per round, each of other days, going forward in time."""
    today = stage.world.now.date() - past
    first = [today - timedelta(days=SPAN * (rounds - one)) for one in range(rounds)]
    return [Report(day, day + timedelta(days=SPAN - 1), list(ads)) for day in first]


def account(stage: Stage) -> str:
    """TikTok's id of the large client's ad account."""
    return f"70{stage.world.ad_account:08}"


def per_second(rows: int, times: Sequence[float]) -> list[float]:
    """Rows per second from milliseconds per round."""
    return [rows / spent * 1000 for spent in times]


def _merge(
    plain: psycopg.Connection,
    stage: Stage,
    report: Report,
    ads: dict[str, int],
    sums: Sequence[LiteralString] = (),
) -> None:
    with plain.transaction(), plain.cursor() as cursor:
        cursor.execute(STAGED)
        with cursor.copy("COPY staged FROM STDIN") as target:
            for body in report.pages:
                for row in json.loads(body)["data"]["list"]:
                    seen, told = row["dimensions"], row["metrics"]
                    target.write_row(
                        (
                            stage.world.client, ads[seen["ad_id"]], seen["stat_time_day"][:10],
                            "USD", told["spend"], 0, told["impressions"], told["clicks"],
                            told["reach"], told["video_play_actions"], told["video_watched_6s"],
                            told["video_views_p100"], told["likes"], told["comments"],
                            told["shares"], told["follows"], told["profile_visits"],
                            told["conversion"], told["onsite_shopping"],
                            told["total_onsite_shopping_value"], stage.world.now,
                        )
                    )  # fmt: skip
        cursor.execute(MERGED)
        assert cursor.rowcount == report.row_count
        for statement in sums:
            cursor.execute(statement)


MEASURE = Measure("ingest", run)
