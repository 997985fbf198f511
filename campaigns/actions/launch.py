"""Launching one post in one ad account: plan, gate, and the record of how far it got (TA5, N3)."""

from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from authorizations.models import Authorization, Redemption
from authorizations.queries import USABLE_WORDS, cover_of, facts_of
from campaigns.models import Ad, Launch
from campaigns.rules.launch import Gate, Plan, Policy, PostFacts, gate
from creators.models import Post
from sparkops.audit.record import Actor, record
from sparkops.catalog.models import AdAccount
from sparkops.errors import Refusal
from sparkops.outbox.queue import put

LAUNCH = "campaigns.launch"


@dataclass(frozen=True)
class LaunchPlan:
    """What a person wants to launch. Budget in the ad account's currency, times aware UTC."""

    post: Post
    ad_account: AdAccount
    objective: str
    daily_budget: Decimal
    starts_at: datetime
    ends_at: datetime
    landing_url: str = ""
    music: str = ""


def check_plan(plan: LaunchPlan, *, now: datetime) -> Gate:
    """Every condition with its value, threshold and sentence; nothing is written."""
    cover = cover_of([plan.post.pk], plan.starts_at, plan.ends_at)[plan.post.pk]
    return gate(
        Plan(
            starts_at=plan.starts_at,
            ends_at=plan.ends_at,
            daily_budget=plan.daily_budget,
            total_budget=None,
            currency=plan.ad_account.currency,
            account_currency=plan.ad_account.currency,
            spark_ads_in_account=Ad.objects.filter(ad_account=plan.ad_account)
            .exclude(item_id="")
            .exclude(state=Ad.State.DELETED)
            .count(),
        ),
        PostFacts(
            availability=plan.post.availability,
            duration_seconds=plan.post.duration_seconds,
            is_photo=False,
            music=plan.music,
            hold_accepted=bool(facts_of([plan.post.pk])[plan.post.pk].holds),
        ),
        cover,
        now=now,
        policy=Policy(min_daily_budget=None),
    )


def plan_launch(plan: LaunchPlan, *, by: Actor, now: datetime) -> Launch:
    """Write the launch and its checks; only one that the gate lets through is asked of TikTok.

    The authorization's row is locked while the gate looks, so it cannot be revoked in between.
    """
    if plan.ends_at <= plan.starts_at:
        raise Refusal("flight", "The flight ends before it begins.", field="ends_at")
    redemption = _redemption(plan)
    verdict = check_plan(plan, now=now)
    launch = Launch.objects.create(
        post=plan.post,
        ad_account=plan.ad_account,
        authorization=redemption.authorization if redemption else None,
        name=_name(plan, now),
        objective=plan.objective,
        daily_budget=plan.daily_budget,
        currency=plan.ad_account.currency,
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        landing_url=plan.landing_url,
        state=Launch.State.PLANNED.value,
        checks=_told(verdict),
        created_at=now,
        created_by=by.label,
    )
    if not verdict.allowed or redemption is None:
        launch.state = Launch.State.REFUSED.value
        launch.error = (
            "This ad account has not redeemed the post's code. Hand the code in for it first."
            if redemption is None
            else " ".join(check.sentence for check in verdict.refusals)
        )
        launch.save()
        record("launch.refused", launch, by=by, now=now, reason=launch.error)
        return launch
    launch.done = {
        "identity_id": redemption.identity_id,
        "identity_type": redemption.identity_type,
    }
    launch.state = Launch.State.CREATING.value
    launch.save()
    record("launch.planned", launch, by=by, now=now)
    put(LAUNCH, f"{LAUNCH}:{launch.pk}", {"launch": launch.pk}, by=by, now=now)
    return launch


def resume_launch(launch: Launch, *, by: Actor, now: datetime) -> None:
    """Go on with a launch that stopped half-way."""
    if launch.state != Launch.State.FAILED:
        raise Refusal("not_stopped", "This launch has not stopped: there is nothing to resume.")
    launch.state, launch.error = Launch.State.CREATING.value, ""
    launch.save()
    record("launch.resumed", launch, by=by, now=now)
    key = f"{LAUNCH}:{launch.pk}:{now.isoformat()}"
    put(LAUNCH, key, {"launch": launch.pk}, by=by, now=now)


def note_step(launch_id: int, **ids: str) -> None:
    """Keep what a step brought, in a transaction of its own, before the next step."""
    launch = Launch.objects.select_for_update().get(pk=launch_id)
    launch.done = {**launch.done, **ids}
    launch.save(update_fields=["done"])


def note_live(launch_id: int, *, now: datetime) -> None:
    """The ad is switched on."""
    launch = Launch.objects.get(pk=launch_id)
    launch.state, launch.enabled_at = Launch.State.LIVE.value, now
    launch.save(update_fields=["state", "enabled_at"])
    record("launch.enabled", launch, by=Actor(launch.created_by), now=now)


def note_differences(launch_id: int, differences: list[dict[str, Any]], *, now: datetime) -> None:
    """What TikTok made is not what was planned: nothing is enabled, a person decides."""
    launch = Launch.objects.get(pk=launch_id)
    launch.state, launch.differences = Launch.State.DIFFERS.value, differences
    launch.save(update_fields=["state", "differences"])
    record("launch.differs", launch, by=Actor(launch.created_by), now=now)


def note_failure(launch_id: int, sentence: str, *, now: datetime) -> None:
    """The launch stopped; what was created is switched off and can be resumed."""
    launch = Launch.objects.get(pk=launch_id)
    launch.state, launch.error = Launch.State.FAILED.value, sentence
    launch.save(update_fields=["state", "error"])
    record("launch.failed", launch, by=Actor(launch.created_by), now=now, reason=sentence)


def _redemption(plan: LaunchPlan) -> Redemption | None:
    usable = (
        Authorization.objects.select_for_update()
        .filter(post=plan.post, state__in=USABLE_WORDS)
        .order_by("-ends_at")
    )
    return (
        Redemption.objects.select_related("authorization")
        .filter(
            authorization__in=list(usable),
            ad_account=plan.ad_account,
            state=Redemption.State.REDEEMED,
        )
        .order_by("-authorization__ends_at")
        .first()
    )


def _name(plan: LaunchPlan, now: datetime) -> str:
    handle = plan.post.creator.handle if plan.post.creator else "post"
    return f"Spark {handle} {plan.post.item_id[-6:]} {now:%Y-%m-%d %H%M%S}"


def _told(verdict: Gate) -> list[dict[str, Any]]:
    return [asdict(check) for check in verdict.checks]
