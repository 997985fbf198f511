"""Restatements, and who has seen them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from sparkops.isolation.rls import ProtectRows, SameClient


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0002_row_policies'),
        ('profit', '0004_longer_accounts'),
        ('tenants', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Look',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seen_until', models.DateTimeField()),
                ('client', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenants.client')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('client', 'user'), name='look_once')],
            },
        ),
        migrations.CreateModel(
            name='Restatement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(max_length=80)),
                ('order_id', models.CharField(blank=True, max_length=32)),
                ('account', models.CharField(max_length=40)),
                ('month', models.DateField()),
                ('before', models.DecimalField(decimal_places=4, max_digits=18)),
                ('after', models.DecimalField(decimal_places=4, max_digits=18)),
                ('effect', models.DecimalField(decimal_places=4, max_digits=18)),
                ('currency', models.CharField(max_length=3)),
                ('stage_before', models.CharField(blank=True, max_length=10)),
                ('stage_after', models.CharField(blank=True, max_length=10)),
                ('kind', models.CharField(choices=[('settled', 'Settled'), ('refund', 'Refund'), ('fee_rule', 'Fee rule'), ('unit_cost', 'Unit cost'), ('fx_rate', 'Exchange rate'), ('ads', 'Ad numbers'), ('payment', 'Payment to a creator'), ('other', 'Other')], max_length=12)),
                ('rule', models.CharField(blank=True, max_length=24)),
                ('cause', models.CharField(max_length=200)),
                ('booked_at', models.DateTimeField()),
                ('client', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenants.client')),
                ('shop', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.shop')),
            ],
            options={
                'indexes': [models.Index(fields=['client', '-booked_at', '-id'], name='restatement_newest'), models.Index(fields=['client', 'shop', 'booked_at'], include=('month', 'kind', 'effect', 'subject'), name='restatement_moved')],
            },
        ),
        ProtectRows("profit_look"),
        ProtectRows("profit_restatement", append_only=True),
        SameClient("profit_restatement", "shop_id", "catalog_shop"),
        migrations.RunSQL(
            """
            CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON profit_restatement
                FOR EACH ROW EXECUTE FUNCTION refuse_ledger_change();
            """,
            "DROP TRIGGER append_only ON profit_restatement;",
        ),
    ]
