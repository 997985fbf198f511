"""`manage.py bench`: the benchmark, on a Postgres and a Valkey made for the run."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from sparkops.local.throwaway import run_with_services


class Command(BaseCommand):
    help = "Measure SparkOps against references; see bench/README.md for sizes and measures."
    requires_system_checks: list[str] = []

    def run_from_argv(self, argv: list[str]) -> None:
        # The benchmark is no part of the product: it reads its arguments itself.
        self.handle(arguments=argv[2:])

    def handle(self, *args: Any, **options: Any) -> None:
        command = [sys.executable, "-m", "bench", *options.get("arguments", [])]
        sys.exit(run_with_services(command))
