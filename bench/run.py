"""A whole run: services are there, databases are made and filled, measures give their lines."""

import os
import time
from collections.abc import Callable, Iterator, Sequence

from bench import machine, world
from bench.databases import Databases, enter, own_databases
from bench.measures import MEASURES
from bench.runner import Line, header
from bench.sizes import Size
from bench.stage import Stage

Say = Callable[[str], None]


def lines(size: Size, seed: int, names: Sequence[str], *, say: Say) -> Iterator[Line]:
    """The lines of the named measures, of all when none is named. `say` gets what stands around.

    What it makes is dropped at the end, also when a measure fails.
    """
    begin = time.monotonic()
    with own_databases() as databases:
        for fact in machine.lines(size.name, seed):
            say(fact)
        stage = _filled(databases, databases.migrated(), "main", size, seed)
        say(f"data      migrated and filled in {time.monotonic() - begin:.0f} s\n")
        say(header())
        for name, measure in MEASURES.items():
            if not names or name in names:
                yield from measure.run(stage)
    load = os.getloadavg()[0]
    say(f"\n{time.monotonic() - begin:.0f} s in all; load at the end {load:.1f}")


def _filled(databases: Databases, template: str, word: str, size: Size, seed: int) -> Stage:
    name = databases.copy_of(template, word)
    enter(name)
    made = world.fill(size, seed=seed)

    def grow(factor: float) -> Stage:
        return _filled(databases, template, f"x{factor:g}", size.scaled(factor), seed)

    return Stage(name, size, made, grow)
