"""What the profit page says about its own data (domain 6.10): the checks beside the P&L."""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from django.db import connection

from profit.queries.context import first_rate_days
from profit.rules.facts import Basis, Period
from sparkops.catalog.models import Shop
from sparkops.clock import shop_zone, zone_or_utc


class State(StrEnum):
    OK = "ok"
    WARN = "warn"
    IDLE = "idle"


@dataclass(frozen=True)
class Check:
    """One line of the trust panel. `page` is the name of the profit page that answers it."""

    state: State
    label: str
    fact: str = ""
    text: str = ""
    page: str = ""
    action: str = ""


def checks(
    shop: Shop, basis: Basis, period: Period, *, uncosted: int, now: datetime
) -> list[Check]:
    """The checks of a period, in the order a reader asks them. At most two queries.

    `uncosted` products were sold without a unit cost.
    """
    facts = _facts(shop, basis, period)
    return [
        _statements(facts),
        _costs(facts.sold, uncosted),
        _unlisted(facts.unlisted),
        _ads_without_post(facts.spend, facts.loose),
        *_rates(shop, {*facts.foreign} - {shop.currency, ""}),
        *_ad_accounts(shop, facts, now),
        *_waiting(facts.waiting),
    ]


class _Facts(NamedTuple):
    """What the checks look at. `offsets` are those of the shop's ad accounts, in minutes from UTC;
    `homeless` ad accounts have no shop; `foreign` are currencies of its accounts and costs."""

    sold: int
    spend: Decimal
    loose: Decimal
    statements: int
    tied: int
    unread: int
    unlisted: int
    offsets: list[int]
    homeless: int
    foreign: list[str]
    waiting: int


_FACTS = """
SELECT rollup.sold, coalesce(rollup.spend, 0), coalesce(rollup.loose, 0),
       statement.count, statement.tied, statement.unread,
  (SELECT count(*) FROM profit_statementline l JOIN profit_statement s ON s.id = l.statement_id
    WHERE s.shop_id = %(shop)s AND s.business_day BETWEEN %(first)s AND %(last)s
      AND l.sku_id = '' AND l.unlisted <> '{}'),
  ARRAY(SELECT DISTINCT utc_offset_minutes FROM catalog_adaccount WHERE shop_id = %(shop)s),
  (SELECT count(*) FROM catalog_adaccount WHERE shop_id IS NULL),
  ARRAY(SELECT currency FROM catalog_adaccount WHERE shop_id = %(shop)s
        UNION SELECT currency FROM profit_creatorfee WHERE shop_id = %(shop)s
        UNION SELECT c.currency FROM catalog_unitcost c
                JOIN catalog_sku k ON k.id = c.sku_id JOIN catalog_product p ON p.id = k.product_id
               WHERE p.shop_id = %(shop)s),
  (SELECT count(*) FROM profit_dirty WHERE shop_id = %(shop)s)
  FROM (SELECT count(DISTINCT product_id) FILTER (WHERE account = 'gmv') AS sold,
               sum(amount) FILTER (WHERE account = 'ad_spend') AS spend,
               sum(amount) FILTER (WHERE account = 'ad_spend' AND post_id IS NULL) AS loose
          FROM profit_daytotal
         WHERE shop_id = %(shop)s AND basis = %(basis)s AND day BETWEEN %(first)s AND %(last)s
           AND account IN ('gmv', 'ad_spend')) rollup,
       (SELECT count(*) AS count,
               count(*) FILTER (WHERE rows_total = settlement_amount) AS tied,
               count(*) FILTER (WHERE rows_total IS NULL) AS unread
          FROM profit_statement
         WHERE shop_id = %(shop)s AND business_day BETWEEN %(first)s AND %(last)s) statement
"""


def _facts(shop: Shop, basis: Basis, period: Period) -> _Facts:
    """All of them in one statement."""
    asked = {
        "shop": shop.pk,
        "basis": basis.value,
        "first": period.first,
        "last": period.last,
    }
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, asked)
        return _Facts(*cursor.fetchone())


def _statements(facts: _Facts) -> Check:
    label = "TikTok Shop statements"
    if not facts.statements:
        return Check(State.IDLE, label, "none in this period")
    fact = f"{facts.tied} of {facts.statements} tie"
    open_ones = facts.statements - facts.tied - facts.unread
    if open_ones:
        text = f"{open_ones} differ from the sum of their rows."
        return Check(State.WARN, label, fact, text, "profit:statements", "Compare")
    return Check(State.IDLE if facts.unread else State.OK, label, fact)


def _costs(sold: int, without: int) -> Check:
    label = "Unit costs for every product sold"
    if not sold:
        return Check(State.IDLE, label, "nothing sold")
    fact = f"{sold - without} of {sold}"
    if without:
        text = "Their goods are not in the profit below."
        return Check(State.WARN, label, fact, text, "profit:costs", "Enter costs")
    return Check(State.OK, label, fact)


def _unlisted(count: int) -> Check:
    if count:
        text = f"{count} statement rows hold an amount no listed fee explains."
        return Check(
            State.WARN, "Fees we do not know", "", text, "profit:statements", "Look at them"
        )
    return Check(State.OK, "Every fee is a known one")


def _ads_without_post(whole: Decimal, loose: Decimal) -> Check:
    label = "Ad spend by post"
    if not whole:
        return Check(State.IDLE, label, "no spend")
    share = (loose / whole * 100).quantize(Decimal(1))
    if not share:
        return Check(State.OK, label)
    return Check(State.IDLE, label, f"{share}% without a post", "GMV Max names no post for it.")


def _rates(shop: Shop, foreign: set[str]) -> list[Check]:
    missing = sorted(foreign - first_rate_days(shop.currency).keys()) if foreign else []
    return [
        Check(
            State.WARN,
            f"No exchange rate from {currency}",
            text=f"Amounts in {currency} wait until a rate into {shop.currency} is entered.",
        )
        for currency in missing
    ]


def _ad_accounts(shop: Shop, facts: _Facts, now: datetime) -> list[Check]:
    found = []
    local = now.astimezone(shop_zone(zone_or_utc(shop.timezone))).utcoffset()
    if any(now.astimezone(_offset(one)).utcoffset() != local for one in facts.offsets):
        found.append(
            Check(
                State.IDLE,
                "Ad days differ from shop days",
                text="Ad spend counts on the ad account's day, orders on the shop's.",
            )
        )
    if facts.homeless:
        label, fact = "Ad accounts without a shop", str(facts.homeless)
        found.append(Check(State.WARN, label, fact, "Nothing carries them."))
    return found


def _offset(minutes: int) -> timezone:
    return timezone(timedelta(minutes=minutes))


def _waiting(count: int) -> list[Check]:
    if not count:
        return []
    return [Check(State.IDLE, "Still being booked", f"{count:,} items")]
