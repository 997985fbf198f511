"""Row policies and references that may not leave the client."""

from django.db import migrations

from sparkops.isolation.rls import ProtectRows


class Migration(migrations.Migration):
    dependencies = [
        ("outbox", "0001_initial"),
    ]
    operations = [
        ProtectRows("outbox_command"),
    ]
