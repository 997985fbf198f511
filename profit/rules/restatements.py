"""What booking again changed of amounts that people may have read already (PD2, N13)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from profit.rules.difference import Change, standing
from profit.rules.entries import MEMO_ACCOUNTS, Account, Entry
from profit.rules.facts import Stage
from profit.rules.pnl import Pnl
from profit.rules.settled import FEE_ACCOUNTS
from sparkops.money import ZERO


class Reason(StrEnum):
    """Why an amount was restated, as a reader counts it."""

    SETTLED = "settled"
    REFUND = "refund"
    FEE_RULE = "fee_rule"
    UNIT_COST = "unit_cost"
    FX_RATE = "fx_rate"
    ADS = "ads"
    PAYMENT = "payment"
    CUSTOM_COST = "custom_cost"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restated:
    """One account of one subject in one month, by order date, before and after.

    Amounts are in the report currency, as the account prints them; `effect` is what the change did
    to cm3. `before` equals `after` where a fee settled exactly as estimated. `rule` names the fee
    rule that is followed now.
    """

    account: Account
    month: date
    before: Decimal
    after: Decimal
    effect: Decimal
    stage_before: str
    stage_after: str
    reason: Reason
    rule: str
    cause: str


_ORDER_OF_STAGES = (Stage.ESTIMATED, Stage.PROCESSING, Stage.SETTLED)
_REFUND_RULES = frozenset({"P9", "P12", "P13", "P15"})
_BY_ACCOUNT = {
    Account.AD_SPEND: Reason.ADS,
    Account.AD_CREDIT: Reason.ADS,
    Account.CREATOR_FEES: Reason.PAYMENT,
    Account.CUSTOM_COST: Reason.CUSTOM_COST,
}
_OF_GOODS = frozenset({Account.COGS, Account.SAMPLE_COST})


@dataclass(slots=True)
class _Side:
    """An account's entries of a month, net per key."""

    by_key: dict[str, Entry] = field(default_factory=dict)

    @property
    def amount(self) -> Decimal:
        return sum((entry.amount for entry in self.by_key.values()), ZERO)

    @property
    def stage(self) -> str:
        """The least final stage; nothing where nothing stands."""
        found = {entry.stage for entry in self.by_key.values()}
        return next((stage.value for stage in _ORDER_OF_STAGES if stage in found), "")


_Place = tuple[Account, date]


def restated(
    wanted: Sequence[Entry], booked: Sequence[Entry], changes: Sequence[Change]
) -> list[Restated]:
    """The restatements that `changes` make of what was `booked` for a subject.

    Nothing for a subject that was never booked: its first amounts replace no others.
    """
    if not booked or not changes:
        return []
    before = _sides(entry for places in standing(booked).values() for entry in places.values())
    after = _sides(wanted)
    refunded = _is_refunded(before, after)
    rows = []
    for place in sorted({*before, *after}):
        old, new = before.get(place, _Side()), after.get(place, _Side())
        if _is_restated(place[0], old, new):
            rows.append(_row(place, old, new, refunded, changes))
    return rows


def _sides(entries: Iterable[Entry]) -> dict[_Place, _Side]:
    found: dict[_Place, _Side] = {}
    for entry in entries:
        if entry.account not in MEMO_ACCOUNTS:
            place = (entry.account, entry.order_day.replace(day=1))
            found.setdefault(place, _Side()).by_key[entry.key] = entry
    return found


def _is_restated(account: Account, old: _Side, new: _Side) -> bool:
    if old.amount != new.amount:
        return True
    return account in FEE_ACCOUNTS and _settles(old, new) and bool(old.by_key)


def _settles(old: _Side, new: _Side) -> bool:
    return new.stage == Stage.SETTLED.value != old.stage


def _is_refunded(before: dict[_Place, _Side], after: dict[_Place, _Side]) -> bool:
    known = {key for side in before.values() for key in side.by_key}
    return any(
        key not in known and entry.rule.partition("@")[0] in _REFUND_RULES
        for side in after.values()
        for key, entry in side.by_key.items()
    )


def _row(
    place: _Place, old: _Side, new: _Side, refunded: bool, changes: Sequence[Change]
) -> Restated:
    account, month = place
    reason = _reason(account, old, new, refunded)
    return Restated(
        account=account,
        month=month,
        before=old.amount,
        after=new.amount,
        effect=(new.amount - old.amount) * _sign(account),
        stage_before=old.stage,
        stage_after=new.stage,
        reason=reason,
        rule=_replaced_rule(old, new) if reason is Reason.FEE_RULE else "",
        cause=next((one.cause for one in changes if one.entry.account is account), ""),
    )


def _sign(account: Account) -> int:
    """How an account moves cm3: the tree itself says so."""
    return int(Pnl.of({account: Decimal(1)}, "USD").cm3)


def _reason(account: Account, old: _Side, new: _Side, refunded: bool) -> Reason:
    both = [(old.by_key[key], entry) for key, entry in new.by_key.items() if key in old.by_key]
    if any(one.raw_amount == two.raw_amount and one.amount != two.amount for one, two in both):
        return Reason.FX_RATE
    if account in _BY_ACCOUNT:
        return _BY_ACCOUNT[account]
    if account in _OF_GOODS:
        changed = not both or any(one.amount != two.amount for one, two in both)
        return Reason.UNIT_COST if changed else Reason.REFUND
    if _settles(old, new):
        return Reason.SETTLED
    if _replaced_rule(old, new):
        return Reason.FEE_RULE
    return Reason.REFUND if refunded else Reason.OTHER


def _replaced_rule(old: _Side, new: _Side) -> str:
    """The first rule that takes the place of another one; nothing when none does."""
    return next(
        (
            entry.rule
            for key, entry in new.by_key.items()
            if key in old.by_key
            and old.by_key[key].rule != entry.rule
            and old.by_key[key].amount != entry.amount
        ),
        "",
    )
