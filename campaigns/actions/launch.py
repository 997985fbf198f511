"""Launching one post in one ad account: plan, gate, and the record of how far it got (TA5, N3)."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from secrets import token_hex
from typing import Any

from django.urls import reverse

from authorizations.models import Authorization, Redemption
from authorizations.queries import cover_of, facts_of, redeemed_for
from campaigns.actions.override import Override, need_override, note_override
from campaigns.models import GmvMaxLaunch, Launch, LaunchLimit, LaunchTemplate
from campaigns.queries.caps import stop_by_cap, term_end
from campaigns.queries.economics import bid_on, bounds_of_post
from campaigns.queries.plans import UNDER_WAY
from campaigns.queries.room import room_for_launch
from campaigns.rules.economics import cost_check
from campaigns.rules.launch import OFFERED, OVERRIDABLE, Check, Gate, Plan, Policy, PostFacts, gate
from campaigns.rules.naming import name_by
from creators.models import Post, PostProduct
from sparkops.alerts.actions import raise_alert
from sparkops.alerts.models import Alert
from sparkops.audit.record import Actor, record
from sparkops.catalog.models import AdAccount
from sparkops.clock import shop_day
from sparkops.errors import Refusal
from sparkops.isolation.scope import current_client_id
from sparkops.outbox.queue import put, take_back
from sparkops.tenants.models import Client
from sparkops.tenants.permissions import Permission

LAUNCH = "campaigns.launch"
# More than this a day, in the account's currency (contract 6.6); TikTok checks the others itself.
DAILY_MINIMUM = {"USD": Decimal(20)}
MUSIC = "music"
STOPPED = (Launch.State.FAILED, Launch.State.DIFFERS)
MAY_BE_ON = "TikTok did not confirm that it is switched off: look in Ads Manager, it may spend."
OTHER_OBJECTIVE = "The template is for another objective. Choose that one, or start without it."


@dataclass(frozen=True)
class LaunchPlan:
    """What a person wants to launch. Budget in the ad account's currency, times aware UTC.

    `music` is TikTok's word for the flight, "" while TikTok was not asked: the worker asks before
    it creates anything.
    """

    post: Post
    ad_account: AdAccount
    objective: str
    daily_budget: Decimal
    starts_at: datetime
    ends_at: datetime
    landing_url: str = ""
    music: str = ""
    template: LaunchTemplate | None = None


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
            room=room_for_launch(plan.ad_account),
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
        policy=_policy(plan, now),
        economics=_economics(plan),
    )


def _economics(plan: LaunchPlan) -> list[Check]:
    """What an order may cost, when the template bids (PD11)."""
    bid = bid_on(plan.post, plan.template, plan.ad_account.currency)
    check = cost_check(bid, bounds_of_post(plan.post)) if bid else None
    return [check] if check else []


def _policy(plan: LaunchPlan, now: datetime) -> Policy:
    account = plan.ad_account
    client = Client.objects.get(pk=current_client_id())
    return replace(
        limits_in(account.currency),
        min_daily_budget=DAILY_MINIMUM.get(account.currency),
        stop_before_end=timedelta(hours=client.safety_buffer_hours),
        agreed_stop=_agreed_stop(plan, client, now),
    )


def limits_in(currency: str) -> Policy:
    """The client's launch limits in accounts of a currency; others need one too once one is set."""
    limits = {one.currency: one for one in LaunchLimit.objects.all()}
    limit = limits.get(currency)
    unset = Decimal(0) if limits else None
    return Policy(
        max_daily_budget=limit.max_daily if limit else unset,
        max_total_budget=limit.max_total if limit else unset,
    )


def _agreed_stop(plan: LaunchPlan, client: Client, now: datetime) -> str:
    """What a block, a spend cap or an agreed term says against the flight, "" for nothing (N8)."""
    if plan.post.creator and plan.post.creator.blocked_at:
        return f"{plan.post.creator} is blocked. Lift the block on the creator's page first."
    if stop := stop_by_cap(plan.post.pk, plan.ad_account.currency, now):
        return stop
    last = term_end(plan.post.pk)
    if last is None or shop_day(plan.ends_at - timedelta(seconds=1), client.timezone) <= last:
        return ""
    return f"The agreed term ends on {last:%d %b %Y}. End the flight by then."


