"""Reading ad days into the product against COPY and merge of the same answers.

Ours decodes and checks the answer, keeps the page, loads it and sums up the posts, under the row
policies. The reference parses the JSON, copies into a temporary table and merges, and keeps nothing
else.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import count

import psycopg

from bench.reports import SPAN, Report, read
from bench.runner import Line, Measure, at_least, in_turns
from bench.stage import Stage
from campaigns.models import Ad
from sparkops.isolation.scope import client_scope

GOAL = 0.45
PAST = timedelta(days=700)
"""The reference writes other days of the same ads."""

STAGED = """
CREATE TEMPORARY TABLE staged (client_id bigint, ad_id bigint, day date, currency text,
    spend numeric, credit numeric, impressions bigint, clicks bigint, video_views bigint,
    video_views_6s bigint, conversions int, claimed_orders int, claimed_revenue numeric,
    read_at timestamptz) ON COMMIT DROP
"""
MERGED = """
INSERT INTO campaigns_adday AS t (client_id, ad_id, day, currency, spend, credit, impressions,
    clicks, video_views, video_views_6s, conversions, claimed_orders, claimed_revenue, read_at)
SELECT * FROM staged
ON CONFLICT (client_id, ad_id, day) DO UPDATE
   SET spend = EXCLUDED.spend, impressions = EXCLUDED.impressions, clicks = EXCLUDED.clicks,
       video_views = EXCLUDED.video_views, video_views_6s = EXCLUDED.video_views_6s,
       conversions = EXCLUDED.conversions, claimed_orders = EXCLUDED.claimed_orders,
       claimed_revenue = EXCLUDED.claimed_revenue, read_at = EXCLUDED.read_at
 WHERE (t.spend, t.impressions, t.clicks, t.video_views, t.conversions)
       IS DISTINCT FROM (EXCLUDED.spend, EXCLUDED.impressions, EXCLUDED.clicks,
                         EXCLUDED.video_views, EXCLUDED.conversions)
"""


def run(stage: Stage) -> Iterator[Line]:
    rounds = stage.size.heavy_rounds
    ads = some_ads(stage)
    ours, theirs = reports_of(stage, ads, rounds + 1), reports_of(stage, ads, rounds + 1, PAST)
    turn, other = count(), count()
    with stage.plain(stage.world.client) as plain:
        service, limit = in_turns(
            lambda: read(stage.world.client, account(stage), [ours[next(turn)]]),
            lambda: _merge(plain, stage, theirs[next(other)], ads),
            rounds=rounds,
        )
    rows = ours[0].row_count
    yield Line(
        "ingest of ad days / COPY and merge",
        per_second(rows, service),
        per_second(rows, limit),
        "rows/s",
        f">= {GOAL}",
        at_least(GOAL),
    )


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


def _merge(plain: psycopg.Connection, stage: Stage, report: Report, ads: dict[str, int]) -> None:
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
                            told["video_play_actions"], told["video_watched_6s"],
                            told["conversion"], told["onsite_shopping"],
                            told["total_onsite_shopping_value"], stage.world.now,
                        )
                    )  # fmt: skip
        cursor.execute(MERGED)
        assert cursor.rowcount == report.row_count


MEASURE = Measure("ingest", run)
