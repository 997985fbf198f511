"""Budgets as TikTok tells them of ad groups and campaigns (marketing contract 6)."""

from decimal import Decimal
from typing import Final

DAILY: Final = "BUDGET_MODE_DAY"


def own_budget(told: Decimal | None) -> Decimal | None:
    """The budget of a level, None where TikTok writes 0 because the level has none of its own."""
    return told or None


def span_of(mode: str) -> str:
    """What a budget of a mode is spent over."""
    return "a day" if mode == DAILY else "in all"
