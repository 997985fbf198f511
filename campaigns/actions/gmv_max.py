"""Putting authorized posts into GMV Max, and taking posts out (TA6)."""

from datetime import datetime

from authorizations.queries import facts_of
from authorizations.rules.standing import standing
from campaigns.models import Campaign, GmvMaxChoice
from campaigns.queries.caps import stop_by_cap
from creators.models import Post, PostProduct
from sparkops.audit.record import Actor, record
from sparkops.errors import Refusal
from sparkops.outbox.models import Command
from sparkops.outbox.queue import put

CHOOSE = "campaigns.gmv_max_post"
State = GmvMaxChoice.State


def choose_post(
    campaign: Campaign, post: Post, *, included: bool, by: Actor, now: datetime
) -> GmvMaxChoice:
    """Ask TikTok to use the post in the campaign, or not to use it any more.

    Raises Refusal while an earlier choice is on its way, when the campaign is off, and to put in a
    post that nothing covers, that a cap stops, or that links no product.
    """
    row = (
        GmvMaxChoice.objects.select_for_update().filter(campaign=campaign, post=post).first()
    ) or GmvMaxChoice(campaign=campaign, post=post)
    if row.state == State.ASKED:
        raise Refusal(
            "on_its_way", "The last choice is on its way to TikTok. Wait until it is done."
        )
    if campaign.operation_status != "ENABLE":
        raise Refusal("is_off", "The campaign is off. TikTok takes posts only while it runs.")
    if not products_of(post, campaign.ad_account.shop_id):
        raise Refusal(
            "no_product", "The post links no product of the shop, so GMV Max cannot use it."
        )
    if included:
        _need_permission(campaign, post, now)
    row.included, row.state, row.why_not = included, State.ASKED.value, ""
    row.asked_at, row.asked_by = now, by.label
    row.save()
    verb = "gmv_max.post_included" if included else "gmv_max.post_excluded"
    record(verb, post, by=by, now=now, data={"campaign": campaign.campaign_id})
    put(CHOOSE, f"{CHOOSE}:{row.pk}:{now.isoformat()}", {"choice": row.pk}, by=by, now=now)
    return row


def products_of(post: Post, shop_id: int | None) -> list[str]:
    """TikTok's ids of the products of a shop that a post links now."""
    links = PostProduct.objects.filter(post=post, lost_at=None, product__shop=shop_id)
    return sorted(links.values_list("product__product_id", flat=True))


def note_chosen(choice_id: int) -> None:
    """TikTok took the choice; it shows after about 20 minutes."""
    GmvMaxChoice.objects.filter(pk=choice_id).update(state=State.DONE)


def note_not_chosen(command: Command, sentence: str, *, now: datetime) -> None:
    """Nothing was changed, and why."""
    row = GmvMaxChoice.objects.select_related("post").get(pk=command.payload["choice"])
    row.state, row.why_not = State.REFUSED.value, sentence
    row.save(update_fields=["state", "why_not"])
    by = Actor(command.created_by)
    record("gmv_max.choice_refused", row.post, by=by, now=now, reason=sentence)


def _need_permission(campaign: Campaign, post: Post, now: datetime) -> None:
    if not standing(facts_of([post.pk])[post.pk], now).covered:
        raise Refusal("not_covered", "Nothing covers this post now. Ask for the permission first.")
    if stop := stop_by_cap(post.pk, campaign.ad_account.currency, now):
        raise Refusal("capped", stop)
