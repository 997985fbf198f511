"""Row policies and references that may not leave the client."""

from django.db import migrations

from sparkops.isolation.rls import ProtectRows, SameClient


class Migration(migrations.Migration):
    dependencies = [
        ("alerts", "0001_initial"),
    ]
    operations = [
        ProtectRows("alerts_alert"),
        ProtectRows("alerts_delivery"),
        SameClient("alerts_delivery", "alert_id", "alerts_alert"),
    ]
