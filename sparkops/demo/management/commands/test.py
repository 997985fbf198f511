"""`manage.py test`: every test, on a Postgres and a Valkey made for the run."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from sparkops.local.throwaway import run_with_services


class Command(BaseCommand):
    help = "Run pytest with all arguments that follow, on services made for the run."
    requires_system_checks: list[str] = []

    def run_from_argv(self, argv: list[str]) -> None:
        # Every argument is pytest's, also -h and --version: nothing is parsed here.
        self.handle(arguments=argv[2:])

    def handle(self, *args: Any, **options: Any) -> None:
        command = [sys.executable, "-m", "pytest", *options.get("arguments", [])]
        sys.exit(run_with_services(command))
