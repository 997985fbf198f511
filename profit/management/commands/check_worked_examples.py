"""Runs a file of worked examples and compares every expected number."""

import os
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connection

from profit.actions.worked_examples import database_report, reason_for_rules
from profit.rules.report import Report
from profit.rules.worked_examples import ExampleError, ShopCase, rules_report, run
from sparkops.local.throwaway import run_with_services


class Command(BaseCommand):
    help = "Run a file of worked profit examples through booking and compare to the cent."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="a JSON file of worked examples")
        parser.add_argument(
            "--rules-only",
            action="store_true",
            help="run the rules alone, also where a database is at hand",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["rules_only"] and "DATABASE_URL" not in os.environ:
            sys.exit(self._on_a_database_of_its_own(Path(options["file"]).resolve()))
        through_database = not options["rules_only"] and _database_answers()
        left: list[str] = []

        def report(case: ShopCase) -> Report:
            reason = reason_for_rules(case)
            if reason:
                left.append(reason)
            return rules_report(case) if reason or not through_database else database_report(case)

        try:
            results = run(options["file"], report)
        except ExampleError as error:
            raise CommandError(str(error)) from error
        for result in results:
            self.stdout.write(f"{'ok  ' if result.ok else 'FAIL'} {result.name}")
            for difference in result.differences:
                self.stdout.write(f"     {difference}")
        failed = sum(not result.ok for result in results)
        self.stdout.write(f"{len(results)} cases, {failed} with differences.")
        self.stdout.write(_said(through_database))
        for reason in left if through_database else ():
            self.stdout.write(f"By the rules alone: {reason}")
        if failed:
            raise CommandError(f"{failed} of {len(results)} cases differ from what they expect.")

    def _on_a_database_of_its_own(self, file: Path) -> int:
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        self.stderr.write("Making a database for the examples; this takes about half a minute ...")
        command = [sys.executable, "manage.py", "check_worked_examples", str(file)]
        return run_with_services(command, migrate=True)


def _database_answers() -> bool:
    try:
        connection.ensure_connection()
    except OperationalError:
        return False
    return True


def _said(through_database: bool) -> str:
    if through_database:
        return "Booked in the database, read back from the rollup."
    return "Run by the rules alone: no database answered, or none was asked for."
