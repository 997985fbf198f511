"""`python -m bench.torture`: what `manage.py torture` runs."""

import argparse
import logging
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

import django
from django.test.utils import setup_test_environment

from bench.torture.rig import Rig
from sparkops.local import postgres
from sparkops.local.errors import LocalFault, Stopped

SEED = 20_261_124
WIDTHS = (10, 10, 6, 12, 7)
COLUMNS = ("scenario", "seed", "rounds", "result", "seconds")
SHOWN = 20
"""Sentences of one scenario that are printed."""


def main(arguments: Sequence[str]) -> int:
    """Run the chosen scenarios. 0 when all is well, 1 when something is wrong."""
    asked = _parser().parse_args(arguments)
    home = Path(tempfile.mkdtemp(prefix="sparkops-torture-"))
    home.chmod(0o711)
    rig = Rig(home)
    try:
        rig.start_services()
        return _run(rig, asked)
    except LocalFault as fault:
        _say(str(fault))
        return 1
    except (Stopped, KeyboardInterrupt):
        return 130
    finally:
        rig.close()
        shutil.rmtree(postgres.shelter_for(home), ignore_errors=True)
        shutil.rmtree(home, ignore_errors=True)


def _run(rig: Rig, asked: argparse.Namespace) -> int:
    django.setup()
    setup_test_environment()
    # What is provoked here is logged by the product as it should be; the table is to be read.
    logging.disable(logging.CRITICAL)
    rig.clock.follow()
    from bench.databases import Databases
    from bench.torture.ground import Ground
    from bench.torture.scenarios import SCENARIOS

    strangers = sorted(set(asked.only) - set(SCENARIOS))
    if strangers:
        _say(f"There is no scenario {', '.join(strangers)}; there are {', '.join(SCENARIOS)}.")
        return 2
    databases = Databases()
    template = databases.migrated()
    _say(_row(*COLUMNS))
    wrong = 0
    for name, scenario in SCENARIOS.items():
        if asked.only and name not in asked.only:
            continue
        rounds = asked.rounds or (scenario.full if asked.full else scenario.rounds)
        ground = Ground(rig, databases, template, asked.seed, rounds, _say)
        begin = time.monotonic()
        found = _faults(scenario, ground)
        seconds = f"{time.monotonic() - begin:.0f}"
        result = f"{len(found)} wrong" if found else "ok"
        _say(_row(name, str(asked.seed), str(rounds), result, seconds))
        for sentence in found[:SHOWN]:
            _say(f"    {sentence}")
        wrong += bool(found)
    return 1 if wrong else 0


def _faults(scenario, ground) -> list[str]:  # type: ignore[no-untyped-def]
    found = []
    try:
        for sentence in scenario.run(ground):
            found.append(sentence)
    except (Stopped, KeyboardInterrupt):
        raise
    except Exception:
        found.append("It broke off:\n" + traceback.format_exc(limit=-6))
    return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="manage.py torture",
        description="Kills, faults, odd clocks, strangers and hostile input; see"
        " docs/operations.md.",
    )
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--only", action="append", default=[], metavar="NAME")
    parser.add_argument("--rounds", type=_positive, help="of each scenario, instead of its own")
    parser.add_argument("--full", action="store_true", help="many more rounds: 200 kills")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("one round at least")
    return number


def _row(*cells: str) -> str:
    padded = [cell.ljust(width) for cell, width in zip(cells, WIDTHS, strict=True)]
    return ", ".join(padded).rstrip(", ")


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
