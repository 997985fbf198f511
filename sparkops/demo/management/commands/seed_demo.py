"""Fill the demo over HTTP: the consent codes, the sync and the booking that production uses."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sparkops.demo.people import sign_ins
from sparkops.demo.seed import Seed, SeedFault


class Command(BaseCommand):
    help = "Make the demo agency with its three brands. A second run changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--credentials", type=Path, required=True, help="The sandbox's JSON.")
        parser.add_argument("--sign-ins", type=Path, required=True, help="Where to write them.")

    def handle(self, *args: Any, **options: Any) -> None:
        credentials = json.loads(options["credentials"].read_text())
        try:
            Seed(credentials, self._say).run()
        except SeedFault as fault:
            raise CommandError(str(fault)) from fault
        options["sign_ins"].write_text(json.dumps(sign_ins()))

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
