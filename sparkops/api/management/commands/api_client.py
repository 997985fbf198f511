"""`manage.py api_client > sparkops_client.py`: a Python module for callers of the API."""

from typing import Any

from django.core.management.base import BaseCommand

from sparkops.api.python_client import source


class Command(BaseCommand):
    help = "Print a Python client of the API, written from its schema."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(source())
