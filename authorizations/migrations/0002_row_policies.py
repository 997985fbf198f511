"""Row policies and references that may not leave the client."""

from django.db import migrations

from sparkops.isolation.rls import ProtectRows, SameClient


class Migration(migrations.Migration):
    dependencies = [
        ("authorizations", "0001_initial"),
        ("catalog", "0002_row_policies"),
        ("creators", "0002_row_policies"),
    ]
    operations = [
        ProtectRows("authorizations_authorization"),
        ProtectRows("authorizations_transition", append_only=True),
        ProtectRows("authorizations_redemption"),
        ProtectRows("authorizations_usageterms"),
        ProtectRows("authorizations_reminder"),
        SameClient("authorizations_authorization", "post_id", "creators_post"),
        SameClient("authorizations_authorization", "creator_id", "creators_creator"),
        SameClient("authorizations_authorization", "previous_id", "authorizations_authorization"),
        SameClient("authorizations_transition", "authorization_id", "authorizations_authorization"),
        SameClient("authorizations_redemption", "authorization_id", "authorizations_authorization"),
        SameClient("authorizations_redemption", "ad_account_id", "catalog_adaccount"),
        SameClient("authorizations_usageterms", "creator_id", "creators_creator"),
        SameClient("authorizations_usageterms", "post_id", "creators_post"),
        SameClient("authorizations_reminder", "authorization_id", "authorizations_authorization"),
    ]
