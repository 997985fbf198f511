"""A page far down the list of authorizations against its first page."""

from collections.abc import Iterator
from urllib.parse import urlencode

from authorizations.models import Authorization
from authorizations.tables import ledger_table
from bench.runner import Line, Measure, at_most, in_turns
from bench.stage import Stage, show
from sparkops.isolation.scope import client_scope
from sparkops.web.keyset import paginate


def run(stage: Stage) -> Iterator[Line]:
    browser, path = stage.browser(), f"/c/{stage.world.slug}/authorizations/"
    deep = f"{path}?{urlencode({'cursor': _cursor_at(stage)})}"
    ours, first = in_turns(
        lambda: show(browser, deep),
        lambda: show(browser, path),
        rounds=stage.size.shown_rounds,
    )
    yield Line(
        "list of authorizations, deep page / first page", ours, first, "ms", "<= 1.1", at_most(1.1)
    )


def _cursor_at(stage: Stage) -> str:
    """The cursor that a reader has after nine tenths of the rows."""
    with client_scope(stage.world.client):
        order = ledger_table(stage.world.slug).sort().order
        rows = Authorization.objects.values(order.field, order.key)
        cursor = paginate(rows, order, size=rows.count() * 9 // 10).next
    assert cursor is not None
    return cursor


MEASURE = Measure("deep_page", run)
