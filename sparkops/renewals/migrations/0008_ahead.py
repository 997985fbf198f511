"""What the next 30 days bring, with its row policies and references that stay in the client."""

import django.db.models.deletion
from django.db import migrations, models

from sparkops.isolation.rls import ProtectRows, SameClient


class Migration(migrations.Migration):

    dependencies = [
        ('authorizations', '0012_content_suite'),
        ('creators', '0011_applications'),
        ('renewals', '0007_quiet_hours'),
        ('tenants', '0002_hold_codes_until_paid'),
    ]

    operations = [
        migrations.CreateModel(
            name='Ahead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('pauses', 'Pauses'), ('loses', 'Loses money'), ('owed', 'Is owed')], max_length=6)),
                ('what', models.CharField(choices=[('right', 'Right to spend ends'), ('ads', 'Ads lose money'), ('flat_fee', 'Flat fee'), ('usage_fee', 'Usage fee'), ('renewal_fee', 'Renewal fee'), ('retainer', 'Retainer'), ('bonus', 'Bonus'), ('code_fee', 'Fee of a permission'), ('sample', 'Sample to send'), ('commission', 'Commission of creators')], max_length=12)),
                ('key', models.CharField(max_length=60)),
                ('day', models.DateField()),
                ('until', models.DateField()),
                ('title', models.CharField(max_length=200)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('per_day', models.DecimalField(decimal_places=4, max_digits=18, null=True)),
                ('amount', models.DecimalField(decimal_places=4, max_digits=18, null=True)),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('subject_id', models.BigIntegerField(null=True)),
                ('counted_at', models.DateTimeField()),
                ('authorization', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='authorizations.authorization')),
                ('client', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenants.client')),
                ('creator', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='creators.creator')),
                ('post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='creators.post')),
            ],
            options={
                'indexes': [models.Index(fields=['client', 'day', 'id'], name='ahead_day')],
                'constraints': [models.UniqueConstraint(fields=('client', 'key'), name='ahead_once')],
            },
        ),
        ProtectRows('renewals_ahead'),
        SameClient('renewals_ahead', 'post_id', 'creators_post'),
        SameClient('renewals_ahead', 'creator_id', 'creators_creator'),
        SameClient('renewals_ahead', 'authorization_id', 'authorizations_authorization'),
    ]
