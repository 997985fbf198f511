"""What people did on the post because of an ad, and who watched to its end."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0015_target_roas'),
    ]

    operations = [
        migrations.AddField(
            model_name='adday',
            name='comments',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='adday',
            name='completed_views',
            field=models.PositiveBigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='adday',
            name='follows',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='adday',
            name='likes',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='adday',
            name='profile_visits',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='adday',
            name='shares',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
    ]
