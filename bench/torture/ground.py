"""What a scenario stands on, and what it hands back."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

from bench.databases import APP, Databases, enter, url
from bench.torture.rig import Rig


@dataclass
class Ground:
    """Services, a clock and empty databases. `rounds` is how often; each scenario says of what."""

    rig: Rig
    databases: Databases
    template: str
    seed: int
    rounds: int
    say: Callable[[str], None]
    _made: int = field(default=0)

    def fresh(self, word: str) -> None:
        """An empty database with all tables, for this process and for programs started from now."""
        self._made += 1
        name = self.databases.copy_of(self.template, f"{word}_{self._made}")
        enter(name)
        self.rig.environment["DATABASE_URL"] = url(APP)
        self.rig.environment.pop("DATABASE_OWNER_URL", None)

    def chance(self, *words: object) -> Random:
        """The seed's own dice for a purpose: the same words give the same throws."""
        return Random(":".join(map(str, (self.seed, *words))))


@dataclass(frozen=True)
class Scenario:
    """`run` yields a sentence for everything that is wrong, nothing when all is well.

    `rounds` and `full` are how many rounds a bounded and a full run take.
    """

    name: str
    run: Callable[[Ground], Iterator[str]]
    rounds: int
    full: int
