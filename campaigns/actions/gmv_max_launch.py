"""GMV Max campaigns of a plan: drafted, held against the gate, launched, and how far they got."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from secrets import token_hex
from typing import Any

from authorizations.queries import cover_of
from campaigns.actions.launch import MAY_BE_ON, STOPPED, limits_in, tell_may_be_on
from campaigns.actions.override import Override, need_override
from campaigns.models import GmvMaxLaunch, GmvMaxPick, Launch, Plan
from campaigns.queries.caps import stop_by_cap, term_end
from campaigns.queries.economics import bounds_of
from campaigns.queries.plans import UNDER_WAY
from campaigns.rules.economics import least_target
from campaigns.rules.gmv_max import WAITS, Chosen, Wanted, gmv_max_gate
from campaigns.rules.launch import OVERRIDABLE, Check, Gate
from campaigns.rules.launch import Plan as Flight
from campaigns.rules.naming import plain
from creators.models import Post, PostProduct
from sparkops.audit.record import Actor, record
from sparkops.catalog.models import AdAccount, Product, Shop
from sparkops.clock import shop_day
from sparkops.errors import Refusal
from sparkops.isolation.scope import current_client_id
from sparkops.outbox.models import Command
from sparkops.outbox.queue import put, take_back
from sparkops.tenants.models import Client

LAUNCH = "campaigns.launch_gmv_max"
MOST_PRODUCTS = 400
State = Launch.State


@dataclass(frozen=True)
class GmvMaxDraft:
    """What a campaign is planned as, see `models.GmvMaxLaunch`. Times aware UTC."""

    plan_name: str
    shop: Shop
    ad_account: AdAccount
    products: Sequence[Product]
    daily_budget: Decimal
    target_roas: Decimal
    starts_at: datetime
    ends_at: datetime
    posts: str = "all"
    picks: Sequence[Post] = ()
    with_affiliates: bool = True
    takes_over: bool = False
    note: str = ""


@dataclass(frozen=True)
class GmvMaxCheck:
    """A campaign with its gate, as `actions.plans.LineCheck`."""

    row: GmvMaxLaunch
    refused: tuple[str, ...]
    may_override: bool
    told: list[dict[str, Any]]


def plan_gmv_max(draft: GmvMaxDraft, *, by: Actor, now: datetime) -> Plan:
    """A draft of a plan with one campaign; it takes the same gates and approvals as others.

    Raises Refusal without products, with more than TikTok takes, of another shop, or with an empty
    flight.
    """
    if not 1 <= len(draft.products) <= MOST_PRODUCTS:
        raise Refusal(
            "products", f"Choose 1 to {MOST_PRODUCTS} products of the shop.", field="products"
        )
    if any(product.shop_id != draft.shop.pk for product in draft.products):
        raise Refusal("other_shop", "A product is of another shop.", field="products")
    if draft.ends_at <= draft.starts_at:
        raise Refusal("flight", "The flight ends before it begins.", field="ends_at")
    plan = Plan.objects.create(
        name=draft.plan_name,
        note=draft.note,
        state=Plan.State.DRAFT.value,
        created_at=now,
        created_by=by.label,
    )
    row = GmvMaxLaunch.objects.create(
        plan=plan,
        ad_account=draft.ad_account,
        shop=draft.shop,
        name=f"GMV Max {plain(draft.shop.name)[:80]} {draft.starts_at:%Y-%m-%d} {token_hex(4)}",
        product_ids=sorted(one.product_id for one in draft.products),
        posts=draft.posts,
        with_affiliates=draft.with_affiliates and draft.posts != GmvMaxLaunch.Posts.ONLY,
        takes_over=draft.takes_over,
        daily_budget=draft.daily_budget,
        currency=draft.ad_account.currency,
        target_roas=draft.target_roas,
        starts_at=draft.starts_at,
        ends_at=draft.ends_at,
        state=State.PLANNED.value,
        created_at=now,
        created_by=by.label,
    )
    for post in draft.picks if draft.posts != GmvMaxLaunch.Posts.ALL else ():
        GmvMaxPick.objects.create(launch=row, post=post)
    record("plan.made", plan, by=by, now=now, data={"gmv_max": row.name})
    return plan


def check_gmv_max(row: GmvMaxLaunch, *, now: datetime) -> GmvMaxCheck:
    """The gate of a campaign as it stands now; an override lets through what may be overridden."""
    verdict = _gate(row, now)
    refusals = [one for one in _refusals(verdict) if not _overridden(row, one)]
    may_override = bool(refusals) and all(one.name in OVERRIDABLE for one in refusals)
    told = [{**asdict(one), "waits": one.name in WAITS} for one in verdict.checks]
    return GmvMaxCheck(row, tuple(one.sentence for one in refusals), may_override, told)


def _gate(row: GmvMaxLaunch, now: datetime) -> Gate:
    picks = [one.post for one in row.picks.select_related("post").order_by("post_id")]
    products = Product.objects.filter(shop=row.shop_id, product_id__in=row.product_ids)
    ids = set(products.values_list("pk", flat=True))
    wanted = Wanted(
        products=len(ids),
        target=row.target_roas,
        chosen=_chosen(row, picks, ids, now),
        only_chosen=row.posts == GmvMaxLaunch.Posts.ONLY,
    )
    flight = Flight(
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        daily_budget=row.daily_budget,
        total_budget=None,
        currency=row.currency,
        account_currency=row.ad_account.currency,
        room=None,
    )
    return gmv_max_gate(
        wanted, flight, bounds_of(ids), now=now, policy=limits_in(row.ad_account.currency)
    )


def _chosen(
    row: GmvMaxLaunch, picks: Sequence[Post], products: set[int], now: datetime
) -> list[Chosen]:
    ids = [post.pk for post in picks]
    cover = cover_of(ids, row.starts_at, row.ends_at)
    links = PostProduct.objects.filter(post__in=ids, product__in=products, lost_at=None)
    linked = set(links.values_list("post_id", flat=True))
    return [
        Chosen(str(post), cover[post.pk], post.pk in linked, _stop(row, post, now))
        for post in picks
    ]


def _stop(row: GmvMaxLaunch, post: Post, now: datetime) -> str:
    """What a spend cap or an agreed term says against a post in the flight (N8)."""
    if stop := stop_by_cap(post.pk, row.currency, now):
        return stop
    last = term_end(post.pk)
    zone = Client.objects.get(pk=current_client_id()).timezone
    if last is None or shop_day(row.ends_at - timedelta(seconds=1), zone) <= last:
        return ""
    return f"The agreed term ends on {last:%d %b %Y}. End the flight by then."


def _refusals(verdict: Gate) -> list[Check]:
    return [one for one in verdict.refusals if one.name not in WAITS]


def _overridden(row: GmvMaxLaunch, check: Check) -> bool:
    return bool(row.override_reason) and check.name in OVERRIDABLE


def least_target_of(row: GmvMaxLaunch) -> Decimal | None:
    """The lowest target that loses nothing, None when the planned one does not lose (PD11)."""
    products = Product.objects.filter(shop=row.shop_id, product_id__in=row.product_ids)
    needed = bounds_of(set(products.values_list("pk", flat=True))).break_even_roas
    return least_target(needed) if needed is not None and row.target_roas < needed else None


def set_target(row: GmvMaxLaunch, target: Decimal, *, by: Actor, now: datetime) -> None:
    """Another target ROAS. Only in a draft."""
    _need_draft(row)
    before, row.target_roas = row.target_roas, target
    row.save(update_fields=["target_roas"])
    data = {"before": str(before), "after": str(target)}
    record("plan.target_set", row.plan, by=by, now=now, data=data)


def override_gmv_max(
    row: GmvMaxLaunch, *, reason: str, role: str, by: Actor, now: datetime
) -> None:
    """Let a campaign be launched against the gate (TA10): role, reason, audit. Only in a draft.

    Raises Refusal when the role may not, without a reason, or where no reason helps.
    """
    _need_draft(row)
    need_override(Override(reason, role))
    found = check_gmv_max(row, now=now)
    if not found.may_override:
        raise Refusal("no_override", " ".join(found.refused) or "Nothing refuses this campaign.")
    row.override_reason, row.override_by, row.override_role = reason.strip(), by.label, role
    row.save(update_fields=["override_reason", "override_by", "override_role"])
    record(
        "plan.gate_overridden",
        row.plan,
        by=by,
        now=now,
        reason=row.override_reason,
        data={"campaign": row.name, "refused": list(found.refused), "role": role},
    )


def _need_draft(row: GmvMaxLaunch) -> None:
    if row.plan.state != Plan.State.DRAFT:
        label = row.plan.get_state_display().lower()
        raise Refusal("wrong_state", f"The plan is {label}, so this is not possible now.")


def launch_gmv_max(
    row: GmvMaxLaunch, *, by: Actor, now: datetime, leaves_at: datetime | None = None
) -> None:
    """Hold an approved campaign against the gate once more and ask TikTok for it; refused, it says
    why and nothing is asked."""
    AdAccount.objects.select_for_update(no_key=True).get(pk=row.ad_account_id)
    found = check_gmv_max(row, now=now)
    row.checks, row.error = found.told, " ".join(found.refused)
    if row.error:
        row.state = State.REFUSED.value
        row.save(update_fields=["checks", "error", "state"])
        record("launch.refused", row, by=by, now=now, reason=row.error)
        return
    against = [one["name"] for one in found.told if not one["passed"] and one["blocking"]]
    row.overridden = [one for one in against if one in OVERRIDABLE]
    row.state = (State.PLANNED if leaves_at else State.CREATING).value
    row.save(update_fields=["checks", "error", "state", "overridden"])
    record("launch.planned", row, by=by, now=now, data={"against": row.overridden})
    put(LAUNCH, _key(row, now), {"launch": row.pk}, by=by, now=now, due_at=leaves_at)


def _key(row: GmvMaxLaunch, now: datetime) -> str:
    return f"{LAUNCH}:{row.pk}:{now.isoformat()}"


def take_back_gmv_max(row: GmvMaxLaunch, *, by: Actor, now: datetime) -> bool:
    """Give up a campaign that has not left; False when TikTok is being asked already."""
    asked = Command.objects.filter(kind=LAUNCH, payload__launch=row.pk).order_by("-pk").first()
    if asked is None or not take_back(asked.key, now=now):
        return False
    row.state = State.CANCELED.value
    row.save(update_fields=["state"])
    record("launch.canceled", row, by=by, now=now)
    return True


def resume_gmv_max(row: GmvMaxLaunch, *, by: Actor, now: datetime) -> None:
    """Go on with a campaign that stopped half-way, or compare again what came out different.

    Raises Refusal when it has not stopped.
    """
    if row.state not in STOPPED:
        raise Refusal("not_stopped", "This launch has not stopped: there is nothing to resume.")
    row.state, row.error, row.differences = State.CREATING.value, "", []
    row.done = {**row.done, "undoing": ""}
    row.save(update_fields=["state", "error", "differences", "done"])
    record("launch.resumed", row, by=by, now=now)
    # What the stopped attempt may have created is looked up before anything is created again.
    put(LAUNCH, _key(row, now), {"launch": row.pk, "is_repeat": True}, by=by, now=now)


def note_gmv_max_started(pk: int) -> None:
    """A campaign that waited for its time is being created."""
    GmvMaxLaunch.objects.filter(pk=pk, state=State.PLANNED).update(state=State.CREATING)


def note_gmv_max_step(pk: int, **brought: str) -> None:
    """Keep what a step brought, in a transaction of its own, before the next step."""
    row = GmvMaxLaunch.objects.select_for_update().get(pk=pk)
    row.done = {**row.done, **brought}
    row.save(update_fields=["done"])


def note_gmv_max_ended(
    pk: int,
    state: str,
    *,
    now: datetime,
    error: str = "",
    differences: Sequence[dict[str, Any]] = (),
) -> None:
    """How it ended: live, refused before anything was created, different, or stopped half-way."""
    row = GmvMaxLaunch.objects.get(pk=pk)
    if row.state not in UNDER_WAY:
        return
    row.state, row.error, row.differences = state, error, list(differences)
    row.enabled_at = now if state == State.LIVE else None
    if row.may_be_on:
        row.error = f"{error} {MAY_BE_ON}"
        tell_may_be_on(row, now)
    row.save(update_fields=["state", "error", "differences", "enabled_at"])
    verb = {State.LIVE: "enabled", State.DIFFERS: "differs", State.REFUSED: "refused"}
    by = Actor(row.created_by)
    record(f"launch.{verb.get(State(state), 'failed')}", row, by=by, now=now, reason=row.error)
