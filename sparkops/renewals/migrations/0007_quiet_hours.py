"""Defaults of quiet hours as functions; no change of the table."""

import sparkops.renewals.models.messages
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('renewals', '0006_stake_policies'),
    ]

    operations = [
        migrations.AlterField(
            model_name='cadence',
            name='quiet_ends',
            field=models.TimeField(default=sparkops.renewals.models.messages.morning),
        ),
        migrations.AlterField(
            model_name='cadence',
            name='quiet_starts',
            field=models.TimeField(default=sparkops.renewals.models.messages.evening),
        ),
    ]
