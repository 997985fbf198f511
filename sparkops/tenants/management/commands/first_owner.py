"""`manage.py first_owner`: the way into an installation that nobody is a member of yet."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sparkops import clock
from sparkops.audit.record import SYSTEM
from sparkops.errors import Refusal
from sparkops.tenants.actions import found_organization


class Command(BaseCommand):
    help = (
        "Make an organization and invite its first owner. The invitation goes out by mail and its "
        "link is printed, for a machine that cannot send mail yet."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="The owner's e-mail address")
        parser.add_argument("name", help='The organization, such as "North Agency"')

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            link = found_organization(options["name"], options["email"], by=SYSTEM, now=clock.now())
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"Open within 7 days, as {options['email']}: {link}")
