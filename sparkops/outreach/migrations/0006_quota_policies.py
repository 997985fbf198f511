"""Row policies of quota readings and contacts."""

from django.db import migrations

from sparkops.isolation.rls import ProtectRows, SameClient


class Migration(migrations.Migration):
    dependencies = [("outreach", "0005_quota")]
    operations = [
        ProtectRows("outreach_quota"),
        ProtectRows("outreach_contact"),
        SameClient("outreach_quota", "shop_id", "catalog_shop"),
        SameClient("outreach_contact", "creator_id", "creators_creator"),
    ]
