"""Row policies of stored replies; keys are looked up before a client is known."""

from django.db import migrations

from sparkops.isolation.rls import ProtectRows


class Migration(migrations.Migration):
    dependencies = [("api", "0001_initial")]
    operations = [ProtectRows("api_storedreply")]
