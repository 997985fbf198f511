"""`python -m bench`: what `manage.py bench` runs, on the services that the environment names."""

import argparse
import sys
from collections.abc import Sequence

import django

from bench.sizes import SIZES

SEED = 20_261_122


def main(arguments: Sequence[str]) -> int:
    """Run the chosen measures. 0 when all ran; with --strict 1 when a goal was missed."""
    asked = _parser().parse_args(arguments)
    django.setup()
    from bench.clocks import by_processor
    from bench.measures import MEASURES
    from bench.run import lines
    from bench.runner import count_by

    strangers = sorted(set(asked.measures) - set(MEASURES))
    if strangers:
        _say(f"There is no measure {', '.join(strangers)}; there are {', '.join(MEASURES)}.")
        return 2
    if asked.cpu:
        count_by(by_processor)
        _say("counted   by processor time, not by time")
    missed = 0
    for line in lines(SIZES[asked.size], asked.seed, asked.measures, say=_say):
        _say(line.text)
        missed += line.ok == "no"
    return 1 if asked.strict and missed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="manage.py bench",
        description="Measures SparkOps against references in one run; see bench/README.md.",
    )
    parser.add_argument("measures", nargs="*", metavar="MEASURE", help="all when none is named")
    parser.add_argument("--size", choices=list(SIZES), default="small")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument(
        "--cpu", action="store_true", help="count processor time, where others use the machine"
    )
    parser.add_argument("--strict", action="store_true", help="exit 1 when a goal is missed")
    return parser


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
