"""Custom costs, and what booking calls them."""

import django.db.models.deletion
from django.db import migrations, models

from sparkops.isolation.rls import ProtectRows, SameClient


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0003_max_commission_rate'),
        ('creators', '0006_post_day_results'),
        ('profit', '0006_headlines'),
        ('tenants', '0002_hold_codes_until_paid'),
    ]

    operations = [
        migrations.AlterField(
            model_name='dirty',
            name='kind',
            field=models.CharField(choices=[('order', 'Order'), ('ad_day', 'Ad day'), ('gmv_day', 'GMV Max day'), ('fee', 'Creator fee'), ('adjustment', 'Adjustment'), ('cost', 'Custom cost')], max_length=12),
        ),
        migrations.AlterField(
            model_name='restatement',
            name='kind',
            field=models.CharField(choices=[('settled', 'Settled'), ('refund', 'Refund'), ('fee_rule', 'Fee rule'), ('unit_cost', 'Unit cost'), ('fx_rate', 'Exchange rate'), ('ads', 'Ad numbers'), ('payment', 'Payment to a creator'), ('custom_cost', 'Custom cost'), ('other', 'Other')], max_length=12),
        ),
        migrations.CreateModel(
            name='CustomCost',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('amount', models.DecimalField(decimal_places=4, max_digits=18)),
                ('currency', models.CharField(max_length=3)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('created_at', models.DateTimeField()),
                ('client', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenants.client')),
                ('creator', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='creators.creator')),
                ('product', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.product')),
                ('shop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.shop')),
            ],
            options={
                'indexes': [models.Index(fields=['client', '-starts_on', '-id'], name='custom_cost_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='custom_cost_window')],
            },
        ),
        ProtectRows("profit_customcost"),
        SameClient("profit_customcost", "shop_id", "catalog_shop"),
        SameClient("profit_customcost", "product_id", "catalog_product"),
        SameClient("profit_customcost", "creator_id", "creators_creator"),
    ]
