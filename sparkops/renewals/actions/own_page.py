"""Making the creator's own page for a message that leaves."""

from datetime import datetime

from authorizations.actions.links import link_of_message
from sparkops.audit.record import Actor
from sparkops.renewals.models import Ask
from sparkops.renewals.queries.own_page import name_of, terms_for
from sparkops.renewals.rules.messages import ADDRESS


def open_page(ask: Ask, *, by: Actor, now: datetime) -> None:
    """Let the address in the message work; again and again it is the same link."""
    post, template = ask.authorization.post, terms_for(ask)
    if ADDRESS not in f"{ask.subject}{ask.text}" or post is None or template is None:
        return
    link_of_message(name_of(ask), post, template, language=ask.language, by=by, now=now)
