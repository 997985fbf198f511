"""What else stands in statements: adjustments, reserves and the known irregularities."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from sparkops.sandbox.world import Brand, StatementTransaction, World

# (type, days ago, amount, related to an order)
ADJUSTMENTS = (
    ("LOGISTICS_REIMBURSEMENT", 61, "12.50", True),
    ("PLATFORM_PENALTY", 47, "-15.00", False),
    ("SAMPLE_SHIPPING_FEE", 39, "-21.60", False),
    ("GMV_PAYMENT_FOR_ADS", 26, "-140.00", False),
    ("CHARGE_BACK", 19, "-28.00", True),
    ("SELLER_GROWTH_BONUS", 12, "9.00", False),
    ("SAMPLE_SHIPPING_FEE", 6, "-13.20", False),
)
RESERVED_DAYS_AGO = 30
RELEASED_AFTER = timedelta(days=21)


def add_adjustments(world: World, brand: Brand) -> None:
    rows = [
        row
        for row in world.statement_rows.values()
        if row.shop_id == brand.shop_id and row.settled_at < world.started_at
    ]
    if not rows:
        return
    for kind, days_ago, amount, with_order in ADJUSTMENTS:
        if kind == "GMV_PAYMENT_FOR_ADS" and brand.market != "US":
            continue
        order_id = rows[(days_ago * 7) % len(rows)].order_id if with_order else ""
        _add(
            world,
            brand,
            kind,
            days_ago,
            adjustment=Decimal(amount),
            adjustment_id=world.new_id("adjustment"),
            adjustment_order_id=order_id,
        )
    if brand.market in {"US", "GB"}:
        _add_reserve(world, brand, rows[len(rows) // 2].order_id)
    _add_irregularities(world, brand, rows)


def _add(
    world: World, brand: Brand, kind: str, days_ago: float, **fields: object
) -> StatementTransaction:
    row = StatementTransaction(
        id=world.new_id("statement_row"),
        shop_id=brand.shop_id,
        type=kind,
        settled_at=(world.started_at - timedelta(days=days_ago)).replace(microsecond=0),
        **fields,  # type: ignore[arg-type]
    )
    world.statement_rows[row.id] = row
    return row


def _add_reserve(world: World, brand: Brand, order_id: str) -> None:
    """Withheld, and released three weeks later."""
    reserve_id = world.new_id("reserve")
    withheld = world.started_at - timedelta(days=RESERVED_DAYS_AGO)
    for days_ago, amount, status in (
        (RESERVED_DAYS_AGO, "-25.00", "COLLECTED"),
        (RESERVED_DAYS_AGO - RELEASED_AFTER.days, "25.00", "RELEASED"),
    ):
        _add(
            world,
            brand,
            "RESERVE",
            days_ago,
            reserve=Decimal(amount),
            reserve_id=reserve_id,
            reserve_status=status,
            associated_order_id=order_id,
            release_at=withheld + RELEASED_AFTER,
        )


def _add_irregularities(world: World, brand: Brand, rows: list[StatementTransaction]) -> None:
    """An unlisted fee on two rows; in the German shop a statement that does not add up."""
    for row in rows[5:200:97]:
        row.unlisted_fee = Decimal("-0.30")
    if brand.market == "DE" and len(rows) > 100:
        day = rows[100].settled_at.date().isoformat()
        world.shops[brand.shop_id].statement_errors[day] = Decimal("0.37")
