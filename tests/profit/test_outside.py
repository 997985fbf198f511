"""Spend outside permission is an incident with its amount (P28, AR6)."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from campaigns.models import Ad, Incident
from profit.actions.watching import mark_changes_elsewhere
from profit.models import Dirty
from profit.tasks import book
from sparkops import clock
from sparkops.alerts.models import Alert
from sparkops.catalog.models import AdAccount, Shop
from sparkops.isolation.scope import client_scope
from tests.factories.ads import a_day, a_post, account, an_ad, covered, needs
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db


def an_ad_outside(now: datetime, ago: int) -> Ad:
    """It spent 40 within its code, and 30 and 12.50 after the code had ended; on `ago` and later
    days before `now`."""
    post = a_post()
    needs(post, "2.5")
    of = account()
    AdAccount.objects.filter(pk=of.pk).update(shop=Shop.objects.get())
    of.refresh_from_db()
    right = covered(post, now=now)
    right.starts_at = now - timedelta(days=ago + 9)
    right.ends_at = now - timedelta(days=ago + 2)
    right.save()
    ad = an_ad("Glow", post, of=of)
    a_day(ad, ago + 5, "40.00", now=now)
    a_day(ad, ago, "30.00", now=now)
    a_day(ad, ago - 1, "12.50", now=now)
    return ad


def test_spend_after_an_end_is_an_incident_with_its_money(cast: Cast) -> None:
    """AR6, P28: two days after the end make one incident of 42.50; a permission that is recorded
    later ends it."""
    now = clock.now()
    with client_scope(cast.client.pk):
        ad = an_ad_outside(now, 2)
    book(client_id=cast.client.pk)
    with client_scope(cast.client.pk):
        incident = Incident.objects.get(ad=ad, kind="ad.spent_outside_authorization")
        assert (incident.amount, incident.currency) == (Decimal("42.50"), "USD")
        assert incident.amount_means == "spent"
        alert = Alert.objects.get(kind="ad.spent_outside_authorization")
        assert "42.50" in alert.body
        assert ad.post is not None
        covered(ad.post, now=now - timedelta(days=7))
        Dirty.objects.all().delete()
        mark_changes_elsewhere(now=now + timedelta(days=2))
    book(client_id=cast.client.pk)
    with client_scope(cast.client.pk):
        incident.refresh_from_db()
        alert.refresh_from_db()
        assert incident.closed_at is not None
        assert alert.resolved_at is not None


def test_old_spend_is_kept_as_an_incident_but_alarms_nobody(cast: Cast) -> None:
    """AR6: what came with ninety days of history is no news."""
    with client_scope(cast.client.pk):
        an_ad_outside(clock.now(), 20)
    book(client_id=cast.client.pk)
    with client_scope(cast.client.pk):
        assert Incident.objects.filter(kind="ad.spent_outside_authorization").count() == 1
        assert not Alert.objects.filter(kind="ad.spent_outside_authorization").exists()
