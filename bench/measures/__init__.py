"""The measures, in the order in which they run."""

from bench.measures import (
    deep_page,
    expiry_sweep,
    growth,
    guard_cycle,
    ingest,
    list_page,
    memory,
    plans,
    posts_page,
    profit_page,
    rebooking,
    reread,
    start_up,
    today,
    web,
)

MEASURES = {
    module.MEASURE.name: module.MEASURE
    for module in (
        list_page, deep_page, posts_page, profit_page, rebooking, expiry_sweep, guard_cycle, ingest,
        reread, plans, today, web, start_up, memory, growth,
    )
}  # fmt: skip
