"""Row policies of what is at stake, and references that may not leave the client."""

from django.db import migrations

from sparkops.isolation.rls import ProtectRows, SameClient


class Migration(migrations.Migration):
    dependencies = [
        ("authorizations", "0002_row_policies"),
        ("creators", "0002_row_policies"),
        ("renewals", "0005_stakes"),
    ]
    operations = [
        ProtectRows("renewals_stake"),
        SameClient("renewals_stake", "post_id", "creators_post"),
        SameClient("renewals_stake", "authorization_id", "authorizations_authorization"),
    ]
