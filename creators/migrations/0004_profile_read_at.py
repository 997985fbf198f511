from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("creators", "0003_figures_of_lists"),
    ]

    operations = [
        migrations.AddField(
            model_name="creator",
            name="profile_read_at",
            field=models.DateTimeField(null=True),
        ),
    ]
