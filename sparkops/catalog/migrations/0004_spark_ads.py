"""How many Spark Ads an ad account holds."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0003_max_commission_rate'),
    ]

    operations = [
        migrations.AddField(
            model_name='adaccount',
            name='spark_ads',
            field=models.PositiveIntegerField(null=True),
        ),
    ]
