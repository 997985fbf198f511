"""Cases about broken holds."""

import django.db.models.deletion
from django.db import migrations, models

from sparkops.isolation.rls import ProtectRows, SameClient


class Migration(migrations.Migration):

    dependencies = [
        ('authorizations', '0009_fees'),
        ('creators', '0005_gone_posts'),
        ('tenants', '0002_hold_codes_until_paid'),
    ]

    operations = [
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hold_until', models.DateField()),
                ('state', models.CharField(choices=[('open', 'Open'), ('settled', 'Settled')], default='open', max_length=8)),
                ('frozen_fees', models.PositiveSmallIntegerField(default=0)),
                ('opened_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(null=True)),
                ('settled_by', models.CharField(blank=True, max_length=200)),
                ('note', models.TextField(blank=True)),
                ('client', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenants.client')),
                ('finding', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='case', to='authorizations.finding')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='creators.post')),
            ],
            options={
                'indexes': [models.Index(fields=['client', '-opened_at', '-id'], name='case_newest')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('client', 'post'), name='case_open_once')],
            },
        ),
        ProtectRows("authorizations_case"),
        SameClient("authorizations_case", "post_id", "creators_post"),
        SameClient("authorizations_case", "finding_id", "authorizations_finding"),
    ]
