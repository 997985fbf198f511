"""Pages and the sweep at a tenth, once and ten times the rows: the last against the first.

The sizes are databases of their own and take turns, each after a call that does not count.
"""

from collections.abc import Callable, Iterator, Sequence

from bench.databases import enter
from bench.measures.expiry_sweep import sweep
from bench.runner import Line, Measure, at_most, milliseconds
from bench.sizes import GROWTH
from bench.stage import Stage, show
from sparkops.tenants.models import Client

GOAL = 1.5
Call = Callable[[], object]


def run(stage: Stage) -> Iterator[Line]:
    try:
        stages = [stage.grow(factor) for factor in GROWTH]
        yield _line(stages, "list of authorizations", _page("authorizations/"))
        yield _line(stages, "profit, 90 days", _page("profit/?days=90"))
        yield _line(stages, f"sweep, {stage.size.due:,} due", _sweep)
    finally:
        enter(stage.name)


def _line(stages: Sequence[Stage], name: str, make: Callable[[Stage], Call]) -> Line:
    calls = []
    for grown in stages:
        enter(grown.name)
        calls.append(make(grown))
    series: list[list[float]] = [[] for _ in stages]
    for _ in range(stages[0].size.heavy_rounds):
        for grown, call, times in zip(stages, calls, series, strict=True):
            enter(grown.name)
            call()
            times.append(milliseconds(call))
    smallest, largest = series[0], series[-1]
    return Line(
        f"growth, 10 x / 0.1 x: {name}", largest, smallest, "ms", f"<= {GOAL}", at_most(GOAL)
    )


def _page(path: str) -> Callable[[Stage], Call]:
    def make(grown: Stage) -> Call:
        browser = grown.browser()
        return lambda: show(browser, f"/c/{grown.world.slug}/{path}")

    return make


def _sweep(grown: Stage) -> Call:
    client = Client.objects.get(pk=grown.world.client)
    return lambda: sweep(grown, client)


MEASURE = Measure("growth", run)
