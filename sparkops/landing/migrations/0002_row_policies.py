"""Row policies and references that may not leave the client."""

from django.db import migrations

from sparkops.isolation.rls import ProtectRows, SameClient


class Migration(migrations.Migration):
    dependencies = [
        ("connections", "0002_row_policies"),
        ("landing", "0001_initial"),
    ]
    operations = [
        ProtectRows("landing_cursor"),
        ProtectRows("landing_run"),
        ProtectRows("landing_page"),
        ProtectRows("landing_hint"),
        SameClient("landing_cursor", "connection_id", "connections_connection"),
        SameClient("landing_run", "cursor_id", "landing_cursor"),
        SameClient("landing_page", "run_id", "landing_run"),
    ]
