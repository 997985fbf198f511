"""Today of a whole agency against the plain sums behind its columns."""

from collections.abc import Iterator
from statistics import median

import psycopg

from bench.runner import Line, Measure, in_turns
from bench.stage import Stage, show

PLAIN = (
    """SELECT client_id, count(*), count(DISTINCT creator_id) FROM creators_post
        WHERE published_at >= now() - interval '30 days' GROUP BY client_id""",
    """SELECT client_id, count(DISTINCT post_id) FROM authorizations_authorization
        WHERE state IN ('expiring', 'in_use', 'verified') GROUP BY client_id""",
    """SELECT client_id, state, count(*) FROM campaigns_ad GROUP BY client_id, state""",
    """SELECT client_id, count(*) FILTER (WHERE cm3 > 0) FROM profit_productresult
        GROUP BY client_id""",
)
SECONDS = 1


def run(stage: Stage) -> Iterator[Line]:
    browser, path = stage.browser(), f"/o/{stage.world.organization}/"
    with stage.plain(*stage.world.clients) as plain:
        ours, sums = in_turns(
            lambda: show(browser, path),
            lambda: _sums(plain),
            rounds=stage.size.shown_rounds,
        )
    yield Line(
        f"Today of {stage.size.clients} clients / plain sums", ours, sums, "ms", "< 1 s", _reached
    )


def _sums(plain: psycopg.Connection) -> None:
    for statement in PLAIN:
        plain.execute(statement).fetchall()


def _reached(line: Line) -> bool:
    return median(line.ours) < SECONDS * 1000


MEASURE = Measure("today", run)
