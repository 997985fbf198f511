"""Permissions, redemptions, usage terms and reminders."""

from authorizations.models.authorization import Authorization, Transition
from authorizations.models.redemption import Redemption
from authorizations.models.reminder import Reminder
from authorizations.models.terms import UsageTerms

__all__ = ["Authorization", "Redemption", "Reminder", "Transition", "UsageTerms"]