def told_checks(gate: Gate, music: str) -> list[dict[str, Any]]:
    """The checks as a launch keeps them and pages tell them; one that `waits` is no refusal yet."""
    return [_told(check, music) for check in gate.checks]


def plan_launch(
    plan: LaunchPlan,
    *,
    by: Actor,
    now: datetime,
    override: Override | None = None,
    leaves_at: datetime | None = None,
) -> Launch:
    """Write the launch and its checks; only one that the gate lets through is asked of TikTok.

    The authorization's row is locked while the gate looks, so it cannot be revoked in between.
    With `override`, what may be overridden does not refuse; that is audited. With `leaves_at`,
    TikTok is asked then and not before. Raises Refusal for an objective of a retired ad type (TA6),
    for a flight that ends before it begins, for a template of another objective,
    while another launch of the post in the account is under way, and for an override that the
    role may not make.
    """
    if plan.ends_at <= plan.starts_at:
        raise Refusal("flight", "The flight ends before it begins.", field="ends_at")
    if plan.objective not in OFFERED:
        raise Refusal(
            "retired",
            "TikTok Shop sales no longer run as this kind of ad. Put the post into GMV Max.",
            field="objective",
        )
    if plan.template is not None and plan.template.objective != plan.objective:
        raise Refusal("other_objective", OTHER_OBJECTIVE, field="objective")
    if override is not None:
        need_override(override)
    _lock_account(plan.ad_account)
    redemption = _redemption(plan)
    _need_no_other(plan)
    verdict = check_plan(plan, now=now)
    refusals = refusals_of(verdict, plan.music)
    overridden = [one for one in refusals if override and one.name in OVERRIDABLE]
    launch = _written(plan, redemption, verdict, by=by, now=now)
    if redemption is None or len(overridden) < len(refusals):
        launch.state = Launch.State.REFUSED.value
        launch.error = (
            NOT_REDEEMED
            if redemption is None
            else " ".join(one.sentence for one in refusals if one not in overridden)
        )
        launch.save()
        record("launch.refused", launch, by=by, now=now, reason=launch.error)
        return launch
    if override is not None and overridden:
        note_override(launch, override, overridden, by=by, now=now)
    launch.done = {
        "identity_id": redemption.identity_id,
        "identity_type": redemption.identity_type,
        "identity_bc_id": redemption.identity_bc_id,
    }
    launch.state = (Launch.State.PLANNED if leaves_at else Launch.State.CREATING).value
    launch.save()
    record("launch.planned", launch, by=by, now=now)
    put(LAUNCH, key_of(launch), {"launch": launch.pk}, by=by, now=now, due_at=leaves_at)
    return launch


NOT_REDEEMED = "This ad account has not redeemed the post's code. Hand the code in for it first."


def key_of(launch: Launch) -> str:
    """The key of the command that creates a launch."""
    return f"{LAUNCH}:{launch.pk}"


def refusals_of(verdict: Gate, music: str = "") -> list[Check]:
    """What refuses a launch now; what TikTok is asked only later does not yet."""
    return [check for check in verdict.refusals if not _waits(check, music)]


def _written(
    plan: LaunchPlan, redemption: Redemption | None, verdict: Gate, *, by: Actor, now: datetime
) -> Launch:
    return Launch.objects.create(
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
        template=plan.template,
        state=Launch.State.PLANNED.value,
        checks=told_checks(verdict, plan.music),
        created_at=now,
        created_by=by.label,
    )


def take_back_launch(launch: Launch, *, by: Actor, now: datetime) -> bool:
    """Give up a launch that has not left; False when TikTok is being asked already."""
    if not take_back(key_of(launch), now=now):
        return False
    launch.state = Launch.State.CANCELED.value
    launch.save(update_fields=["state"])
    record("launch.canceled", launch, by=by, now=now)
    return True


