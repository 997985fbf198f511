"""Row policies of the inbox."""

from django.db import migrations

from sparkops.isolation.rls import ProtectRows, SameClient


class Migration(migrations.Migration):
    dependencies = [("outreach", "0009_inbox")]
    operations = [
        ProtectRows("outreach_thread"),
        ProtectRows("outreach_answer"),
        ProtectRows("outreach_savedanswer"),
        SameClient("outreach_thread", "creator_id", "creators_creator"),
        SameClient("outreach_answer", "thread_id", "outreach_thread"),
    ]
