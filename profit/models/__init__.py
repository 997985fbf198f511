"""Orders, settlements, costs, the ledger and its rollup."""

from profit.models.closing import MonthClose
from profit.models.costs import AgencyFee, CreatorFee, CustomCost, FeeRule
from profit.models.headlines import Headline
from profit.models.ledger import DayTotal, Dirty, Entry, ProductResult, Watch
from profit.models.orders import AffiliateOrder, Order, OrderLine, Refund
from profit.models.restatements import Look, Restatement
from profit.models.settlement import Payment, Statement, StatementLine, UnsettledLine
from profit.models.uploads import Upload

__all__ = [
    "AffiliateOrder",
    "AgencyFee",
    "CreatorFee",
    "CustomCost",
    "DayTotal",
    "Dirty",
    "Entry",
    "FeeRule",
    "Headline",
    "Look",
    "MonthClose",
    "Order",
    "OrderLine",
    "Payment",
    "ProductResult",
    "Refund",
    "Restatement",
    "Statement",
    "StatementLine",
    "UnsettledLine",
    "Upload",
    "Watch",
]
