"""How the sign-in library is bound to SparkOps."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from sparkops.web.requests import address_of


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up only with an invitation: the invitation page notes its e-mail in the session."""

    SIGN_UP_EMAIL = "invited_email"

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(request.session.get(self.SIGN_UP_EMAIL))

    def clean_email(self, email: str) -> str:
        return super().clean_email(email).lower()

    def get_client_ip(self, request: HttpRequest) -> str:
        """Whom limits count and sessions show. Without this, everybody behind our proxy would be
        one address that shares its limits."""
        return address_of(request) or super().get_client_ip(request)
