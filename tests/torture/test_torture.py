"""`manage.py torture` at its smallest size, and what its command line says."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.torture.scenarios import SCENARIOS

ROOT = Path(__file__).resolve().parents[2]
# The others ask every page many times: too long for the suite, so they are run by the command.
SHORT = ("kills", "clocks")


def torture(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "manage.py", "torture", *arguments],
        cwd=ROOT,
        env={**os.environ, "SPARKOPS_NO_BOOTSTRAP": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )


@pytest.mark.journey
def test_short_scenarios_end_well_and_say_with_which_seed() -> None:
    told = torture("--rounds", "1", "--seed", "5", *(f"--only={name}" for name in SHORT))
    assert told.returncode == 0, told.stdout + told.stderr
    rows = [[cell.strip() for cell in line.split(",")] for line in told.stdout.splitlines()]
    assert rows[0] == ["scenario", "seed", "rounds", "result", "seconds"]
    assert [row[:4] for row in rows[1:]] == [
        [name, "5", "1", "ok"] for name in SCENARIOS if name in SHORT
    ]


def test_no_round_at_all_is_refused() -> None:
    assert torture("--rounds", "0").returncode == 2
