"""Permissions, redemptions, usage terms, reminders and what the watchdog saw."""

from authorizations.models.authorization import Authorization, Transition
from authorizations.models.case import Case
from authorizations.models.fee import Fee
from authorizations.models.link import CreatorLink, LinkHandIn
from authorizations.models.redemption import Redemption
from authorizations.models.reminder import Reminder
from authorizations.models.terms import UsageTerms
from authorizations.models.terms_versions import TermsAcceptance, TermsTemplate, TermsVersion
from authorizations.models.watch import Finding, Sight

__all__ = [
    "Authorization",
    "Case",
    "CreatorLink",
    "Fee",
    "Finding",
    "LinkHandIn",
    "Redemption",
    "Reminder",
    "Sight",
    "TermsAcceptance",
    "TermsTemplate",
    "TermsVersion",
    "Transition",
    "UsageTerms",
]
