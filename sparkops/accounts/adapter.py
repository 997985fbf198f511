"""How the sign-in library is bound to SparkOps."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up only with an invitation: the invitation page notes its e-mail in the session."""

    SIGN_UP_EMAIL = "invited_email"

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(request.session.get(self.SIGN_UP_EMAIL))

    def clean_email(self, email: str) -> str:
        return super().clean_email(email).lower()
