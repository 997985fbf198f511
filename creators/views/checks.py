"""Conditions of the rules of approval in people's words."""

from decimal import Decimal
from typing import Any

from creators.models import Sample
from creators.rules.approval import LABELS
from sparkops.web import formats

STATES = {"ok": "ok", "near": "warn", "unknown": "warn", "full": "warn", "short": "bad"}
WORDS = {
    "near": "Misses by little: borderline.",
    "unknown": "TikTok did not say.",
    "full": "The cap is used up.",
}
_RATES = ("fulfilment",)
_MOST = ("price", "day_cap", "week_cap", "month_quota")


def shown_checks(sample: Sample) -> list[dict[str, Any]]:
    """The conditions for parts/checks.html: what was found, and what was asked."""
    return [
        {
            "state": STATES.get(check["result"], "idle"),
            "label": LABELS.get(check["name"], check["name"]),
            "fact": _fact(check),
            "text": WORDS.get(check["result"], ""),
        }
        for check in sample.checks
    ]


def _fact(check: dict[str, str]) -> str:
    if check["name"] == "obstacle":
        return check["value"]
    value, bound = (_number(check["name"], check[key]) for key in ("value", "threshold"))
    asked = "at most" if check["name"] in _MOST else "at least"
    return f"{value}, {asked} {bound}"


def _number(name: str, text: str) -> str:
    if not text:
        return "unknown"
    number = Decimal(text)
    if name in _RATES:
        return formats.percent(number)
    return formats.integer(int(number)) if number == int(number) else formats.number(number, 2)
