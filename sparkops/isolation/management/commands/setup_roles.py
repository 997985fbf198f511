"""`manage.py setup_roles`: the roles and the database on a managed or containerised Postgres."""

import os
import secrets
from argparse import ArgumentParser
from typing import Any
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from django.core.management.base import BaseCommand, CommandError

from sparkops.isolation.roles import APP, DATABASE, OWNER, RoleChange, RolesFault, set_up_roles


class Command(BaseCommand):
    help = (
        "Make the roles sparkops_owner, sparkops_app and sparkops_portfolio and the database, and "
        "print the two URLs to set. Safe to repeat. Passwords come from DATABASE_URL and "
        "DATABASE_OWNER_URL where these are set, else new ones are made."
    )
    requires_system_checks: list[str] = []  # the database these would look at may not exist

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--admin-url",
            default=os.environ.get("DATABASE_ADMIN_URL", ""),
            help="A role that may create roles and databases. Default: DATABASE_ADMIN_URL",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        admin_url = options["admin_url"]
        if not admin_url:
            raise CommandError(
                "Say which role may create roles: set DATABASE_ADMIN_URL or pass --admin-url "
                "postgres://admin:password@host/postgres"
            )
        given = {
            OWNER: password_in("DATABASE_OWNER_URL", OWNER),
            APP: password_in("DATABASE_URL", APP),
        }
        passwords = {role: known or secrets.token_urlsafe(32) for role, known in given.items()}
        try:
            changes = set_up_roles(
                admin_url,
                owner_password=passwords[OWNER],
                app_password=passwords[APP],
                replace_passwords=[role for role, known in given.items() if known],
            )
        except RolesFault as fault:
            raise CommandError(str(fault)) from fault
        for change, name in zip(changes, ("DATABASE_OWNER_URL", "DATABASE_URL"), strict=True):
            self._report(change, name, admin_url, passwords[change.role], bool(given[change.role]))

    def _report(
        self, change: RoleChange, name: str, admin_url: str, password: str, known: bool
    ) -> None:
        if known:
            self.stdout.write(f"{change.role} is set up with the password of {name}.")
        elif change.made:
            self.stdout.write(f"{name}={url_for(change.role, password, admin_url)}")
        else:
            self.stdout.write(
                f"{change.role} existed already; its password was left as it is. To change it, "
                f"set {name} with the new one and repeat."
            )


def password_in(variable: str, role: str) -> str | None:
    """The password of `role` in the URL a variable holds. Raises CommandError for another role."""
    url = urlsplit(os.environ.get(variable, ""))
    if not url.password:
        return None
    if unquote(url.username or "") != role:
        raise CommandError(
            f"{variable} signs in as {url.username}, but SparkOps' role for it is {role}."
        )
    return unquote(url.password)


def url_for(role: str, password: str, admin_url: str) -> str:
    """The admin's URL with another role, its password and SparkOps' database."""
    admin = urlsplit(admin_url)
    place = admin.netloc.rpartition("@")[2]
    return urlunsplit(
        (admin.scheme, f"{role}:{quote(password)}@{place}", f"/{DATABASE}", admin.query, "")
    )
