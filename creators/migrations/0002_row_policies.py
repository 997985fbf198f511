"""Row policies and references that may not leave the client."""

from django.db import migrations

from sparkops.isolation.rls import ProtectRows, SameClient


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0002_row_policies"),
        ("creators", "0001_initial"),
    ]
    operations = [
        ProtectRows("creators_creator"),
        ProtectRows("creators_handle"),
        ProtectRows("creators_collaboration"),
        ProtectRows("creators_post"),
        ProtectRows("creators_postproduct"),
        ProtectRows("creators_postday"),
        ProtectRows("creators_postresult"),
        ProtectRows("creators_sample"),
        SameClient("creators_handle", "creator_id", "creators_creator"),
        SameClient("creators_collaboration", "shop_id", "catalog_shop"),
        SameClient("creators_collaboration", "product_id", "catalog_product"),
        SameClient("creators_post", "creator_id", "creators_creator"),
        SameClient("creators_postproduct", "post_id", "creators_post"),
        SameClient("creators_postproduct", "product_id", "catalog_product"),
        SameClient("creators_postday", "post_id", "creators_post"),
        SameClient("creators_postresult", "post_id", "creators_post"),
        SameClient("creators_sample", "creator_id", "creators_creator"),
        SameClient("creators_sample", "product_id", "catalog_product"),
        SameClient("creators_sample", "post_id", "creators_post"),
    ]
