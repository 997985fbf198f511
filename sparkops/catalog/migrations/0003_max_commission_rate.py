"""What a product can pay its creators at most."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0002_row_policies'),
    ]

    operations = [
        migrations.AddField(
            model_name='producttarget',
            name='max_commission_rate',
            field=models.DecimalField(decimal_places=4, max_digits=12, null=True),
        ),
    ]
