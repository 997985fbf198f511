"""Fees: agreeing, falling due, paying, freezing; and the codes that wait for them (N9, AR10)."""

from datetime import date, datetime
from decimal import Decimal

from authorizations.actions.hand_in import release
from authorizations.models import Authorization, Fee, Redemption
from authorizations.rules.fees import refusal_to_pay
from sparkops.audit.record import Actor, record
from sparkops.errors import Refusal

State = Fee.State


def agree_fee(
    authorization: Authorization,
    *,
    amount: Decimal,
    currency: str,
    due_on: date | None = None,
    by: Actor,
    now: datetime,
) -> Fee:
    """Note or correct what the creator gets; an amount of 0 says that no fee is due, and frees
    the code. `amount` is in `currency`. Raises Refusal when the fee is paid or frozen."""
    fee = Fee.objects.select_for_update().filter(authorization=authorization).first()
    if fee is not None and fee.state in (State.PAID, State.FROZEN):
        word = fee.get_state_display().lower()
        raise Refusal("fee_settled", f"The fee is {word} and cannot be changed any more.")
    before = _summary(fee)
    fee = fee or Fee(authorization=authorization, noted_at=now)
    fee.amount, fee.currency, fee.due_on, fee.changed_at = amount, currency, due_on, now
    fee.state = _state(amount, due_on)
    fee.save()
    record(
        "fee.agreed", authorization, by=by, now=now, data={"before": before, "after": _summary(fee)}
    )
    if fee.state == State.PAID:
        _release(authorization, by=by, now=now)
    return fee


def pay_fee(fee: Fee, *, paid_on: date, reference: str = "", by: Actor, now: datetime) -> int:
    """Mark a fee paid and send the codes that waited for it; returns how many redemptions go.

    Raises Refusal when it is frozen or paid already.
    """
    fee = Fee.objects.select_for_update().select_related("authorization").get(pk=fee.pk)
    if sentence := refusal_to_pay(fee.state):
        raise Refusal("fee_not_payable", sentence)
    before = _summary(fee)
    fee.state, fee.paid_on, fee.reference = State.PAID.value, paid_on, reference
    fee.changed_at = now
    fee.save()
    data = {"before": before, "after": _summary(fee), "reference": reference}
    record("fee.paid", fee.authorization, by=by, now=now, data=data)
    return _release(fee.authorization, by=by, now=now)


def note_due_fees(today: date, *, by: Actor, now: datetime) -> int:
    """Agreed fees whose day has come are due; returns how many. `today` is the client's day."""
    fees = list(
        Fee.objects.filter(state=State.AGREED, due_on__lte=today).select_related("authorization")
    )
    for fee in fees:
        fee.state, fee.changed_at = State.DUE.value, now
        fee.save(update_fields=["state", "changed_at"])
        record("fee.due", fee.authorization, by=by, now=now, data=_summary(fee))
    return len(fees)


def freeze_fees(post_id: int, *, reason: str, by: Actor, now: datetime) -> int:
    """Stop the payment step of a post's fees that are not paid; returns how many."""
    fees = Fee.objects.filter(authorization__post_id=post_id).exclude(
        state__in=[State.PAID, State.FROZEN]
    )
    frozen = list(fees.select_related("authorization"))
    for fee in frozen:
        fee.before_freeze, fee.state, fee.changed_at = fee.state, State.FROZEN.value, now
        fee.save()
        record("fee.frozen", fee.authorization, by=by, now=now, reason=reason, data=_summary(fee))
    return len(frozen)


def thaw_fees(post_id: int, *, reason: str, by: Actor, now: datetime) -> int:
    """Give frozen fees of a post the state they had; returns how many."""
    fees = Fee.objects.filter(authorization__post_id=post_id, state=State.FROZEN)
    frozen = list(fees.select_related("authorization"))
    for fee in frozen:
        fee.state, fee.before_freeze, fee.changed_at = fee.before_freeze, "", now
        fee.save()
        record("fee.thawed", fee.authorization, by=by, now=now, reason=reason, data=_summary(fee))
    return len(frozen)


def _state(amount: Decimal, due_on: date | None) -> str:
    if amount == 0:
        return State.PAID.value
    return State.AGREED.value if due_on is not None else State.DUE.value


def _release(authorization: Authorization, *, by: Actor, now: datetime) -> int:
    held = Redemption.objects.filter(
        authorization=authorization, state=Redemption.State.HELD
    ).select_related("authorization")
    return sum(release(one, by=by, now=now) for one in held.order_by("pk"))


def _summary(fee: Fee | None) -> dict[str, str]:
    if fee is None:
        return {}
    return {"state": fee.state, "amount": str(fee.amount), "currency": fee.currency}
