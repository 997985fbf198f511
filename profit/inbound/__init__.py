"""Orders, refunds, affiliate orders and settled money from TikTok, in reading order."""

from profit.inbound.affiliate import AFFILIATE_ORDERS
from profit.inbound.orders import ORDERS
from profit.inbound.payouts import PAYMENTS, UNSETTLED
from profit.inbound.refunds import CANCELLATIONS, RETURNS
from profit.inbound.statements import ORDER_SETTLEMENTS, STATEMENT_LINES, STATEMENTS

STREAMS = (
    ORDERS,
    RETURNS,
    CANCELLATIONS,
    AFFILIATE_ORDERS,
    STATEMENTS,
    STATEMENT_LINES,
    ORDER_SETTLEMENTS,
    UNSETTLED,
    PAYMENTS,
)
