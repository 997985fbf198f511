"""Numbers of ads by hour, and the Business Center that shares an ad's identity."""

import django.db.models.deletion
from django.db import migrations, models

from sparkops.isolation.rls import ProtectRows, SameClient


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0017_gmv_max_launches'),
        ('tenants', '0005_support_access'),
    ]

    operations = [
        migrations.AddField(
            model_name='ad',
            name='identity_bc_id',
            field=models.CharField(blank=True, db_default='', default='', max_length=32),
        ),
        migrations.CreateModel(
            name='AdHour',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('hour', models.PositiveSmallIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('spend', models.DecimalField(decimal_places=4, max_digits=18)),
                ('impressions', models.PositiveBigIntegerField(default=0)),
                ('clicks', models.PositiveBigIntegerField(default=0)),
                ('video_views', models.PositiveBigIntegerField(default=0)),
                ('conversions', models.PositiveIntegerField(default=0)),
                ('claimed_orders', models.PositiveIntegerField(default=0)),
                ('claimed_revenue', models.DecimalField(decimal_places=4, default=0, max_digits=18)),
                ('read_at', models.DateTimeField()),
                ('ad', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hours', to='campaigns.ad')),
                ('client', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenants.client')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('client', 'ad', 'day', 'hour'), name='ad_hour_once')],
            },
        ),
        ProtectRows("campaigns_adhour"),
        SameClient("campaigns_adhour", "ad_id", "campaigns_ad"),
    ]
