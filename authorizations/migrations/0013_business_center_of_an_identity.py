"""The Business Center that shares an account: without it no ad can name the account."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('authorizations', '0012_content_suite'),
    ]

    operations = [
        migrations.AddField(
            model_name='redemption',
            name='identity_bc_id',
            field=models.CharField(blank=True, db_default='', default='', max_length=32),
        ),
    ]
