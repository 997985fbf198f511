"""Rules and costs that hold from a day on."""

from collections.abc import Iterable
from datetime import date
from typing import Protocol, TypeVar


class Dated(Protocol):
    @property
    def effective_from(self) -> date: ...


Version = TypeVar("Version", bound=Dated)


def in_force(versions: Iterable[Version], day: date) -> Version | None:
    """P4: the version with the latest `effective_from` on or before `day`; None before the first.

    Of two with the same start the later one in `versions` wins, as a correction would.
    """
    chosen: Version | None = None
    for version in versions:
        if version.effective_from > day:
            continue
        if chosen is None or version.effective_from >= chosen.effective_from:
            chosen = version
    return chosen
