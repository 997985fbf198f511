"""Rows of statements with an amount that no listed fee explains: few among millions."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('profit', '0011_more_exports'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='statementline',
            index=models.Index(condition=models.Q(('unlisted', {}), _negated=True), fields=['client', 'statement'], name='statement_line_unlisted'),
        ),
    ]
