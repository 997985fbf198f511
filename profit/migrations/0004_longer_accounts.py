"""Room for the longest account name."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("profit", "0003_booking")]
    operations = [
        migrations.AlterField("entry", "account", models.CharField(max_length=40)),
        migrations.AlterField("daytotal", "account", models.CharField(max_length=40)),
    ]
