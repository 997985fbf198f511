"""`manage.py torture`: SparkOps under kills, faults, odd clocks and hostile input."""

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Torture SparkOps on services made for the run; see docs/operations.md."
    requires_system_checks: list[str] = []

    def run_from_argv(self, argv: list[str]) -> None:
        # It is no part of the product: it reads its arguments itself.
        self.handle(arguments=argv[2:])

    def handle(self, *args: Any, **options: Any) -> None:
        # Not throwaway services around it: it kills and restarts its own.
        os.chdir(settings.BASE_DIR)
        command = [sys.executable, "-m", "bench.torture", *options.get("arguments", [])]
        os.execv(sys.executable, command)  # noqa: S606 - the same Python, our own module
