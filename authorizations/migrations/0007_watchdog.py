"""What was seen of posts, and what the watchdog found."""

import django.db.models.deletion
from django.db import migrations, models

from sparkops.isolation.rls import ProtectRows, SameClient


class Migration(migrations.Migration):

    dependencies = [
        ('authorizations', '0006_usable_and_ended'),
        ('catalog', '0002_row_policies'),
        ('creators', '0005_gone_posts'),
        ('tenants', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Sight',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seen_at', models.DateTimeField()),
                ('post_word', models.CharField(blank=True, max_length=60)),
                ('authorization_word', models.CharField(blank=True, max_length=60)),
                ('ends_at', models.DateTimeField(null=True)),
                ('caption', models.TextField(blank=True)),
                ('products', models.JSONField(default=list)),
                ('regions', models.JSONField(default=list)),
                ('code_mask', models.CharField(blank=True, max_length=16)),
                ('said', models.JSONField(default=dict)),
                ('ad_account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.adaccount')),
                ('client', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenants.client')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sights', to='creators.post')),
            ],
        ),
        migrations.CreateModel(
            name='Finding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('revoked', 'Authorization switched off'), ('unlisted', 'Removed from the ad account'), ('deleted', 'Post deleted'), ('removed', 'Post taken down by TikTok'), ('private', 'Post made private'), ('link_lost', 'Product link lost'), ('caption', 'Caption changed'), ('region', 'Region changed'), ('extended', 'Code extended outside SparkOps')], max_length=12)),
                ('sentence', models.TextField()),
                ('tiktok_says', models.CharField(blank=True, max_length=200)),
                ('before', models.TextField(blank=True)),
                ('after', models.TextField(blank=True)),
                ('noticed_at', models.DateTimeField()),
                ('over_at', models.DateTimeField(null=True)),
                ('over_by', models.CharField(blank=True, max_length=200)),
                ('note', models.TextField(blank=True)),
                ('ad_account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.adaccount')),
                ('authorization', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='authorizations.authorization')),
                ('client', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenants.client')),
                ('post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='creators.post')),
                ('earlier', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='authorizations.sight')),
                ('sight', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='authorizations.sight')),
            ],
        ),
        migrations.AddIndex(
            model_name='sight',
            index=models.Index(fields=['client', 'post', 'ad_account', '-id'], name='sight_newest'),
        ),
        migrations.AddIndex(
            model_name='finding',
            index=models.Index(fields=['client', '-noticed_at', '-id'], name='finding_newest'),
        ),
        migrations.AddIndex(
            model_name='finding',
            index=models.Index(condition=models.Q(('over_at', None)), fields=['client', 'post'], name='finding_open'),
        ),
        migrations.AddConstraint(
            model_name='finding',
            constraint=models.UniqueConstraint(condition=models.Q(('over_at', None)), fields=('client', 'post', 'authorization', 'ad_account', 'kind'), name='finding_open_once', nulls_distinct=False),
        ),
        ProtectRows("authorizations_sight", append_only=True),
        ProtectRows("authorizations_finding"),
        SameClient("authorizations_sight", "post_id", "creators_post"),
        SameClient("authorizations_sight", "ad_account_id", "catalog_adaccount"),
        SameClient("authorizations_finding", "post_id", "creators_post"),
        SameClient("authorizations_finding", "authorization_id", "authorizations_authorization"),
        SameClient("authorizations_finding", "ad_account_id", "catalog_adaccount"),
        SameClient("authorizations_finding", "sight_id", "authorizations_sight"),
        SameClient("authorizations_finding", "earlier_id", "authorizations_sight"),
    ]
