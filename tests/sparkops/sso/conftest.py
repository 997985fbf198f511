"""The cast's agency with a provider on loopback, and a browser that goes there and back."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from django.core.cache import cache
from django.test import Client as Browser

from sparkops.audit.models import OrganizationEvent
from sparkops.tenants.models import IdentityProvider
from tests.factories.cast import PASSWORD, Cast
from tests.openid_provider import CLIENT, SECRET, OpenIDProvider, running_provider

PAGE = "/o/north/team/single-sign-on/"


@pytest.fixture(autouse=True)
def loopback(settings: Any) -> None:
    settings.SSO_ON_PRIVATE_HOSTS = True
    cache.clear()  # counted calls of the test before


@pytest.fixture
def openid() -> Iterator[OpenIDProvider]:
    with running_provider() as found:
        yield found


@dataclass
class Company:
    """The agency, its provider's program, and what people see."""

    cast: Cast
    openid: OpenIDProvider
    last: Any = field(default=None)

    def owner(self) -> Browser:
        browser = Browser()
        browser.force_login(self.cast.members["owner"])
        return browser

    def set_up(self, browser: Browser | None = None, **changed: str) -> Any:
        return (browser or self.owner()).post(PAGE, self.values(**changed))

    def values(self, **changed: str) -> dict[str, str]:
        plain = {
            "name": "North Okta",
            "issuer": self.openid.issuer,
            "app_id": CLIENT,
            "secret": SECRET,
            "domains": "north.example",
        }
        return {**plain, **changed}

    def provider(self) -> IdentityProvider:
        return IdentityProvider.objects.get(organization=self.cast.agency)

    def leave(self, browser: Browser, email: str, **more: str) -> str:
        """Write an address on the page of company sign-in; where the browser is sent."""
        led = browser.post("/accounts/company/", {"email": email, **more})
        assert led.status_code == 200, text(led)
        left = browser.get(led.headers["Refresh"].removeprefix("0; url="))
        assert left.status_code == 302
        return str(left.headers["Location"])

    def back(self, there: str) -> str:
        """What the provider answers at that address: the path that leads back to us."""
        parts = urlsplit(httpx.get(there).headers["Location"])
        assert f"{parts.scheme}://{parts.netloc}" == "http://127.0.0.1:8000"
        return f"{parts.path}?{parts.query}"

    def come(self, email: str, browser: Browser | None = None, **more: str) -> Browser:
        """The whole way of a person whom the provider signs in; `last` is where it ends."""
        browser = browser or Browser()
        if self.openid.claims.get("email") != email:
            self.openid.sign_in(email)
        self.last = browser.get(self.back(self.leave(browser, email, **more)))
        return browser

    def verbs(self) -> list[str]:
        rows = OrganizationEvent.objects.filter(organization_id=self.cast.agency.pk)
        return list(rows.order_by("pk").values_list("verb", flat=True))


@pytest.fixture
def company(cast: Cast, openid: OpenIDProvider) -> Company:
    """The agency's provider is set up."""
    found = Company(cast, openid)
    assert found.set_up().status_code == 302
    return found


def text(answer: Any) -> str:
    return str(answer.content.decode())


def is_in(browser: Browser) -> bool:
    return browser.get("/accounts/sessions/").status_code == 200


def by_password(email: str, browser: Browser | None = None) -> tuple[Browser, Any]:
    browser = browser or Browser()
    return browser, browser.post("/accounts/login/", {"login": email, "password": PASSWORD})
