"""Row policies of follow-ups and answers."""

from django.db import migrations

from sparkops.isolation.rls import ProtectRows, SameClient


class Migration(migrations.Migration):
    dependencies = [("outreach", "0007_follow_ups")]
    operations = [
        ProtectRows("outreach_step"),
        ProtectRows("outreach_reply"),
        SameClient("outreach_step", "outreach_id", "outreach_outreach"),
        SameClient("outreach_reply", "creator_id", "creators_creator"),
    ]
