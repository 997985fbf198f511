"""Orders, settlements, costs, the ledger and its rollup."""

from profit.models.costs import AgencyFee, CreatorFee, FeeRule
from profit.models.ledger import DayTotal, Dirty, Entry, ProductResult, Watch
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
    "ProductResult",
    "Refund",
    "Statement",
    "StatementLine",
    "UnsettledLine",
    "Watch",
]
