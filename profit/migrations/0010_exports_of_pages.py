"""Kinds of files that are exports of TikTok pages."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('profit', '0009_closing'),
    ]

    operations = [
        migrations.AlterField(
            model_name='upload',
            name='kind',
            field=models.CharField(choices=[('unit_costs', 'Unit costs'), ('orders', 'Orders of Seller Center'), ('affiliate', 'Affiliate orders of Seller Center'), ('ads', 'Ads by day of Ads Manager')], max_length=16),
        ),
    ]
