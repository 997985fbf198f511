"""`manage.py demo`: a whole SparkOps on this machine, with demo data, in the foreground."""

import sys
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from sparkops.local.launch import Options, run_demo
from sparkops.local.ports import HIGHEST


class Command(BaseCommand):
    help = "Set up and run SparkOps with demo data, until Ctrl-C."
    requires_system_checks: list[str] = []  # there is no database yet

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--port", type=port_number, help="Default: 8000, or the next one that is free."
        )
        parser.add_argument(
            "--home",
            type=Path,
            default=settings.BASE_DIR / ".sparkops",
            help="Folder for the database, logs, files and secrets. Default: .sparkops",
        )
        parser.add_argument(
            "--reset", action="store_true", help="Throw the demo's data away and start over."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = Options(home=options["home"], port=options["port"], reset=options["reset"])
        code = run_demo(chosen, self.say)
        if code:
            sys.exit(code)

    def say(self, text: str) -> None:
        """A line for the person at the terminal, seen at once also through a pipe."""
        self.stdout.write(text)
        self.stdout.flush()


def port_number(text: str) -> int:
    """A port from the command line."""
    if not text.isdecimal() or int(text) > HIGHEST:
        raise ArgumentTypeError(f"{text!r} is not a port; use a number from 0 to {HIGHEST}.")
    return int(text)
