"""The creator's page, at `/c/<token>/`. A token has a dot, which no client's slug has."""

from django.urls import path, register_converter

from sparkops.portal.views import page, steps


class TokenConverter:
    """A secret and its signature."""

    regex = r"[A-Za-z0-9_-]{32}\.[0-9a-f]{16}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(TokenConverter, "token")
app_name = "portal"

urlpatterns = [
    path("c/<token:token>/", page.page, name="page"),
    path("c/<token:token>/agree/", steps.agree, name="agree"),
    path("c/<token:token>/code/", steps.code, name="code"),
    path("c/<token:token>/check/", page.check, name="check"),
    path("c/<token:token>/stop/", steps.stop, name="stop"),
    path("c/<token:token>/copy.pdf", page.copy, name="copy"),
]
