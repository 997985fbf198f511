"""What must hold of the database role before anything is served."""

from dataclasses import dataclass

from django.apps import apps
from django.db import connection, models

from sparkops.isolation.models import ClientOwned


@dataclass(frozen=True)
class RoleFault:
    """One reason why the current database role must not serve requests."""

    sentence: str


def client_models() -> list[type[models.Model]]:
    """Every concrete model with client rows."""
    return [model for model in apps.get_models() if issubclass(model, ClientOwned)]


def role_faults() -> list[RoleFault]:
    """Why the current role is too strong: superuser, BYPASSRLS, or owner of a table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = session_user")
        is_super, bypasses = cursor.fetchone()
        cursor.execute(
            "SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner"
            " WHERE r.rolname = session_user AND c.relkind IN ('r', 'p', 'v', 'm')"
        )
        (owned,) = cursor.fetchone()
    faults = []
    if is_super:
        faults.append(RoleFault("The app's database role is a superuser."))
    if bypasses:
        faults.append(RoleFault("The app's database role may bypass row security."))
    if owned:
        faults.append(RoleFault(f"The app's database role owns {owned} tables."))
    return faults


def unprotected_tables() -> list[str]:
    """Client tables without row security and exactly the two policies."""
    names = [model._meta.db_table for model in client_models()]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c"
            " JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'"
            " WHERE c.relname = ANY(%s) AND c.relrowsecurity AND ("
            "   SELECT array_agg(p.polname ORDER BY p.polname) FROM pg_policy p"
            "   WHERE p.polrelid = c.oid) = ARRAY['one_client', 'portfolio']::name[]",
            [names],
        )
        protected = {row[0] for row in cursor.fetchall()}
    return sorted(set(names) - protected)