def note_started(launch_id: int) -> None:
    """A launch that waited for its time is being created."""
    Launch.objects.filter(pk=launch_id, state=Launch.State.PLANNED).update(
        state=Launch.State.CREATING
    )


def resume_launch(launch: Launch, *, by: Actor, now: datetime) -> None:
    """Go on with a launch that stopped half-way, or compare again what came out different.

    Raises Refusal when it has not stopped.
    """
    if launch.state not in STOPPED:
        raise Refusal("not_stopped", "This launch has not stopped: there is nothing to resume.")
    launch.state, launch.error, launch.differences = Launch.State.CREATING.value, "", []
    launch.done = {**launch.done, "undoing": ""}
    launch.save(update_fields=["state", "error", "differences", "done"])
    record("launch.resumed", launch, by=by, now=now)
    key = f"{LAUNCH}:{launch.pk}:{now.isoformat()}"
    # What the stopped attempt may have created is looked up before anything is created again.
    put(LAUNCH, key, {"launch": launch.pk, "is_repeat": True}, by=by, now=now)


def cancel_launch(launch: Launch, *, by: Actor, now: datetime) -> None:
    """Give up a launch that stopped. What exists at TikTok stays there, switched off.

    Raises Refusal when it has not stopped: one under way or live is not given up halfway. Nor is
    one of which a part was found switched on: it would go on spending with nobody looking.
    """
    if launch.state not in STOPPED:
        raise Refusal(
            "not_stopped",
            "Only a launch that stopped can be given up. To stop a live ad, pause it.",
        )
    if launch.found_on:
        raise Refusal(
            "switched_on",
            f"{launch.found_on} was found switched on. Switch it off in Ads Manager and compare"
            " again, then give the launch up.",
        )
    if launch.may_be_on:
        raise Refusal("switched_on", f"{MAY_BE_ON} Let the launch go on before you give it up.")
    launch.state = Launch.State.CANCELED.value
    launch.save(update_fields=["state"])
    record("launch.canceled", launch, by=by, now=now)


def note_music(launch_id: int, word: str, *, now: datetime) -> bool:
    """TikTok's word on the music of the flight; False when it refuses the launch."""
    launch = Launch.objects.select_for_update().get(pk=launch_id)
    plan = LaunchPlan(
        post=launch.post,
        ad_account=launch.ad_account,
        objective=launch.objective,
        daily_budget=launch.daily_budget,
        starts_at=launch.starts_at,
        ends_at=launch.ends_at,
        music=word,
    )
    check = next(one for one in check_plan(plan, now=now).checks if one.name == MUSIC)
    launch.checks = [_told(check, word) if one["name"] == MUSIC else one for one in launch.checks]
    launch.done = {**launch.done, MUSIC: word}
    if not check.passed:
        launch.state, launch.error = Launch.State.REFUSED.value, check.sentence
        by = Actor(launch.created_by)
        record("launch.refused", launch, by=by, now=now, reason=check.sentence)
    launch.save(update_fields=["checks", "done", "state", "error"])
    return check.passed


def note_step(launch_id: int, **brought: str) -> None:
    """Keep what a step brought, in a transaction of its own, before the next step."""
    launch = Launch.objects.select_for_update().get(pk=launch_id)
    launch.done = {**launch.done, **brought}
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
    """The launch stopped; what was created is switched off and can be resumed. People are told at
    once when TikTok did not confirm that it is off."""
    launch = Launch.objects.get(pk=launch_id)
    launch.state, launch.error = Launch.State.FAILED.value, sentence
    if launch.may_be_on:
        launch.error = f"{sentence} {MAY_BE_ON}"
        tell_may_be_on(launch, now)
    launch.save(update_fields=["state", "error"])
    record("launch.failed", launch, by=Actor(launch.created_by), now=now, reason=launch.error)


