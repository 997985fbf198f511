"""What a period would have made under other terms, with everything else as it was."""

from dataclasses import dataclass
from decimal import Decimal

from profit.rules.entries import Account
from profit.rules.pnl import TREE, Pnl
from sparkops.money import ZERO, round_money

_FOLLOW_PRICE = frozenset(
    {
        Account.GMV,
        Account.REFUNDED_ITEM_REVENUE,
        Account.OUTPUT_VAT,
        Account.REFERRAL_FEE,
        Account.REFUND_ADMIN_FEE,
        Account.AFFILIATE_COMMISSION,
    }
)
_FOLLOW_UNITS = _FOLLOW_PRICE | {
    Account.SHIPPING_REVENUE,
    Account.COGS,
    Account.FULFILMENT_COST,
    Account.RETURN_SHIPPING_COST,
    Account.OTHER_PLATFORM_FEE,
}
_FOLLOW_BUDGET = frozenset({Account.AD_SPEND, Account.AD_CREDIT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Changes as fractions (0.1 is 10 % more); `commission_rate` is the new share of GMV after
    refunds that creators get, None to keep what was paid."""

    price: Decimal = ZERO
    units: Decimal = ZERO
    unit_cost: Decimal = ZERO
    ad_budget: Decimal = ZERO
    commission_rate: Decimal | None = None


def under(pnl: Pnl, terms: Terms) -> Pnl:
    """The P&L under other terms, each line rounded once.

    Nothing reacts by itself: how many units a price or a budget sells is for the person to say.
    Revenue, VAT, fees and commission that are shares follow the price; what is paid per unit or
    order follows the units; goods follow their cost; ads follow the budget; payments to creators,
    samples, custom costs, adjustments and agency fees stay.
    """
    sums = {
        item: round_money(getattr(pnl, item.value) * _factor(item, terms), pnl.currency)
        for item in TREE
        if isinstance(item, Account)
    }
    if terms.commission_rate is not None:
        kept = sums[Account.GMV] - sums[Account.REFUNDED_ITEM_REVENUE]
        commission = terms.commission_rate * max(kept, ZERO)
        sums[Account.AFFILIATE_COMMISSION] = round_money(commission, pnl.currency)
    sums[Account.GMV_WITHOUT_UNIT_COST] = pnl.gmv_without_unit_cost
    return Pnl.of(sums, pnl.currency)


def _factor(account: Account, terms: Terms) -> Decimal:
    factor = Decimal(1)
    if account in _FOLLOW_PRICE:
        factor *= 1 + terms.price
    if account in _FOLLOW_UNITS:
        factor *= 1 + terms.units
    if account is Account.COGS:
        factor *= 1 + terms.unit_cost
    if account in _FOLLOW_BUDGET:
        factor *= 1 + terms.ad_budget
    return factor
