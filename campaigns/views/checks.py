"""How the conditions of a launch are told on its pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LONGEST_FACT = 24
LABELS = {
    "flight": "Dates",
    "end_known": "End confirmed by TikTok",
    "cover": "Permission outlasts the ad",
    "agreed_cap": "Agreed cap or term",
    "days_left": "Days left on the permission",
    "post_public": "Post can be shown",
    "duration": "Length of the post",
    "music": "Sound cleared for ads",
    "hold": "Creator keeps the post up",
    "budget_currency": "Currency of the budget",
    "daily_minimum": "TikTok's minimum a day",
    "daily_cap": "Budget a day inside your limit",
    "total_cap": "Whole budget inside your limit",
    "break_even": "Target ROAS above break-even",
    "order_cost": "Expected cost of an order",
    "products": "Products",
    "posts": "Posts it may run",
    "primary_account": "Holds the shop's GMV Max right",
    "free_products": "Products in no other ad",
    "account_room": "Room in the ad account",
    "caption_locked": "Caption is locked",
    "privacy_locked": "Privacy is locked",
    "stops_early": "Paused before the end",
}
# TikTok's words of a post's music.
VALUES = {
    "WITHOUT_SONG_ID": "no song",
    "WITH_FULL_AUTHORIZATION": "licensed",
    "AUTHORIZATION_MISSING": "not licensed",
}


@dataclass(frozen=True)
class Told:
    """Checks as parts/checks.html takes them, blocking ones first, and how many block."""

    checks: Sequence[Mapping[str, str]]
    blocking: int


def told(checks: Sequence[Mapping[str, Any]]) -> Told:
    """The checks of `actions.launch.told_checks`, as they are now or as a launch kept them."""
    rows = [_row(check) for check in checks]
    order = ("bad", "warn", "idle", "ok")
    rows.sort(key=lambda row: order.index(row["state"]))
    return Told(rows, sum(row["state"] == "bad" for row in rows))


def _row(check: Mapping[str, Any]) -> dict[str, str]:
    """What passes is told by its label and value; everything else says why and what to do."""
    state, value = _state(check), str(check["value"])
    value = VALUES.get(value, value)
    return {
        "state": state,
        "label": LABELS.get(check["name"], check["name"].replace("_", " ").capitalize()),
        "fact": value if state in ("ok", "bad") and len(value) <= LONGEST_FACT else "",
        "text": "" if state == "ok" else check["sentence"],
    }


def _state(check: Mapping[str, Any]) -> str:
    if check.get("waits"):
        return "idle"
    if check["passed"]:
        return "ok"
    return "bad" if check["blocking"] else "warn"
