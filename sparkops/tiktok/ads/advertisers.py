"""The ad accounts a connection reaches (contract 4.1 and 4.3)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sparkops.tiktok.ads.calls import Caller, PageOf
from sparkops.tiktok.ads.encoding import batch
from sparkops.tiktok.values import Amount, Record, RequiredId, Text, TextId, WrittenTime, known

# Unstated by TikTok; what its connectors send at once.
ADVERTISERS_PER_CALL = 100
_STATUSES = (
    "ENABLE LIMIT DISABLE PENDING_CONFIRM PENDING_CONFIRM_MODIFY PENDING_VERIFIED CONFIRM_FAIL"
    " CONFIRM_FAIL_END CONFIRM_MODIFY_FAIL WAIT_FOR_BPM_AUDIT WAIT_FOR_PUBLIC_AUTH"
    " SELF_SERVICE_UNAUDITED CONTRACT_PENDING"
)


class ReachableAdvertiser(Record):
    """An ad account the token names; some may still refuse every call (40001)."""

    advertiser_id: RequiredId
    advertiser_name: Text = ""


class Advertiser(Record):
    """An ad account. ``balance`` is in ``currency``.

    ``timezone`` may be of the kind ``Etc/GMT+8``, which is eight hours *behind* UTC;
    ``display_timezone`` names the region. Days of reports follow this zone.
    """

    advertiser_id: RequiredId
    name: Text = ""
    company: Text = ""
    owner_bc_id: TextId = ""
    status: Annotated[Text, known(*(f"STATUS_{word}" for word in _STATUSES.split()))] = ""
    role: Text = ""
    currency: Text = ""
    timezone: Text = ""
    display_timezone: Text = ""
    balance: Amount = None
    create_time: WrittenTime = None
    country: Text = ""
    language: Text = ""
    industry: TextId = ""
    rejection_reason: Text = ""
    advertiser_account_type: Text = ""

    def zone(self) -> ZoneInfo:
        """The zone of its days. Raises ``ValueError`` when TikTok names none we know."""
        for name in (self.display_timezone, self.timezone):
            if re.fullmatch(r"[A-Za-z0-9_+\-/]+", name):
                try:
                    return ZoneInfo(name)
                except (ZoneInfoNotFoundError, ValueError, OSError):
                    continue
        raise ValueError(
            f"TikTok names no usable time zone for ad account {self.advertiser_id}: "
            f"{self.display_timezone or self.timezone or 'none'}"
        )


class Advertisers:
    """Calls about ad accounts."""

    def __init__(self, caller: Caller, *, app_id: str, secret: str) -> None:
        self._caller = caller
        self._app = {"app_id": app_id, "secret": secret}

    def reachable(self) -> PageOf[ReachableAdvertiser]:
        """Every ad account the token reaches, suspended ones included: the truth, read daily."""
        return self._caller.whole(
            "/oauth2/advertiser/get/",
            self._app,
            ReachableAdvertiser,
            key="list",
            what="a list of ad accounts",
        )

    def info(self, advertiser_ids: Sequence[str]) -> PageOf[Advertiser]:
        """Currency, zone, status and balance of 1 to 100 ad accounts."""
        ids = batch(advertiser_ids, ADVERTISERS_PER_CALL, "ad accounts")
        return self._caller.whole(
            "/advertiser/info/",
            {"advertiser_ids": ids},
            Advertiser,
            key="list",
            what="a list of ad accounts",
        )
