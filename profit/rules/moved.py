"""Why a month moved, in words: `9 orders settled, 2 refunds, fee rule of 2026-05-08`."""

from collections.abc import Iterable, Iterator, Mapping

from profit.rules.restatements import Reason

_WORDS = (
    (Reason.SETTLED, "order settled", "orders settled"),
    (Reason.REFUND, "refund", "refunds"),
    (Reason.UNIT_COST, "order with a new unit cost", "orders with a new unit cost"),
    (Reason.FX_RATE, "row at a new exchange rate", "rows at a new exchange rate"),
    (Reason.ADS, "ad day changed", "ad days changed"),
    (Reason.PAYMENT, "payment to a creator", "payments to creators"),
    (Reason.CUSTOM_COST, "custom cost", "custom costs"),
    (Reason.OTHER, "other change", "other changes"),
)


def reasons(things: Mapping[str, int], rules: Iterable[str]) -> str:
    """`things` counts subjects per `Reason`; `rules` names the fee rules followed now."""
    return ", ".join(_reasons(things, rules))


def _reasons(things: Mapping[str, int], rules: Iterable[str]) -> Iterator[str]:
    for reason, one, many in _WORDS:
        count = things.get(reason.value, 0)
        if count:
            yield f"{count:,} {one if count == 1 else many}"
    for rule in rules:
        yield f"fee rule of {rule.partition('@')[2]}"
