"""`manage.py mcp`: an MCP server on standard input and output, over the API."""

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from sparkops.mcp.remote import Api, Unreachable
from sparkops.mcp.server import Server

VARIABLE = "SPARKOPS_API_KEY"


class Command(BaseCommand):
    help = (
        "Let an assistant use SparkOps through the Model Context Protocol. It may do what the API"
        f" key in {VARIABLE} may, and asks for confirmation before every change."
    )
    # It speaks to the API only, so it runs where there is no database.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--url", default=settings.SITE_URL, help="The address of SparkOps; SITE_URL by default"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        key = os.environ.get(VARIABLE, "")
        if not key:
            raise CommandError(f"Put an API key into {VARIABLE}. An owner makes one in Settings.")
        with Api(options["url"], key) as api:
            try:
                server = Server(api, str(settings.SPECTACULAR_SETTINGS["VERSION"]))
            except Unreachable as fault:
                raise CommandError(str(fault)) from fault
            self._talk(server)

    def _talk(self, server: Server) -> None:
        for line in sys.stdin:
            if line.strip() and (answer := server.answer(line)) is not None:
                self.stdout.write(answer)
                self.stdout.flush()
