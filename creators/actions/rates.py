"""Changing commission rates: proposal, second look, TikTok; and changes made in TikTok."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse

from creators.models import Collaboration, RateChange
from creators.queries.collaborations import (
    ENDED,
    bearings,
    open_change,
    products_of,
    rate_policy,
)
from creators.rules.rates import Bearing, effect_of, needs_approval, why_not_rate
from sparkops.alerts.actions import raise_alert, resolve_alerts
from sparkops.audit.record import SYSTEM, Actor, record
from sparkops.errors import Refusal
from sparkops.outbox.queue import put
from sparkops.tenants.models import Client
from sparkops.tenants.permissions import Permission

CHANGE_RATES = "collaborations.rates"
RATE_ALERT = "collaboration.rate"
Rates = tuple[Decimal | None, Decimal | None]


def propose_rates(
    plan: Collaboration,
    standard: Decimal | None,
    ads: Decimal | None,
    *,
    note: str = "",
    client: Client,
    by: Actor,
    now: datetime,
) -> RateChange:
    """Ask for new rates (fractions; None keeps one). One over the client's limit waits for
    approval, another goes on at once. Raises Refusal for what cannot be changed."""
    # The row is locked, so that two people cannot propose at once.
    plan = Collaboration.objects.select_for_update().get(pk=plan.pk)
    standard, ads = _changed(plan, standard, ads)
    if open_change(plan) is not None:
        raise Refusal("changing", "A change of this plan is under way; finish it first.")
    pairs = [(plan.standard_rate, standard), (plan.shop_ads_rate, ads)]
    waits = needs_approval(pairs, rate_policy().limit)
    change = RateChange.objects.create(
        collaboration=plan,
        state=RateChange.State.PROPOSED,
        standard_before=plan.standard_rate,
        standard_after=standard,
        ads_before=plan.shop_ads_rate,
        ads_after=ads,
        effect=effects(plan, standard, ads),
        note=note,
        proposed_at=now,
        proposed_by=by.label,
    )
    record("collaboration.rate_proposed", plan, by=by, now=now, reason=note, data=_data(change))
    if waits:
        _tell(change, client, now)
    else:
        _go(change, by=by, now=now)
    return change


def _changed(plan: Collaboration, standard: Decimal | None, ads: Decimal | None) -> Rates:
    """The rates that differ from those of the plan; Refusal when none may be set."""
    if plan.status in ENDED:
        raise Refusal("ended", "This plan has ended.")
    if plan.kind != Collaboration.Kind.TARGET and ads is not None and ads != plan.shop_ads_rate:
        raise Refusal(
            "ads_rate", "TikTok sets a Shop Ads rate by invitation only.", field="shop_ads_rate"
        )
    standard = None if standard == plan.standard_rate else standard
    ads = None if ads == plan.shop_ads_rate else ads
    if standard is None and ads is None:
        raise Refusal("same", "These are the rates it has now.", field="standard_rate")
    for name, rate in (("standard_rate", standard), ("shop_ads_rate", ads)):
        if rate is not None and (why := why_not_rate(rate)):
            raise Refusal("bounds", why, field=name)
    return standard, ads


def effects(
    plan: Collaboration, standard: Decimal | None, ads: Decimal | None
) -> list[dict[str, Any]]:
    """What the new rates mean for each product of the plan, as text and plain values."""
    products = products_of(plan)
    found = bearings(products)
    lines = []
    for product in products:
        bearing = found.get(product.pk, Bearing(""))
        for kind, before, after in (
            ("standard", plan.standard_rate, standard),
            ("ads", plan.shop_ads_rate, ads),
        ):
            if after is not None:
                effect = effect_of(before, after, bearing)
                lines.append(
                    {
                        "product": product.title,
                        "kind": kind,
                        "currency": bearing.currency,
                        "share_before": _text(effect.share_before),
                        "share_after": _text(effect.share_after),
                        "per_unit": _text(effect.per_unit),
                        "loses": effect.loses,
                    }
                )
    return lines


def approve_rates(change: RateChange, *, by: Actor, now: datetime) -> None:
    """Let a proposed change go on. Raises Refusal when it does not wait any more."""
    change = _waiting(change)
    _go(change, by=by, now=now)
    record("collaboration.rate_approved", change.collaboration, by=by, now=now, data=_data(change))


def decline_rates(change: RateChange, *, by: Actor, now: datetime) -> None:
    """Say no to a proposed change, or withdraw it. Raises Refusal when it is too late."""
    change = _waiting(change)
    change.state, change.decided_at, change.decided_by = RateChange.State.DECLINED, now, by.label
    change.finished_at = now
    change.save()
    resolve_alerts(change, now=now, kinds=(RATE_ALERT,))
    record("collaboration.rate_declined", change.collaboration, by=by, now=now, data=_data(change))


def _waiting(change: RateChange) -> RateChange:
    row = RateChange.objects.select_for_update(of=("self",)).select_related("collaboration")
    found = row.get(pk=change.pk)
    if found.state != RateChange.State.PROPOSED:
        raise Refusal("decided", "This change does not wait for approval any more.")
    return found


def _go(change: RateChange, *, by: Actor, now: datetime) -> None:
    """By TikTok's API for an invitation. It has no call for an open plan's rate: a person changes
    it in Seller Center, and the next read sees it."""
    by_api = change.collaboration.kind == Collaboration.Kind.TARGET
    change.state = RateChange.State.GOING if by_api else RateChange.State.BY_HAND
    change.decided_at, change.decided_by = now, by.label
    change.save()
    resolve_alerts(change, now=now, kinds=(RATE_ALERT,))
    if by_api:
        put(CHANGE_RATES, f"{CHANGE_RATES}-{change.pk}", {"change": change.pk}, by=by, now=now)


def keep_rates(change_id: int, *, now: datetime) -> None:
    """TikTok took the new rates. The next read brings what counts today: a cut waits for
    midnight."""
    RateChange.objects.filter(pk=change_id, state=RateChange.State.GOING).update(
        state=RateChange.State.DONE, finished_at=now
    )


def refuse_rates(change_id: int, why: str, *, now: datetime) -> None:
    """TikTok did not take them; why stands on the change."""
    RateChange.objects.filter(pk=change_id, state=RateChange.State.GOING).update(
        state=RateChange.State.REFUSED, problem=why, finished_at=now
    )


def done_by_hand(change: RateChange, *, by: Actor, now: datetime) -> None:
    """A person changed it in Seller Center. Raises Refusal when nothing was to do there."""
    count = RateChange.objects.filter(pk=change.pk, state=RateChange.State.BY_HAND).update(
        state=RateChange.State.DONE, finished_at=now
    )
    if not count:
        raise Refusal("not_by_hand", "This change is not to be done in Seller Center.")
    record("collaboration.rate_done", change.collaboration, by=by, now=now)


def save_limit(limit: Decimal, *, by: Actor, now: datetime) -> None:
    """From which change on approval is needed (a fraction: 0.02 are two points)."""
    policy = rate_policy()
    before, policy.limit = policy.limit, limit
    policy.save()
    data = {"before": str(before), "after": str(limit)}
    record("collaborations.limit_changed", policy, by=by, now=now, data=data)


def rates_of(rows: Iterable[Mapping[str, Any]]) -> dict[int, Rates]:
    """The rates that known plans have before `rows` are loaded, by own id."""
    ids = [row["collaboration_id"] for row in rows if "standard_rate" in row]
    known = Collaboration.objects.filter(collaboration_id__in=ids)
    return {one.pk: (one.standard_rate, one.shop_ads_rate) for one in known}


def note_rates(before: Mapping[int, Rates], *, now: datetime) -> int:
    """Note rates that were changed in TikTok and not from here; returns how many.

    A change that was to be done in Seller Center is done when its rate is there.
    """
    noted = 0
    for plan in Collaboration.objects.filter(pk__in=before):
        rates = (plan.standard_rate, plan.shop_ads_rate)
        if rates == before[plan.pk]:
            continue
        ours = _own_change(plan)
        if ours is not None and ours.state == RateChange.State.BY_HAND:
            ours.state, ours.finished_at = RateChange.State.DONE, now
            ours.save(update_fields=["state", "finished_at"])
        if ours is None:
            data = {"before": _pair(before[plan.pk]), "after": _pair(rates)}
            record("collaboration.changed_outside", plan, by=SYSTEM, now=now, data=data)
            noted += 1
    return noted


def _own_change(plan: Collaboration) -> RateChange | None:
    """The change from here that explains the plan's present rates."""
    newest = plan.rate_changes.exclude(
        state__in=[RateChange.State.DECLINED, RateChange.State.REFUSED, RateChange.State.PROPOSED]
    ).order_by("-pk")
    change = newest.first()
    if change is None:
        return None
    wanted = (
        change.standard_before if change.standard_after is None else change.standard_after,
        change.ads_before if change.ads_after is None else change.ads_after,
    )
    return change if wanted == (plan.standard_rate, plan.shop_ads_rate) else None


def _tell(change: RateChange, client: Client, now: datetime) -> None:
    plan = change.collaboration
    raise_alert(
        RATE_ALERT,
        f"{RATE_ALERT}-{change.pk}",
        subject=change,
        severity="warning",
        title=f"A new commission of {plan} waits for approval",
        body=f"{change.proposed_by} proposes it. {change.note}".strip(),
        path=reverse("creators:collaboration", kwargs={"client": client.slug, "pk": plan.pk}),
        action_label="Decide",
        now=now,
        told=Permission.PLAN_APPROVE,
    )


def _data(change: RateChange) -> dict[str, Any]:
    return {
        "before": _pair((change.standard_before, change.ads_before)),
        "after": _pair((change.standard_after, change.ads_after)),
    }


def _pair(rates: Rates) -> list[str | None]:
    return [_text(rate) for rate in rates]


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
