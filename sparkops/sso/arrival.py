"""The steps of a sign-in after the provider's answer: let in, asked to confirm, or refused."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.http import HttpRequest, HttpResponse

from sparkops import clock
from sparkops.accounts.models import User
from sparkops.errors import Refusal
from sparkops.sso.admission import Identity, WorksElsewhereToo, admit, read_identity
from sparkops.tenants.models import IdentityProvider
from sparkops.web import pages

PENDING = "company_account_to_confirm"
LASTS = timedelta(minutes=10)


@dataclass(frozen=True)
class Pending:
    """Somebody who came by a provider and still has to show their password."""

    provider: IdentityProvider
    identity: Identity
    goes_on: str | None
    more: WorksElsewhereToo


def arrive(
    request: HttpRequest, key: str, told: Mapping[str, Any], goes_on: str | None
) -> HttpResponse:
    """Answer somebody whom the provider with this key sends back; `told` are its claims."""
    provider = _provider(key)
    try:
        identity = read_identity(told)
        user = admit(provider, identity, now=clock.now())
    except Refusal as refusal:
        return refused(request, refusal)
    except WorksElsewhereToo:
        request.session[PENDING] = {
            "key": key,
            "identity": asdict(identity),
            "goes_on": goes_on,
            "until": (clock.now() + LASTS).isoformat(),
        }
        return pages.redirect(request, "company-confirm")
    return _let_in(request, provider, identity, user, goes_on)


def pending(request: HttpRequest) -> Pending:
    """Who still has to confirm in this session. Raises Refusal when that is over."""
    noted = request.session.get(PENDING)
    if noted and clock.now() < datetime.fromisoformat(noted["until"]):
        provider, identity = _provider(noted["key"]), Identity(**noted["identity"])
        try:
            admit(provider, identity, now=clock.now())
        except WorksElsewhereToo as more:
            return Pending(provider, identity, noted["goes_on"], more)
    raise Refusal("over", "This sign-in is over. Begin again.")


def confirm(request: HttpRequest, waiting: Pending, password: str) -> HttpResponse | None:
    """Let the person in by the provider from now on, once the password is theirs; None for a wrong
    one. Raises ValidationError after too many wrong ones."""
    email = waiting.more.user.email
    known = get_adapter(request).authenticate(request, email=email, password=password)
    if known is None or known.pk != waiting.more.user.pk:
        return None
    user = admit(waiting.provider, waiting.identity, now=clock.now(), confirmed=True)
    del request.session[PENDING]
    return _let_in(request, waiting.provider, waiting.identity, user, waiting.goes_on)


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A page that says why nobody is signed in, and the ways that are left."""
    return pages.render(request, "sso/refused.html", {"refusal": refusal}, status=422)


def _let_in(
    request: HttpRequest,
    provider: IdentityProvider,
    identity: Identity,
    user: User,
    goes_on: str | None,
) -> HttpResponse:
    """Sign in as after a password: a second factor of the person's own is still asked for."""
    if request.user.is_authenticated:
        get_adapter(request).logout(request)
    record_authentication(
        request, user, "socialaccount", provider=provider.key, uid=identity.subject
    )
    return perform_login(request, user, redirect_url=goes_on)


def _provider(key: str) -> IdentityProvider:
    found = IdentityProvider.objects.select_related("organization").filter(key=key, is_on=True)
    provider = found.first()
    if provider is None:
        raise Refusal("is_off", "Single sign-on is off now. Sign in with your password.")
    return provider
