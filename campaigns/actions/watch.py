"""Pausing ads on posts with which something happened (AR7, N6)."""

from datetime import datetime

from django.db.models import Q

from authorizations.models import Finding
from authorizations.rules.watch import Kind
from campaigns.actions.switch import ask_to_pause
from campaigns.models import Ad
from campaigns.rules.watch import asks_again, must_stop
from sparkops.audit.record import SYSTEM

SETTLED = (Ad.State.ENDED, Ad.State.DELETED, Ad.State.REJECTED)


def pause_found(*, now: datetime) -> int:
    """Ask for a pause of every ad that an open finding stops; returns how many are asked for.

    Level-triggered: ads that TikTok stopped by itself are switched off as well, or they would run
    again unseen as soon as the post came back.
    """
    asked = 0
    for finding in Finding.objects.filter(over_at=None).exclude(kind=Kind.EXTENDED):
        kind = Kind(finding.kind)
        for ad in _ads_of(finding):
            here = finding.ad_account_id in (None, ad.ad_account_id)
            identity = "" if finding.post_id is None else ad.identity_type
            if must_stop(kind, identity_type=identity, in_the_account=here):
                _pause(ad, finding, now)
                asked += 1
    return asked


def _ads_of(finding: Finding) -> list[Ad]:
    on = Ad.objects.filter(operation_status="ENABLE").exclude(state__in=SETTLED)
    if finding.post_id is not None:
        return list(on.filter(post_id=finding.post_id).order_by("pk"))
    # A linked account that is gone: the ads that run under it.
    assert finding.authorization is not None
    names = finding.authorization.redemptions.filter(
        ad_account_id=finding.ad_account_id
    ).values_list("identity_id", flat=True)
    lives_by_link = ~Q(identity_id="") & Q(identity_id__in=names)
    return list(on.filter(lives_by_link).order_by("pk"))


def _pause(ad: Ad, finding: Finding, now: datetime) -> None:
    key = f"finding:{finding.pk}"
    if asks_again(Kind(finding.kind)):
        key += f":{now:%Y-%m-%dT%H}"
    ask_to_pause(ad, key=key, reason=finding.sentence, by=SYSTEM, now=now)
