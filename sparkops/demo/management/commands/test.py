"""`manage.py test`: every test, on a Postgres and a Valkey made for the run."""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand

from sparkops.local.throwaway import run_with_services

# A worker needs a database, a sandbox and a browser of its own: more than this many cost more than
# they bring.
MOST_WORKERS = 8


class Command(BaseCommand):
    help = "Run pytest with all arguments that follow, on services made for the run."
    requires_system_checks: list[str] = []

    def run_from_argv(self, argv: list[str]) -> None:
        # Every argument is pytest's, also -h and --version: nothing is parsed here.
        self.handle(arguments=argv[2:])

    def handle(self, *args: Any, **options: Any) -> None:
        # A later -n or --dist of the caller wins, for example `-n 0` for one process. Files stay in
        # their order: by number of tests, the longest test would be the last to start.
        workers = ["-n", str(min(os.cpu_count() or 1, MOST_WORKERS))]
        workers += ["--dist", "loadfile", "--no-loadscope-reorder"]
        command = [sys.executable, "-m", "pytest", *workers, *options.get("arguments", [])]
        sys.exit(run_with_services(command))
