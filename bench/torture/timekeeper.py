"""The product's clock, moved: all processes of a run read the same offset from a file."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sparkops import clock

VARIABLE = "TORTURE_CLOCK"


class Timekeeper:
    """Moves `sparkops.clock.now` of every process that follows the same file."""

    def __init__(self, file: Path) -> None:
        self.file = file

    @property
    def offset(self) -> timedelta:
        return timedelta(seconds=float(self.file.read_text()) if self.file.exists() else 0.0)

    def now(self) -> datetime:
        """The product's present instant, in UTC."""
        return datetime.now(UTC) + self.offset

    def set(self, moment: datetime) -> None:
        """It is `moment` now; time goes on from there."""
        self._write(moment - datetime.now(UTC))

    def advance(self, span: timedelta) -> None:
        """It is later by `span`."""
        self._write(self.offset + span)

    def follow(self) -> None:
        """Let this process' product read the moved clock."""
        clock.now = self.now

    def _write(self, offset: timedelta) -> None:
        partial = self.file.with_suffix(".partial")
        partial.write_text(str(offset.total_seconds()))
        partial.replace(self.file)


def follow_environment() -> None:
    """Follow the clock that the variable names, if it names one."""
    named = os.environ.get(VARIABLE)
    if named:
        Timekeeper(Path(named)).follow()
