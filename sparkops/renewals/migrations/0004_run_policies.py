"""Row policies of runs and their messages, and references that may not leave the client."""

from django.db import migrations

from sparkops.isolation.rls import ProtectRows, SameClient


class Migration(migrations.Migration):
    dependencies = [
        ("authorizations", "0002_row_policies"),
        ("creators", "0002_row_policies"),
        ("renewals", "0003_runs"),
    ]
    operations = [
        ProtectRows("renewals_run"),
        ProtectRows("renewals_ask"),
        SameClient("renewals_ask", "run_id", "renewals_run"),
        SameClient("renewals_ask", "authorization_id", "authorizations_authorization"),
        SameClient("renewals_ask", "creator_id", "creators_creator"),
    ]
