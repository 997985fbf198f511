import django.db.models.deletion
from django.db import migrations, models

from sparkops.isolation.rls import ProtectRows, SameClient


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0002_row_policies'),
        ('catalog', '0002_row_policies'),
        ('creators', '0002_row_policies'),
        ('profit', '0002_row_policies'),
        ('tenants', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ProductResult',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('as_of', models.DateField()),
                ('days', models.PositiveSmallIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('gmv', models.DecimalField(decimal_places=4, max_digits=18)),
                ('affiliate_commission', models.DecimalField(decimal_places=4, max_digits=18)),
                ('net_ad_cost', models.DecimalField(decimal_places=4, max_digits=18)),
                ('cm_before_ads', models.DecimalField(decimal_places=4, max_digits=18)),
                ('cm3', models.DecimalField(decimal_places=4, max_digits=18)),
                ('complete', models.BooleanField()),
            ],
        ),
        migrations.CreateModel(
            name='Watch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=20)),
                ('until', models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='feerule',
            name='fee_rule_once',
        ),
        migrations.RemoveIndex(
            model_name='entry',
            name='entry_key',
        ),
        migrations.RemoveField(
            model_name='affiliateorder',
            name='settled',
        ),
        migrations.RemoveField(
            model_name='feerule',
            name='fixed',
        ),
        migrations.RemoveField(
            model_name='refund',
            name='restocked',
        ),
        migrations.AddField(
            model_name='affiliateorder',
            name='settled_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='entry',
            name='subject',
            field=models.CharField(default='', max_length=80),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='feerule',
            name='product',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.product'),
        ),
        migrations.AddField(
            model_name='order',
            name='paid_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='order',
            name='shipping_credited',
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name='refund',
            name='restocked_quantity',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name='agencyfee',
            name='kind',
            field=models.CharField(choices=[('fixed', 'Fixed'), ('percent_of_gmv', 'Share of GMV'), ('percent_of_net_revenue', 'Share of net revenue'), ('percent_of_ad_spend', 'Share of ad spend')], max_length=24),
        ),
        migrations.AlterField(
            model_name='dirty',
            name='kind',
            field=models.CharField(choices=[('order', 'Order'), ('ad_day', 'Ad day'), ('gmv_day', 'GMV Max day'), ('fee', 'Creator fee'), ('adjustment', 'Adjustment')], max_length=12),
        ),
        migrations.AlterField(
            model_name='feerule',
            name='kind',
            field=models.CharField(choices=[('referral', 'Referral fee'), ('refund_admin', 'Refund administration fee'), ('output_vat', 'VAT inside prices'), ('commission', 'Base of affiliate commission')], max_length=20),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['client', 'shop', 'event_day', 'account'], name='entry_event_day'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(condition=models.Q(('settlement_day__isnull', False)), fields=['client', 'shop', 'settlement_day', 'account'], name='entry_settlement_day'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['client', 'subject'], name='entry_subject'),
        ),
        migrations.AddConstraint(
            model_name='feerule',
            constraint=models.UniqueConstraint(fields=('client', 'market', 'kind', 'product', 'effective_from'), name='fee_rule_once', nulls_distinct=False),
        ),
        migrations.AddField(
            model_name='productresult',
            name='client',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenants.client'),
        ),
        migrations.AddField(
            model_name='productresult',
            name='product',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.product'),
        ),
        migrations.AddField(
            model_name='productresult',
            name='shop',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.shop'),
        ),
        migrations.AddField(
            model_name='watch',
            name='client',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenants.client'),
        ),
        migrations.AddConstraint(
            model_name='productresult',
            constraint=models.UniqueConstraint(fields=('client', 'product'), name='product_result_once'),
        ),
        migrations.AddConstraint(
            model_name='watch',
            constraint=models.UniqueConstraint(fields=('client', 'source'), name='watch_once'),
        ),
        ProtectRows("profit_productresult"),
        ProtectRows("profit_watch"),
        SameClient("profit_productresult", "shop_id", "catalog_shop"),
        SameClient("profit_productresult", "product_id", "catalog_product"),
        SameClient("profit_feerule", "product_id", "catalog_product"),
    ]
