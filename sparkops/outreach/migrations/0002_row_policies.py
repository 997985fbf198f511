"""Row policies of outreach, and references that may not leave the client."""

from django.db import migrations

from sparkops.isolation.rls import ProtectRows, SameClient


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0002_row_policies"),
        ("creators", "0002_row_policies"),
        ("outreach", "0001_outreaches"),
    ]
    operations = [
        ProtectRows("outreach_segment"),
        ProtectRows("outreach_outreach"),
        ProtectRows("outreach_outreachproduct"),
        ProtectRows("outreach_recipient"),
        SameClient("outreach_outreach", "segment_id", "outreach_segment"),
        SameClient("outreach_outreachproduct", "outreach_id", "outreach_outreach"),
        SameClient("outreach_outreachproduct", "product_id", "catalog_product"),
        SameClient("outreach_recipient", "outreach_id", "outreach_outreach"),
        SameClient("outreach_recipient", "creator_id", "creators_creator"),
    ]
