"""All four kinds of permission side by side on one post (N1)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from authorizations.models import Authorization, Redemption
from authorizations.queries.permissions import kinds_of_post
from sparkops.isolation.scope import client_scope
from tests.factories import rights
from tests.factories.cast import Cast
from tests.factories.rights import NOW, OTHER_CODE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


def test_n1_the_chain_of_codes_stands_beside_the_three_other_kinds(cast: Cast) -> None:
    """N1: code v1, extended, code v2 as one chain, and account, affiliate and Content Suite
    permissions of the same post in one ledger."""
    with client_scope(cast.client.pk):
        post, account = rights.post(), rights.ad_account()
        rights.authorized(post, ends_at=NOW + timedelta(days=5))
        rights.read(rights.listed(post, ends_at=NOW + timedelta(days=20)))
        rights.read(rights.listed(post, code=OTHER_CODE, ends_at=NOW + timedelta(days=60)))
        for kind, of in (("account", None), ("affiliate_creative", None), ("content_suite", post)):
            row = Authorization.objects.create(
                kind=kind,
                state="verified",
                post=of,
                creator=post.creator,
                source="tiktok",
                created_at=NOW,
            )
            Redemption.objects.create(
                authorization=row, ad_account=account, state="redeemed", requested_at=NOW
            )
        kinds = {one.label: one.rows for one in kinds_of_post(post)}
        assert [row.generation for row in kinds["Video code"]] == [3, 2, 1]
        assert {label: len(rows) for label, rows in kinds.items()} == {
            "Video code": 3,
            "Content Suite request": 1,
            "Account link": 1,
            "Affiliate mass authorization": 1,
        }
        pk = kinds["Video code"][0].pk
    browser = Browser()
    browser.force_login(cast.members["viewer"])
    for name, key in (("post-panel", post.pk), ("detail", pk)):
        url = reverse(f"authorizations:{name}", kwargs={"client": "glow", "pk": key})
        page = browser.get(url).content.decode()
        assert all(label in page for label in kinds), name


def test_an_account_of_another_creator_is_not_shown(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        post, other = rights.post(), rights.post("7500000000000000002", "bo.bakes")
        Authorization.objects.create(
            kind="account", state="verified", creator=other.creator, source="t", created_at=NOW
        )
        assert not any(one.rows for one in kinds_of_post(post))
