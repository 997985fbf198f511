"""Ad spend as TikTok restates it: vanished rows, rows without a list, equal rows (contract 8.4)."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Sum

from campaigns.inbound import STREAMS
from campaigns.inbound.gmv_max import EARLIER_GMV_MAX_DAYS, GMV_MAX_DAYS
from campaigns.inbound.numbers import AD_DAYS, EARLIER_AD_DAYS, take_rows
from campaigns.models import Ad, AdDay, Campaign, GmvMaxDay
from creators.models import PostDay
from sparkops import clock
from sparkops.catalog.inbound import STREAMS as CATALOG
from sparkops.catalog.models import AdAccount
from sparkops.connections.apis import ads_api
from sparkops.isolation.scope import client_scope
from sparkops.landing.actions import load_again
from sparkops.landing.merge import Counts
from sparkops.landing.models import Cursor
from sparkops.tiktok.ads.reports import Level, ReportRow
from tests.campaigns.synced import brand, clear_faults, fault, read
from tests.factories.cast import Cast
from tests.factories.connected import connect
from tests.sandbox_server import SandboxServer

pytestmark = pytest.mark.journey


def spent() -> Decimal:
    return AdDay.objects.aggregate(total=Sum("spend"))["total"]


def spark_spend(sandbox: SandboxServer, key: str = "lumen") -> dict[str, Decimal]:
    told = brand(sandbox, key)["totals"]["spark_spend_in_account_currency"]
    return {account: Decimal(amount) for account, amount in told.items() if Decimal(amount)}


def stored_spend(sandbox: SandboxServer, key: str = "lumen") -> dict[str, Decimal]:
    window = brand(sandbox, key)["window"]
    rows = AdDay.objects.filter(day__gte=window["from"], day__lte=window["to"])
    sums = rows.values_list("ad__ad_account__advertiser_id").annotate(total=Sum("spend"))
    return {account: total for account, total in sums if total}


def test_rows_that_vanish_become_zero_and_come_back(connected: int, sandbox: SandboxServer) -> None:
    with client_scope(connected):
        before, rows = spent(), AdDay.objects.count()
        paid = PostDay.objects.aggregate(total=Sum("paid_spend"))["total"]
        last_read = AdDay.objects.order_by("-read_at").values_list("read_at", flat=True)[0]
    fault(sandbox, "empty_page", "/report/integrated/get/", count=20)
    read(connected, (AD_DAYS,))
    clear_faults(sandbox)
    with client_scope(connected):
        gone = AdDay.objects.filter(read_at__gt=last_read)
        # The re-read window and one day before it: what was booked must be seen to be gone.
        assert min(gone.values_list("day", flat=True)) >= (clock.now() - timedelta(days=9)).date()
        assert gone.aggregate(total=Sum("spend"))["total"] == 0
        assert gone.exclude(impressions=0).count() == 0
        assert AdDay.objects.count() == rows
        assert 0 < spent() < before
        paid_now = PostDay.objects.aggregate(total=Sum("paid_spend"))["total"]
        assert before - spent() == paid - paid_now
    read(connected, (AD_DAYS,))
    with client_scope(connected):
        assert stored_spend(sandbox) == spark_spend(sandbox)


def test_a_second_reading_of_equal_numbers_moves_no_read_time(connected: int) -> None:
    """Whoever books rows by their read time must not book them again."""
    old = (clock.now() - timedelta(days=2)).date()
    with client_scope(connected):
        before = dict(AdDay.objects.filter(day__lt=old).values_list("pk", "read_at"))
        gmv = dict(GmvMaxDay.objects.filter(day__lt=old).values_list("pk", "read_at"))
    read(connected, (AD_DAYS, GMV_MAX_DAYS))
    with client_scope(connected):
        assert dict(AdDay.objects.filter(day__lt=old).values_list("pk", "read_at")) == before
        assert dict(GmvMaxDay.objects.filter(day__lt=old).values_list("pk", "read_at")) == gmv
        assert before
        assert gmv


def test_a_file_is_set_right_by_the_next_reading_though_tiktok_tells_the_same(
    connected: int,
) -> None:
    yesterday = (clock.now() - timedelta(days=1)).date()
    read(connected, (AD_DAYS,))
    with client_scope(connected):
        day = AdDay.objects.filter(day=yesterday, spend__gt=0).select_related("ad__ad_account")[0]
        told = {"ad_id": day.ad.ad_id, "stat_time_day": f"{yesterday} 00:00:00"}
        row = ReportRow(dimensions=told, metrics={"spend": "0.07", "impressions": "-"})
        assert take_rows([row], day.ad.ad_account, now=clock.now()) == Counts(changed=1)
        assert AdDay.objects.get(pk=day.pk).spend == Decimal("0.07")
    read(connected, (AD_DAYS,))
    with client_scope(connected):
        assert AdDay.objects.get(pk=day.pk).spend == day.spend


def test_spend_of_ads_that_no_list_named_is_kept_until_a_list_names_them(
    connected: int, world: Cast, sandbox: SandboxServer
) -> None:
    connect(world.sister, sandbox, "harbour")
    client_id = world.sister.pk
    read(client_id, CATALOG, (AD_DAYS, GMV_MAX_DAYS))
    with client_scope(client_id):
        assert stored_spend(sandbox, "harbour") == spark_spend(sandbox, "harbour")
        assert set(Ad.objects.values_list("state", flat=True)) == {"unknown"}
        assert Ad.objects.filter(post=None).count() == 0
        kinds = set(GmvMaxDay.objects.values_list("campaign__kind", flat=True).distinct())
        assert kinds == {"gmv_max_product"}
    read(client_id, STREAMS)
    with client_scope(client_id):
        live: set[Any] = set(Ad.objects.filter(state="live").values_list("ad_id", flat=True))
        assert live == {one["ad_id"] for one in brand(sandbox, "harbour")["live_ads"]}
        assert not Ad.objects.filter(state="unknown").exists()
        assert not Campaign.objects.filter(campaign_id__startswith="unlisted").exists()


def test_n15_each_number_of_gmv_max_keeps_its_definition_of_roi(connected: int) -> None:
    """N15: the sandbox reckons revenue by cost; rows without cost or revenue cannot tell."""
    with client_scope(connected):
        telling = GmvMaxDay.objects.filter(cost__gt=0, gross_revenue__gt=0)
        assert set(telling.values_list("roi_definition", flat=True)) == {"gross"}
        mute = GmvMaxDay.objects.exclude(cost__gt=0, gross_revenue__gt=0)
        assert set(mute.values_list("roi_definition", flat=True)) <= {"unknown"}


def test_what_people_did_on_a_post_because_of_an_ad_is_kept(
    connected: int, sandbox: SandboxServer
) -> None:
    """Issue 5: Spark-only metrics, to the unit as the report has them."""
    with client_scope(connected):
        account = AdAccount.objects.order_by("pk")[0]
        liked = AdDay.objects.filter(ad__ad_account=account, likes__gt=0)
        day = liked.select_related("ad").latest("day", "pk")
    with ads_api(connected, account.connection_id) as api:
        pages = api.reports.pages(
            account.advertiser_id, Level.AD, day.day, day.day, ids=[day.ad.ad_id]
        )
        [row] = [row for page in pages for row in page.items]
    names = ("likes", "comments", "shares", "follows", "profile_visits")
    assert [getattr(day, name) for name in names] == [row.number(name) for name in names]
    assert day.completed_views == row.number("video_views_p100")


def test_gmv_max_rows_that_vanish_become_zero_per_grain(
    connected: int, sandbox: SandboxServer
) -> None:
    with client_scope(connected):
        campaign = GmvMaxDay.objects.filter(grain="campaign")
        creative = GmvMaxDay.objects.filter(grain="creative")
        whole = campaign.aggregate(total=Sum("cost"))["total"]
        known = creative.aggregate(total=Sum("cost"))["total"]
        assert 0 < known <= whole
    fault(sandbox, "empty_page", "/gmv_max/report/get/", count=40)
    read(connected, (GMV_MAX_DAYS,))
    clear_faults(sandbox)
    with client_scope(connected):
        recent = GmvMaxDay.objects.filter(day__gte=(clock.now() - timedelta(days=7)).date())
        assert recent.exists()
        assert recent.aggregate(total=Sum("cost"))["total"] == 0
        assert recent.exclude(orders=0).count() == 0
    read(connected, (GMV_MAX_DAYS,))
    with client_scope(connected):
        again = GmvMaxDay.objects.filter(grain="campaign").aggregate(total=Sum("cost"))["total"]
        assert again >= whole


def of_day(model: Any, ago: int, amount: str) -> Any:
    """A day's row with money in it, as stored `ago` days back."""
    row = model.objects.filter(
        day=(clock.now() - timedelta(days=ago)).date(), **{f"{amount}__gt": 0}
    ).first()
    assert row is not None, ago
    return row


