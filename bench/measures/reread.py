"""Reading days again that did not change against their first read."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count

from bench.measures.ingest import account, per_second, reports_of, some_ads
from bench.reports import read
from bench.runner import Line, Measure, at_least, in_turns
from bench.stage import Stage

GOAL = 1.3
_YEAR = timedelta(days=365)


def run(stage: Stage) -> Iterator[Line]:
    rounds, client = stage.size.heavy_rounds, stage.world.client
    # Days of the measure of ingest would not be new.
    reports = reports_of(stage, some_ads(stage), rounds + 1, past=6 * _YEAR)
    turn, again = count(), count()
    first, second = in_turns(
        lambda: read(client, account(stage), [reports[next(turn)]]),
        lambda: read(client, account(stage), [reports[next(again)]]),
        rounds=rounds,
    )
    rows = reports[0].row_count
    yield Line(
        "ad days read again unchanged / first read",
        per_second(rows, second),
        per_second(rows, first),
        "rows/s",
        f">= {GOAL}",
        at_least(GOAL),
    )


MEASURE = Measure("reread", run)
