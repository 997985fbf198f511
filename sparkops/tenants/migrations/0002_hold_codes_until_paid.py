"""A client may hold codes until their fee is paid."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tenants', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='client',
            name='hold_codes_until_paid',
            field=models.BooleanField(default=False),
        ),
    ]
