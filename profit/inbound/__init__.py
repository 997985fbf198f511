"""Orders, refunds, affiliate orders and settled money from TikTok, in reading order."""

from dataclasses import replace
from datetime import timedelta

from profit.inbound.affiliate import AFFILIATE_ORDERS
from profit.inbound.orders import ORDERS
from profit.inbound.payouts import PAYMENTS, UNSETTLED
from profit.inbound.refunds import CANCELLATIONS, RETURNS
from profit.inbound.statements import ORDER_SETTLEMENTS, STATEMENT_LINES, STATEMENTS
from sparkops.landing.streams import Stream

AGAIN = timedelta(days=3)


def _again(stream: Stream) -> Stream:
    """The same changes once more, daily and three days back: what TikTok answers short or late
    (an empty page is a page like others) the frequent reading does not see again."""
    return replace(
        stream,
        name=f"earlier_{stream.name}",
        label=f"{stream.label} of earlier days",
        every=timedelta(days=1),
        overlap=AGAIN,
        first=AGAIN,
    )


EARLIER = tuple(map(_again, (ORDERS, RETURNS, CANCELLATIONS)))
STREAMS = (
    ORDERS,
    RETURNS,
    CANCELLATIONS,
    *EARLIER,
    AFFILIATE_ORDERS,
    STATEMENTS,
    STATEMENT_LINES,
    ORDER_SETTLEMENTS,
    UNSETTLED,
    PAYMENTS,
)
