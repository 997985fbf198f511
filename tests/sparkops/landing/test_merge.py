"""The bulk upsert: what it writes, and that values arrive as the ORM would write them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from campaigns.models import Ad, AdDay, AdGroup, Campaign
from creators.models import Creator, Post
from sparkops.isolation.scope import client_scope
from sparkops.landing.merge import Counts, merge
from sparkops.landing.models import Hint
from tests.factories.cast import BEGIN, Cast
from tests.factories.rights import ad_account, post

pytestmark = pytest.mark.django_db


def test_new_changed_and_equal_rows_are_told_apart(cast: Cast) -> None:
    def row(handle: str, name: str) -> dict[str, Any]:
        return {"handle": handle, "display_name": name, "source": "test", "created_at": BEGIN}

    with client_scope(cast.client.pk):
        assert merge(Creator, [row("a", "A"), row("b", "B")], key=["handle"]) == Counts(added=2)
        again = [row("a", "A"), row("b", "B2"), row("c", "C"), row("c", "C2")]
        assert merge(Creator, again, key=["handle"]) == Counts(1, 1, 1)
        names = dict(Creator.objects.values_list("handle", "display_name"))
        assert names == {"a": "A", "b": "B2", "c": "C2"}
        assert set(Creator.objects.values_list("client_id", flat=True)) == {cast.client.pk}


def test_plain_and_other_values_arrive_alike(cast: Cast) -> None:
    """Enumerations, numbers as text and text as numbers are prepared as the ORM does."""
    rows = [
        {
            "item_id": "1",
            "availability": Post.Availability.PUBLIC,
            "caption": "Tab\there, line\nthere, back\\slash, \\N",
            "views": 7,
            "gmv": Decimal("1.50005"),
            "published_at": datetime(2026, 11, 1, 12, tzinfo=UTC),
        },
        {
            "item_id": 2,
            "availability": "private",
            "caption": "",
            "views": "8",
            "gmv": "2.5",
            "published_at": None,
        },
    ]
    with client_scope(cast.client.pk):
        merge(
            Post,
            [{**row, "first_seen_at": BEGIN, "source": "test"} for row in rows],
            key=["item_id"],
        )
        first, second = Post.objects.order_by("item_id")
    assert first.availability == "public"
    assert first.caption == "Tab\there, line\nthere, back\\slash, \\N"
    assert (first.views, first.gmv) == (7, Decimal("1.5001"))
    assert first.published_at == datetime(2026, 11, 1, 12, tzinfo=UTC)
    assert (second.item_id, second.views, second.gmv) == ("2", 8, Decimal("2.5"))
    assert (second.published_at, second.creator_id) == (None, None)
    assert (second.orders, second.currency) == (0, "")


def test_a_number_that_is_none_is_refused(cast: Cast) -> None:
    row = {"item_id": "1", "gmv": Decimal("NaN"), "first_seen_at": BEGIN, "source": "test"}
    with client_scope(cast.client.pk), pytest.raises(ValidationError):
        merge(Post, [row], key=["item_id"])


def test_references_days_and_json_are_written(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        account, of = ad_account(), post()
        campaign = Campaign.objects.create(
            ad_account=account, campaign_id="1", name="C", kind="spark", seen_at=BEGIN
        )
        group = AdGroup.objects.create(campaign=campaign, adgroup_id="1", name="G", seen_at=BEGIN)
        ad = Ad.objects.create(
            ad_group=group, ad_account=account, post=of, ad_id="1", state="live", seen_at=BEGIN
        )
        day = {"ad_id": ad.pk, "day": date(2026, 11, 1), "currency": "USD", "spend": Decimal(3)}
        merge(AdDay, [{**day, "read_at": BEGIN}], key=["ad_id", "day"])
        hint = {"kind": "k", "key": "1", "shop_id": "s", "payload": {"a": [1, None, "ü"]}}
        merge(Hint, [{**hint, "received_at": BEGIN}], key=["key"])
        assert AdDay.objects.get(ad=ad, day=date(2026, 11, 1)).spend == 3
        assert Hint.objects.get(key="1").payload == {"a": [1, None, "ü"]}


def test_a_column_that_does_not_exist_is_named(cast: Cast) -> None:
    with client_scope(cast.client.pk), pytest.raises(ValueError, match="Creator has no nonsense"):
        merge(Creator, [{"handle": "a", "nonsense": 1}], key=["handle"])
