"""Closed months, which take no entry."""

import django.core.serializers.json
import django.db.models.deletion
from django.db import migrations, models

from sparkops.isolation.rls import ProtectRows, SameClient


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0007_back_tests'),
        ('catalog', '0003_max_commission_rate'),
        ('creators', '0006_post_day_results'),
        ('profit', '0008_uploads'),
        ('tenants', '0002_hold_codes_until_paid'),
    ]

    operations = [
        migrations.CreateModel(
            name='MonthClose',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField()),
                ('currency', models.CharField(max_length=3)),
                ('sums', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('net_profit', models.DecimalField(decimal_places=4, max_digits=18)),
                ('complete', models.BooleanField()),
                ('closed_at', models.DateTimeField()),
                ('closed_by', models.CharField(max_length=200)),
                ('reopened_at', models.DateTimeField(null=True)),
                ('reopened_by', models.CharField(blank=True, max_length=200)),
                ('reason', models.CharField(blank=True, max_length=300)),
            ],
        ),
        migrations.AddField(
            model_name='entry',
            name='posted_on',
            field=models.DateField(null=True),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(condition=models.Q(('posted_on__isnull', False)), fields=['client', 'shop', 'posted_on'], include=('event_day',), name='entry_posted'),
        ),
        migrations.AddField(
            model_name='monthclose',
            name='client',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenants.client'),
        ),
        migrations.AddField(
            model_name='monthclose',
            name='shop',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.shop'),
        ),
        migrations.AddConstraint(
            model_name='monthclose',
            constraint=models.UniqueConstraint(condition=models.Q(('reopened_at', None)), fields=('client', 'shop', 'month'), name='month_closed_once'),
        ),
        ProtectRows("profit_monthclose"),
        SameClient("profit_monthclose", "shop_id", "catalog_shop"),
        migrations.RunSQL(
            """
            CREATE FUNCTION refuse_entry_in_closed_month() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF EXISTS (
                    SELECT 1 FROM profit_monthclose
                    WHERE client_id = NEW.client_id AND shop_id = NEW.shop_id
                        AND reopened_at IS NULL
                        AND month = date_trunc(
                            'month', COALESCE(NEW.posted_on, NEW.event_day)::timestamp
                        )::date
                ) THEN
                    RAISE EXCEPTION 'this month is closed: post the entry in an open one';
                END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER closed_month BEFORE INSERT ON profit_entry
                FOR EACH ROW EXECUTE FUNCTION refuse_entry_in_closed_month();
            """,
            """
            DROP TRIGGER closed_month ON profit_entry;
            DROP FUNCTION refuse_entry_in_closed_month();
            """,
        ),
    ]
