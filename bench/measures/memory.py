"""The highest memory of a worker in a long backfill against that after its first twentieth."""

import json
import subprocess
import sys
from collections.abc import Iterator

from bench.databases import environment
from bench.runner import Line, Measure, at_most
from bench.stage import Stage

GOAL = 1.1
"""Flat, but for what a heap gains in fragments."""


def run(stage: Stage) -> Iterator[Line]:
    size = stage.size
    numbers = map(str, (stage.world.clients[-1], size.backfill_parts, size.report_rows))
    told = subprocess.run(
        [sys.executable, "-m", "bench.backfill", *numbers],
        env=environment(),
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    peaks = json.loads(told.stdout)
    early = peaks[max(len(peaks) // 20, 1) - 1]
    rows = size.backfill_parts * size.report_rows
    yield Line(
        f"memory of a worker, {rows:,} rows / after 5 %",
        [peaks[-1]],
        [early],
        "MB",
        f"<= {GOAL}",
        at_most(GOAL),
    )


MEASURE = Measure("memory", run)
