"""What TikTok's limit of Spark Ads leaves in an ad account (TA3)."""

from django.conf import settings

from authorizations.rules.room import Room
from sparkops.catalog.models import AdAccount


def room_in(account: AdAccount) -> Room:
    """Of the ads that campaigns counted last; no query."""
    return Room(account.spark_ads, settings.SPARK_ADS_PER_ACCOUNT)
