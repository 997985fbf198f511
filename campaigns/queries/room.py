"""How many Spark Ads an ad account holds (TA3)."""

from django.conf import settings
from django.db.models import Q, QuerySet

from authorizations.rules.room import Room
from campaigns.models import Ad, Launch
from sparkops.catalog.models import AdAccount


def room_for_launch(account: AdAccount) -> Room:
    """Counted now: ads that TikTok lists, and launches whose ad it has not listed yet."""
    made_or_coming = Q(done__has_key="ad_id") | Q(
        state__in=[Launch.State.PLANNED, Launch.State.CREATING]
    )
    unlisted = Launch.objects.filter(made_or_coming, ad_account=account, ad=None)
    return Room(_listed(account).count() + unlisted.count(), settings.SPARK_ADS_PER_ACCOUNT)


def count_spark_ads(account: AdAccount) -> None:
    """Keep how many Spark Ads TikTok lists where permissions read it."""
    used = _listed(account).count()
    AdAccount.objects.filter(pk=account.pk).update(spark_ads=used)


def _listed(account: AdAccount) -> QuerySet[Ad]:
    spark = Ad.objects.filter(ad_account=account).exclude(item_id="")
    return spark.exclude(state=Ad.State.DELETED)
