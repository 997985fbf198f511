"""Row policies and references that may not leave the client."""

from django.db import migrations

from sparkops.isolation.rls import ProtectRows, SameClient


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0002_row_policies"),
        ("catalog", "0002_row_policies"),
        ("creators", "0002_row_policies"),
        ("profit", "0001_initial"),
    ]
    operations = [
        ProtectRows("profit_order"),
        ProtectRows("profit_orderline"),
        ProtectRows("profit_refund"),
        ProtectRows("profit_affiliateorder"),
        ProtectRows("profit_statement"),
        ProtectRows("profit_statementline"),
        ProtectRows("profit_unsettledline"),
        ProtectRows("profit_payment"),
        ProtectRows("profit_feerule"),
        ProtectRows("profit_creatorfee"),
        ProtectRows("profit_agencyfee"),
        ProtectRows("profit_entry", append_only=True),
        ProtectRows("profit_daytotal"),
        ProtectRows("profit_dirty"),
        SameClient("profit_order", "shop_id", "catalog_shop"),
        SameClient("profit_orderline", "order_id", "profit_order"),
        SameClient("profit_orderline", "sku_id", "catalog_sku"),
        SameClient("profit_orderline", "product_id", "catalog_product"),
        SameClient("profit_refund", "order_id", "profit_order"),
        SameClient("profit_affiliateorder", "creator_id", "creators_creator"),
        SameClient("profit_affiliateorder", "post_id", "creators_post"),
        SameClient("profit_statement", "shop_id", "catalog_shop"),
        SameClient("profit_statementline", "statement_id", "profit_statement"),
        SameClient("profit_unsettledline", "shop_id", "catalog_shop"),
        SameClient("profit_payment", "shop_id", "catalog_shop"),
        SameClient("profit_creatorfee", "creator_id", "creators_creator"),
        SameClient("profit_creatorfee", "post_id", "creators_post"),
        SameClient("profit_creatorfee", "product_id", "catalog_product"),
        SameClient("profit_creatorfee", "shop_id", "catalog_shop"),
        SameClient("profit_agencyfee", "shop_id", "catalog_shop"),
        SameClient("profit_entry", "shop_id", "catalog_shop"),
        SameClient("profit_entry", "product_id", "catalog_product"),
        SameClient("profit_entry", "creator_id", "creators_creator"),
        SameClient("profit_entry", "post_id", "creators_post"),
        SameClient("profit_entry", "ad_id", "campaigns_ad"),
        SameClient("profit_daytotal", "shop_id", "catalog_shop"),
        SameClient("profit_dirty", "shop_id", "catalog_shop"),
        migrations.RunSQL(
            """
            CREATE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'ledger entries are append-only: book a correction instead';
            END $$;
            CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON profit_entry
                FOR EACH ROW EXECUTE FUNCTION refuse_ledger_change();
            """,
            """
            DROP TRIGGER append_only ON profit_entry;
            DROP FUNCTION refuse_ledger_change();
            """,
        ),
    ]
