"""Which ads a finding of the watchdog stops (AR7, N6)."""

from authorizations.rules.watch import OF_ONE_ACCOUNT, STATES, Kind

OF_CODES = ("", "AUTH_CODE")
"""Identities of ads that live by a code; others run by the account's own link."""


def must_stop(kind: Kind, *, identity_type: str, in_the_account: bool) -> bool:
    """Whether an ad on the post must not run on.

    A code that is gone from one ad account stops the ads that live by it there. What happens to
    the post itself stops every ad on it. More time for a code stops nothing.
    """
    if kind is Kind.EXTENDED:
        return False
    if kind in OF_ONE_ACCOUNT:
        return in_the_account and identity_type in OF_CODES
    return True


def asks_again(kind: Kind) -> bool:
    """Whether a pause that did not hold is asked for again: while TikTok says that the permission
    or the post is gone. After a lost link or a changed text a person may decide to go on."""
    return kind in STATES and kind is not Kind.LINK_LOST
