"""TA6: Shop sales go to GMV Max: posts in and out, one ad account per shop, no retired ad types."""

from dataclasses import replace

import pytest
from django.test import Client as Browser
from django.urls import reverse

from campaigns.actions.gmv_max import choose_post
from campaigns.actions.launch import plan_launch
from campaigns.forms import OBJECTIVES
from campaigns.models import Campaign, GmvMaxChoice
from campaigns.rules.launch import OFFERED
from creators.models import Post, PostProduct
from sparkops import clock
from sparkops.catalog.models import AdAccount, Product, Shop
from sparkops.errors import Refusal
from sparkops.isolation.scope import client_scope
from sparkops.outbox.models import Command
from tests.campaigns.synced import MINA, a_covered_authorization, drain_all, plan_for
from tests.factories.cast import Cast
from tests.sandbox_server import SandboxServer

pytestmark = pytest.mark.journey


def a_campaign_and_post() -> tuple[Campaign, Post]:
    """A running GMV Max campaign, and a covered post that links a product of its shop."""
    campaign = Campaign.objects.filter(kind="gmv_max_product", operation_status="ENABLE")[0]
    post = a_covered_authorization().post
    assert post is not None
    shop = Shop.objects.get()
    AdAccount.objects.filter(pk=campaign.ad_account_id).update(shop=shop)
    PostProduct.objects.get_or_create(post=post, product=Product.objects.filter(shop=shop)[0])
    return Campaign.objects.select_related("ad_account").get(pk=campaign.pk), post


def sent(sandbox: SandboxServer) -> int:
    path = "/open_api/v1.3/campaign/gmv_max/creative/update/"
    return len(sandbox.look(f"requests?path={path}")["requests"])


def test_ta6_an_authorized_post_is_excluded_and_included_again(
    connected: int, sandbox: SandboxServer, world: Cast
) -> None:
    """TA6: once each; a second choice waits for the first."""
    with client_scope(connected):
        campaign, post = a_campaign_and_post()
    browser = Browser()
    browser.force_login(world.members["media"])
    where = {"client": world.client.slug, "pk": post.pk}
    page = reverse("campaigns:post-gmv-max", kwargs=where)
    assert campaign.name in browser.get(page).content.decode()
    before = sent(sandbox)
    url = reverse(
        "campaigns:gmv-max-choose", kwargs={**where, "campaign": campaign.pk, "word": "exclude"}
    )
    assert browser.post(url).status_code == 302
    assert browser.post(url).status_code == 422
    drain_all(connected)
    with client_scope(connected):
        choice = GmvMaxChoice.objects.get()
        assert (choice.included, choice.state, choice.why_not) == (False, "done", "")
    assert sent(sandbox) == before + 1
    browser.post(url.replace("exclude", "include"))
    drain_all(connected)
    assert "Included by" in browser.get(page).content.decode()
    assert sent(sandbox) == before + 2


def test_ta6_only_the_shop_s_primary_ad_account_is_used(
    connected: int, sandbox: SandboxServer
) -> None:
    """TA6: the right lies with another account, which is named; nothing is sent."""
    with client_scope(connected):
        campaign, post = a_campaign_and_post()
        other = AdAccount.objects.exclude(pk=campaign.ad_account_id)[0]
        other.shop = campaign.ad_account.shop
        other.save()
        Campaign.objects.filter(pk=campaign.pk).update(ad_account=other)
        campaign.ad_account = other
        choose_post(campaign, post, included=False, by=MINA, now=clock.now())
    before = sent(sandbox)
    drain_all(connected)
    with client_scope(connected):
        choice = GmvMaxChoice.objects.get()
        assert choice.state == "refused", choice.why_not
        assert "Another ad account holds the shop's GMV Max right" in choice.why_not
    assert sent(sandbox) == before


def test_ta6_a_post_without_cover_or_product_is_not_put_in(connected: int) -> None:
    """TA6: taking it out stays possible without cover."""
    with client_scope(connected):
        campaign, post = a_campaign_and_post()
        post.authorizations.update(ends_at=clock.now())
        with pytest.raises(Refusal, match="Nothing covers"):
            choose_post(campaign, post, included=True, by=MINA, now=clock.now())
        choose_post(campaign, post, included=False, by=MINA, now=clock.now())
        GmvMaxChoice.objects.all().delete()
        post.product_links.all().delete()
        with pytest.raises(Refusal, match="links no product"):
            choose_post(campaign, post, included=False, by=MINA, now=clock.now())


def test_ta6_retired_ad_types_are_neither_offered_nor_taken(connected: int) -> None:
    """TA6: no Shop objective in the form, and none through any other way in."""
    assert {word for word, _ in OBJECTIVES} == set(OFFERED)
    with client_scope(connected):
        plan = plan_for(a_covered_authorization())
        for retired in ("PRODUCT_SALES", "SHOP_PURCHASES"):
            with pytest.raises(Refusal, match="GMV Max"):
                plan_launch(replace(plan, objective=retired), by=MINA, now=clock.now())
        assert not Command.objects.filter(kind="campaigns.launch").exists()