@pytest.mark.parametrize(
    ("model", "amount", "often", "weekly"),
    [
        (AdDay, "spend", AD_DAYS, EARLIER_AD_DAYS),
        (GmvMaxDay, "cost", GMV_MAX_DAYS, EARLIER_GMV_MAX_DAYS),
    ],
)
def test_days_before_the_last_week_are_read_again_weekly_for_four_weeks(
    connected: int, model: Any, amount: str, often: Any, weekly: Any
) -> None:
    """Contract 8.4: what changes late is found by the weekly reading, and only there."""
    with client_scope(connected):
        rows = {ago: of_day(model, ago, amount) for ago in (3, 12, 27, 45)}
        told = {ago: getattr(row, amount) for ago, row in rows.items()}
        wrong = Decimal("0.0001")
        model.objects.filter(pk__in=[row.pk for row in rows.values()]).update(**{amount: wrong})
        for part in AdAccount.objects.values_list("advertiser_id", flat=True):
            load_again(often.name, part)

    def right_again() -> set[int]:
        with client_scope(connected):
            for row in rows.values():
                row.refresh_from_db()
        return {ago for ago, row in rows.items() if getattr(row, amount) == told[ago]}

    read(connected, (often,))
    assert right_again() == {3}
    read(connected, (weekly,))
    assert right_again() == {3, 12, 27}
    with client_scope(connected):
        due = Cursor.objects.filter(stream=weekly.name).values_list("due_at", flat=True)
        assert due
        assert min(due) > clock.now() + timedelta(days=6)
