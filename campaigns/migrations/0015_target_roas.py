"""A guard may change the target ROAS of GMV Max; no change of the table."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0014_launch_templates'),
    ]

    operations = [
        migrations.AlterField(
            model_name='guardrule',
            name='action',
            field=models.CharField(choices=[('pause', 'Pause'), ('enable', 'Switch on again'), ('budget', 'Change the budget'), ('bid', 'Change the bid'), ('target', 'Change the target ROAS'), ('notify', 'Tell people')], max_length=6),
        ),
    ]
