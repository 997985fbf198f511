"""Blocks that the first page of each list looks at, in each order and view, against a block a row.

To be run at size rights, where one client has a million authorizations and half a million posts: a
page that walks an index looks at some blocks for each row and what belongs to it, one that sorts
looks at everything the client has. Those of which `bench.plans` says why have no goal.
"""

from collections.abc import Iterator

from django.db import connection

from bench.plans import lists
from bench.runner import Line, Measure, at_most
from bench.stage import Stage
from sparkops.web.keyset import PAGE_SIZE

MOST = 20


def run(stage: Stage) -> Iterator[Line]:
    words = {"client": stage.world.slug, "organization": stage.world.organization}
    connection.ensure_connection()
    for one in lists(stage.browser(), words, "ANALYZE, BUFFERS, TIMING OFF"):
        asked = (f"<= {MOST}", at_most(MOST)) if not one.reason else ("none", None)
        yield Line(f"{one.name} {one.way}", [max(one.blocks, 1)], [PAGE_SIZE + 1], "blocks", *asked)


MEASURE = Measure("plans", run)
