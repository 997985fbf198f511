"""Row policies and references that may not leave the client."""

from django.db import migrations

from sparkops.isolation.rls import ProtectRows, SameClient


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0001_initial"),
        ("connections", "0002_row_policies"),
    ]
    operations = [
        ProtectRows("catalog_shop"),
        ProtectRows("catalog_adaccount"),
        ProtectRows("catalog_product"),
        ProtectRows("catalog_sku"),
        ProtectRows("catalog_producttarget"),
        ProtectRows("catalog_unitcost"),
        ProtectRows("catalog_fxrate"),
        SameClient("catalog_shop", "connection_id", "connections_connection"),
        SameClient("catalog_adaccount", "connection_id", "connections_connection"),
        SameClient("catalog_adaccount", "shop_id", "catalog_shop"),
        SameClient("catalog_product", "shop_id", "catalog_shop"),
        SameClient("catalog_sku", "product_id", "catalog_product"),
        SameClient("catalog_producttarget", "product_id", "catalog_product"),
        SameClient("catalog_unitcost", "sku_id", "catalog_sku"),
    ]
