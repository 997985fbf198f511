"""Row policies and references that may not leave the client."""

from django.db import migrations

from sparkops.isolation.rls import ProtectRows, SameClient


class Migration(migrations.Migration):
    dependencies = [
        ("authorizations", "0002_row_policies"),
        ("campaigns", "0001_initial"),
        ("catalog", "0002_row_policies"),
        ("creators", "0002_row_policies"),
    ]
    operations = [
        ProtectRows("campaigns_campaign"),
        ProtectRows("campaigns_adgroup"),
        ProtectRows("campaigns_ad"),
        ProtectRows("campaigns_adday"),
        ProtectRows("campaigns_gmvmaxday"),
        ProtectRows("campaigns_launch"),
        ProtectRows("campaigns_incident"),
        SameClient("campaigns_campaign", "ad_account_id", "catalog_adaccount"),
        SameClient("campaigns_adgroup", "campaign_id", "campaigns_campaign"),
        SameClient("campaigns_ad", "ad_group_id", "campaigns_adgroup"),
        SameClient("campaigns_ad", "ad_account_id", "catalog_adaccount"),
        SameClient("campaigns_ad", "post_id", "creators_post"),
        SameClient("campaigns_adday", "ad_id", "campaigns_ad"),
        SameClient("campaigns_gmvmaxday", "campaign_id", "campaigns_campaign"),
        SameClient("campaigns_gmvmaxday", "product_id", "catalog_product"),
        SameClient("campaigns_gmvmaxday", "post_id", "creators_post"),
        SameClient("campaigns_launch", "post_id", "creators_post"),
        SameClient("campaigns_launch", "ad_account_id", "catalog_adaccount"),
        SameClient("campaigns_launch", "authorization_id", "authorizations_authorization"),
        SameClient("campaigns_launch", "ad_id", "campaigns_ad"),
        SameClient("campaigns_incident", "ad_id", "campaigns_ad"),
    ]
