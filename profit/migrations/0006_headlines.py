"""The figures that a person wants on top."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from sparkops.isolation.rls import ProtectRows


class Migration(migrations.Migration):

    dependencies = [
        ('profit', '0005_restatements'),
        ('tenants', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Headline',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('metrics', models.JSONField(default=list)),
                ('client', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenants.client')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('client', 'user'), name='headline_once')],
            },
        ),
        ProtectRows("profit_headline"),
    ]
