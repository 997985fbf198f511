"""Row policies of letters and invitations."""

from django.db import migrations

from sparkops.isolation.rls import ProtectRows, SameClient


class Migration(migrations.Migration):
    dependencies = [("outreach", "0003_letters")]
    operations = [
        ProtectRows("outreach_invitation"),
        ProtectRows("outreach_letter"),
        SameClient("outreach_invitation", "outreach_id", "outreach_outreach"),
        SameClient("outreach_letter", "recipient_id", "outreach_recipient"),
        SameClient("outreach_letter", "invitation_id", "outreach_invitation"),
    ]
