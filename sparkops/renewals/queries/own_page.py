"""The creator's own page in a message: whether there is one, and how its address is told.

The address is a secret that is stored nowhere: a message holds a mark in its place, and the address
follows from which message it is.
"""

from authorizations.actions.links import url_of_message
from authorizations.models import TermsAcceptance, TermsTemplate
from sparkops.renewals.models import Ask
from sparkops.renewals.rules.messages import ADDRESS

STAND_IN = "https://…"


def client_has_terms() -> bool:
    """Whether the client has terms that a creator's page can show."""
    return TermsTemplate.objects.exclude(versions=None).exists()


def terms_for(ask: Ask) -> TermsTemplate | None:
    """The terms that the creator accepted last, else the client's newest; None without any."""
    accepted = (
        TermsAcceptance.objects.filter(creator=ask.creator_id)
        .select_related("version__template")
        .order_by("-accepted_at", "-pk")
        .first()
    )
    if accepted is not None:
        return accepted.version.template
    return newest_terms()


def newest_terms() -> TermsTemplate | None:
    """The client's newest published terms, which a creator without earlier ones is asked for."""
    published = TermsTemplate.objects.exclude(versions=None)
    return published.order_by("-created_at", "-pk").first()


def name_of(ask: Ask) -> str:
    """The name of a message among the client's, from which its address follows."""
    return f"renewals.ask:{ask.pk}"


def to_send(ask: Ask, text: str) -> str:
    """A text of the message as the creator reads it."""
    return text.replace(ADDRESS, url_of_message(name_of(ask))) if ADDRESS in text else text


def to_show(text: str) -> str:
    """A text of a message as everybody else reads it."""
    return text.replace(ADDRESS, STAND_IN)
