"""Row policies of messages and the cadence."""

from django.db import migrations

from sparkops.isolation.rls import ProtectRows


class Migration(migrations.Migration):
    dependencies = [("renewals", "0001_messages")]
    operations = [
        ProtectRows("renewals_savedmessage"),
        ProtectRows("renewals_cadence"),
    ]
