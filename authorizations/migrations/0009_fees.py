"""Fees, and redemptions that wait for them."""

import django.db.models.deletion
from django.db import migrations, models

from sparkops.isolation.rls import ProtectRows, SameClient


class Migration(migrations.Migration):

    dependencies = [
        ('authorizations', '0008_usage_terms_versions'),
        ('tenants', '0002_hold_codes_until_paid'),
    ]

    operations = [
        migrations.AlterField(
            model_name='redemption',
            name='state',
            field=models.CharField(choices=[('held', 'Held until the fee is paid'), ('waiting', 'Being redeemed'), ('redeemed', 'Redeemed'), ('refused', 'Refused'), ('retry', 'TikTok fault, trying again'), ('unbound', 'Removed')], default='waiting', max_length=10),
        ),
        migrations.CreateModel(
            name='Fee',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.DecimalField(decimal_places=4, max_digits=18)),
                ('currency', models.CharField(max_length=3)),
                ('state', models.CharField(choices=[('agreed', 'Agreed'), ('due', 'Due'), ('paid', 'Paid'), ('frozen', 'Frozen')], max_length=8)),
                ('before_freeze', models.CharField(blank=True, max_length=8)),
                ('due_on', models.DateField(null=True)),
                ('paid_on', models.DateField(null=True)),
                ('reference', models.CharField(blank=True, max_length=200)),
                ('noted_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('authorization', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='fee', to='authorizations.authorization')),
                ('client', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenants.client')),
            ],
            options={
                'indexes': [models.Index(fields=['client', 'state'], name='fee_state')],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='fee_not_negative'), models.CheckConstraint(condition=models.Q(('state', 'frozen'), ('before_freeze', ''), _connector='OR'), name='fee_freeze')],
            },
        ),
        ProtectRows("authorizations_fee"),
        SameClient("authorizations_fee", "authorization_id", "authorizations_authorization"),
    ]
