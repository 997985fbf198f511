"""Orders, settlements, costs, the ledger and its rollup."""

from profit.models.costs import AgencyFee, CreatorFee, FeeRule
from profit.models.ledger import DayTotal, Dirty, Entry
from profit.models.orders import AffiliateOrder, Order, OrderLine, Refund
from profit.models.settlement import Payment, Statement, StatementLine, UnsettledLine

__all__ = [
    "AffiliateOrder",
    "AgencyFee",
    "CreatorFee",
    "DayTotal",
    "Dirty",
    "Entry",
    "FeeRule",
    "Order",
    "OrderLine",
    "Payment",
    "Refund",
    "Statement",
    "StatementLine",
    "UnsettledLine",
]
