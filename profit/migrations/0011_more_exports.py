"""Exports of returns, statements and GMV Max."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('profit', '0010_exports_of_pages'),
    ]

    operations = [
        migrations.AlterField(
            model_name='upload',
            name='kind',
            field=models.CharField(choices=[('unit_costs', 'Unit costs'), ('orders', 'Orders of Seller Center'), ('affiliate', 'Affiliate orders of Seller Center'), ('returns', 'Returns and refunds of Seller Center'), ('statements', 'Statements of Seller Center'), ('ads', 'Ads by day of Ads Manager'), ('gmv_max', 'GMV Max by day of Ads Manager')], max_length=16),
        ),
    ]
