"""Migration operations that put row policies on client tables.

Two policies per table, because the commonest query ("newest 50 of one client") must read an index
in order: the app's role compares with `=`, the read-only portfolio role with a list. There is no
fallback for a missing setting: the comparison raises.
"""

from django.db import migrations

APP_ROLE = "sparkops_app"
PORTFOLIO_ROLE = "sparkops_portfolio"


class ProtectRows(migrations.RunSQL):
    """Enable row security, both policies, both grants, and the (client_id, id) key of one table."""

    def __init__(self, table: str, *, append_only: bool = False) -> None:
        self.table = table
        self.append_only = append_only
        super().__init__(sql=_protect(table, append_only), reverse_sql=_unprotect(table))

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        return (type(self).__qualname__, [self.table], {"append_only": self.append_only})


class SameClient(migrations.RunSQL):
    """A reference between protected tables may not leave the client.

    Foreign keys ignore row policies, so the pair (client_id, column) references the parent's pair.
    The plain foreign key of Django stays beside it.
    """

    def __init__(self, table: str, column: str, parent: str) -> None:
        self.table, self.column, self.parent = table, column, parent
        name = f"{table}_{column}_same_client"[:63]
        super().__init__(
            sql=(
                f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (client_id, {column})"
                f" REFERENCES {parent} (client_id, id) DEFERRABLE INITIALLY DEFERRED"
            ),
            reverse_sql=f"ALTER TABLE {table} DROP CONSTRAINT {name}",
        )

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        return (type(self).__qualname__, [self.table, self.column, self.parent], {})


def _protect(table: str, append_only: bool) -> str:
    writes = "SELECT, INSERT" if append_only else "SELECT, INSERT, UPDATE, DELETE"
    return f"""
    ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
    REVOKE ALL ON {table} FROM {APP_ROLE}, {PORTFOLIO_ROLE};
    GRANT {writes} ON {table} TO {APP_ROLE};
    GRANT SELECT ON {table} TO {PORTFOLIO_ROLE};
    CREATE POLICY one_client ON {table} TO {APP_ROLE}
        USING (client_id = current_setting('sparkops.client_id')::bigint)
        WITH CHECK (client_id = current_setting('sparkops.client_id')::bigint);
    CREATE POLICY portfolio ON {table} FOR SELECT TO {PORTFOLIO_ROLE}
        USING (client_id = ANY (current_setting('sparkops.client_ids')::bigint[]));
    ALTER TABLE {table} ADD CONSTRAINT {table}_client_row UNIQUE (client_id, id);
    """


def _unprotect(table: str) -> str:
    return f"""
    ALTER TABLE {table} DROP CONSTRAINT {table}_client_row;
    DROP POLICY portfolio ON {table};
    DROP POLICY one_client ON {table};
    ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
    """
