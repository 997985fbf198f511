"""One process for what a demo needs before it serves: tables, static files, demo data.

`demo` runs it at each start; a second run changes nothing and takes seconds.
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Migrate, collect static files and seed the demo. Run by the demo command."
    requires_system_checks: list[str] = []  # migrate and seed check for themselves

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--credentials", type=Path, required=True, help="The sandbox's JSON.")
        parser.add_argument("--sign-ins", type=Path, required=True, help="Where to write them.")

    def handle(self, *args: Any, **options: Any) -> None:
        self._say("Tables ...")
        call_command("migrate", database="owner", interactive=False, verbosity=0)
        self._say("Static files ...")
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command(
            "seed_demo",
            credentials=options["credentials"],
            sign_ins=options["sign_ins"],
            stdout=self.stdout,
        )

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
