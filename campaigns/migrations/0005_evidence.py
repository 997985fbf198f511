"""Evidence packs."""

import django.db.models.deletion
from django.db import migrations, models

from sparkops.isolation.rls import ProtectRows, SameClient


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0004_triage'),
        ('creators', '0005_gone_posts'),
        ('tenants', '0002_hold_codes_until_paid'),
    ]

    operations = [
        migrations.CreateModel(
            name='EvidencePack',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('building', 'Being built'), ('ready', 'Ready')], default='building', max_length=8)),
                ('parts', models.JSONField(default=dict)),
                ('progress', models.PositiveSmallIntegerField(default=0)),
                ('steps', models.PositiveSmallIntegerField()),
                ('document', models.TextField(blank=True)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('pdf', models.BinaryField(null=True)),
                ('requested_at', models.DateTimeField()),
                ('requested_by', models.CharField(max_length=200)),
                ('ready_at', models.DateTimeField(null=True)),
                ('client', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenants.client')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='evidence_packs', to='creators.post')),
            ],
            options={
                'indexes': [models.Index(fields=['client', 'post', '-id'], name='evidence_of_post'), models.Index(condition=models.Q(('state', 'building')), fields=['client', 'id'], name='evidence_building')],
            },
        ),
        ProtectRows("campaigns_evidencepack"),
        SameClient("campaigns_evidencepack", "post_id", "creators_post"),
    ]
