"""Files that people brought."""

import django.db.models.deletion
from django.db import migrations, models

from sparkops.isolation.rls import ProtectRows


class Migration(migrations.Migration):

    dependencies = [
        ('profit', '0007_custom_costs'),
        ('tenants', '0002_hold_codes_until_paid'),
    ]

    operations = [
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('unit_costs', 'Unit costs')], max_length=16)),
                ('name', models.CharField(max_length=200)),
                ('headers', models.JSONField(default=list)),
                ('rows', models.BinaryField()),
                ('notes', models.JSONField(default=list)),
                ('columns', models.JSONField(default=dict)),
                ('choices', models.JSONField(default=dict)),
                ('counts', models.JSONField(default=dict)),
                ('done', models.JSONField(default=list)),
                ('actor', models.CharField(max_length=200)),
                ('created_at', models.DateTimeField()),
                ('saved_at', models.DateTimeField(null=True)),
                ('undone_at', models.DateTimeField(null=True)),
                ('client', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenants.client')),
            ],
            options={
                'indexes': [models.Index(fields=['client', '-created_at', '-id'], name='upload_newest')],
            },
        ),
        ProtectRows("profit_upload"),
    ]
