"""Row policies and references that may not leave the client."""

from django.db import migrations

from sparkops.isolation.rls import ProtectRows, SameClient


class Migration(migrations.Migration):
    dependencies = [
        ("authorizations", "0002_row_policies"),
        ("creators", "0002_row_policies"),
        ("intake", "0001_initial"),
        ("profit", "0002_row_policies"),
    ]
    operations = [
        ProtectRows("intake_import"),
        ProtectRows("intake_importrow"),
        ProtectRows("intake_touch"),
        SameClient("intake_importrow", "batch_id", "intake_import"),
        SameClient("intake_touch", "row_id", "intake_importrow"),
        SameClient("intake_touch", "creator_id", "creators_creator"),
        SameClient("intake_touch", "post_id", "creators_post"),
        SameClient("intake_touch", "authorization_id", "authorizations_authorization"),
        SameClient("intake_touch", "creator_fee_id", "profit_creatorfee"),
    ]