def tell_may_be_on(launch: Launch | GmvMaxLaunch, now: datetime) -> None:
    """Tell people at once of a launch that stopped and may spend."""
    slug = Client.objects.get(pk=current_client_id()).slug
    path = (
        reverse("campaigns:launch-result", kwargs={"client": slug, "pk": launch.pk})
        if isinstance(launch, Launch)
        else reverse("campaigns:plan", kwargs={"client": slug, "pk": launch.plan_id})
    )
    raise_alert(
        "launch.may_be_on",
        f"launch.may_be_on:{launch._meta.model_name}:{launch.pk}:{now.isoformat()}",
        subject=launch,
        severity=Alert.Severity.CRITICAL.value,
        title=f"A launch that stopped may be on: {launch.name}"[:200],
        body=f"{launch.error} It is campaign {launch.done.get('campaign_id', '')}.",
        path=path,
        action_label="Open the launch",
        told=Permission.CAMPAIGN_LAUNCH,
        now=now,
    )


def _lock_account(account: AdAccount) -> None:
    """One launch into an account at a time: two must not take the last free place (TA3)."""
    AdAccount.objects.select_for_update(no_key=True).get(pk=account.pk)


def _redemption(plan: LaunchPlan) -> Redemption | None:
    """What the ad will run under; its permission cannot be taken back before the launch is kept."""
    found = list(
        redeemed_for(plan.post.pk)
        .filter(ad_account=plan.ad_account)
        .select_related("authorization")
        .select_for_update(of=("authorization",))
    )
    return min(found, key=lambda one: _rank(one.authorization, plan.ends_at), default=None)


def _rank(row: Authorization, until: datetime) -> tuple[int, float]:
    """A permission that is known to last through the flight comes first, then a link, which lasts
    until somebody takes it back, then what ends on the way."""
    ends = row.ends_at.timestamp() if row.ends_at else 0.0
    if row.ends_at is not None and row.ends_at >= until:
        return 0, -ends
    return (1, 0.0) if row.kind == Authorization.Kind.ACCOUNT else (2, -ends)


def _name(plan: LaunchPlan, now: datetime) -> str:
    """Unlike any other: after a worker died, what it created is found again by this name."""
    mark = token_hex(4)
    if plan.template is not None:
        return name_by(plan.template.naming, _named(plan), mark)
    handle = plan.post.creator.handle if plan.post.creator else "post"
    return f"Spark {handle} {plan.post.item_id[-6:]} {now:%Y-%m-%d} {mark}"


def _named(plan: LaunchPlan) -> dict[str, str]:
    """What the variables of a naming convention stand for."""
    client = Client.objects.get(pk=current_client_id())
    links = PostProduct.objects.filter(post=plan.post, lost_at=None).order_by("pk")
    product = links.select_related("product__shop").first()
    shop = plan.ad_account.shop or (product.product.shop if product else None)
    return {
        "client": client.name,
        "creator": plan.post.creator.handle if plan.post.creator else "",
        "product": product.product.title if product else "",
        "post": plan.post.item_id[-6:],
        "item": plan.post.item_id,
        "date": f"{shop_day(plan.starts_at, client.timezone):%Y-%m-%d}",
        "objective": plan.objective.lower().replace("_", "-"),
        "account": plan.ad_account.name,
        "market": shop.market if shop else "",
    }


def _need_no_other(plan: LaunchPlan) -> None:
    """One launch at a time: a form that was sent twice must not create two campaigns."""
    if Launch.objects.filter(
        post=plan.post, ad_account=plan.ad_account, state__in=UNDER_WAY
    ).exists():
        raise Refusal(
            "under_way",
            "A launch of this post in this ad account is under way. Wait until it is done.",
        )


def _waits(check: Check, music: str) -> bool:
    """Whether a check is answered only once TikTok is asked, right before anything is created."""
    return check.name == MUSIC and not music


def _told(check: Check, music: str) -> dict[str, Any]:
    if not _waits(check, music):
        return {**asdict(check), "waits": False}
    sentence = "TikTok is asked about the music before anything is created."
    return {**asdict(check), "sentence": sentence, "waits": True}
