"""How the sign-in library is bound to the providers of organizations."""

from typing import Any

import structlog
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthError
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from sparkops.accounts import adapter
from sparkops.accounts.models import User
from sparkops.errors import Refusal
from sparkops.sso import ways
from sparkops.sso.actions import secret_of
from sparkops.sso.arrival import arrive, refused
from sparkops.sso.door import Door
from sparkops.tenants.models import IdentityProvider

log = structlog.get_logger(__name__)


class AccountAdapter(adapter.AccountAdapter):
    """Passwords and passkeys open nothing for who has to come by their company's provider."""

    def pre_login(self, request: HttpRequest, user: User, **told: Any) -> HttpResponse | None:
        return super().pre_login(request, user, **told) or ways.sent_to_provider(request, user)

    def post_login(self, request: HttpRequest, user: User, **told: Any) -> HttpResponse:
        ways.note_sign_in(request, user)
        return super().post_login(request, user, **told)


class CompanyOAuth2Adapter(OpenIDConnectOAuth2Adapter):
    """Speaks to a provider by what it said of itself when it was set up."""

    @property
    def openid_config(self) -> dict[str, Any]:
        return dict(self.get_provider().app.settings["discovery"])

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return return_address(self.provider_id)

    def get_access_token_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        found = super().get_access_token_data(*args, **kwargs)
        # The library leaves out the signature of a token that came over TLS; it is checked here.
        self.did_fetch_access_token = False
        return dict(found)


class CompanyProvider(OpenIDConnectProvider):
    """A provider of an organization."""

    oauth2_adapter_class = CompanyOAuth2Adapter


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Providers come from our own sealed rows; who comes in is decided here alone, so the library
    writes no accounts, tokens or links."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        found = IdentityProvider.objects.filter(key=provider or "", is_on=True)
        return [_app(one) for one in found]

    def get_provider(
        self, request: HttpRequest, provider: str, client_id: str | None = None
    ) -> CompanyProvider:
        return CompanyProvider(request, app=self.get_app(request, provider=provider))

    def get_requests_session(self) -> Door:
        return Door()

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        account, goes_on = sociallogin.account, sociallogin.get_redirect_url(request)
        try:
            answer = arrive(request, account.provider, account.extra_data, goes_on)
        except Refusal as refusal:
            answer = refused(request, refusal)
        raise ImmediateHttpResponse(answer)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: CompanyProvider,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        log.warning("sso.failed", key=provider.app.provider_id, kind=type(exception).__name__)
        raise ImmediateHttpResponse(refused(request, _failure(provider.name, error, exception)))


def return_address(key: str) -> str:
    """Where a provider sends people back to; it has to be registered there."""
    return settings.SITE_URL + reverse("company-returned", kwargs={"provider": key})


def _app(provider: IdentityProvider) -> SocialApp:
    """What the library knows of a provider, for this request only."""
    return SocialApp(
        provider=OpenIDConnectProvider.id,
        provider_id=provider.key,
        name=provider.name,
        client_id=provider.app_id,
        secret=secret_of(provider),
        settings={
            "server_url": provider.issuer,
            "discovery": provider.discovery,
            "fetch_userinfo": "userinfo_endpoint" in provider.discovery,
            "oauth_pkce_enabled": True,
        },
    )


def _failure(name: str, error: str | None, exception: Exception | None) -> Refusal:
    if error == AuthError.CANCELLED:
        return Refusal("cancelled", f"You stopped at {name}. Begin again when you want to.")
    if exception is None:
        return Refusal(
            "unknown_state",
            "This sign-in is over, was begun in another browser, or the provider refused it. Begin"
            " again.",
        )
    return Refusal(
        "no_answer",
        f"{name} gave no answer that could be trusted. Begin again; if that does not help, ask an"
        " owner of your organization to check single sign-on.",
    )
