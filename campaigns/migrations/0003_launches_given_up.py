from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0002_row_policies"),
    ]

    operations = [
        migrations.AlterField(
            model_name="launch",
            name="state",
            field=models.CharField(
                choices=[
                    ("planned", "Planned"),
                    ("refused", "Refused by the gate"),
                    ("creating", "Being created, switched off"),
                    ("differs", "Read back with differences"),
                    ("live", "Enabled"),
                    ("failed", "Stopped half-way, nothing enabled"),
                    ("canceled", "Given up, nothing enabled"),
                ],
                max_length=8,
            ),
        ),
    ]
