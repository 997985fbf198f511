"""An owner sets the provider up: what is refused, what is kept secret, what the log says."""

import logging
import socket
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client as Browser

from sparkops import clock
from sparkops.audit.models import OrganizationEvent
from sparkops.sso.actions import secret_of
from sparkops.tenants.models import CompanyAccount, CompanyDomain, IdentityProvider, Membership
from sparkops.tenants.permissions import Role
from tests.factories.cast import Cast
from tests.openid_provider import CLIENT, SECRET, OpenIDProvider
from tests.sparkops.sso.conftest import PAGE, Company, is_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def fresh(cast: Cast, openid: OpenIDProvider) -> Company:
    """Nothing is set up yet."""
    return Company(cast, openid)


def refusal(company: Company, **changed: str) -> str:
    """Why it is not saved."""
    answer = company.set_up(**changed)
    assert answer.status_code == 422
    return text(answer)


def test_the_page_says_what_to_register_before_there_is_a_provider(fresh: Company) -> None:
    before = text(fresh.owner().get(PAGE))
    assert fresh.set_up().status_code == 302
    address = f"http://127.0.0.1:8000/accounts/oidc/{fresh.provider().key}/login/callback/"
    assert address in before and address in text(fresh.owner().get(PAGE))


def test_only_owners_set_it_up(fresh: Company) -> None:
    for role in Role:
        browser = Browser()
        browser.force_login(fresh.cast.members[role.value])
        status = browser.get(PAGE).status_code
        assert status == (200 if role == Role.OWNER else 403), role


def test_what_is_set_up_is_read_once_and_logged(fresh: Company) -> None:
    assert fresh.set_up(domains="@North.example").status_code == 302
    assert [path for path, _ in fresh.openid.asked] == ["/.well-known/openid-configuration"]
    event = OrganizationEvent.objects.get()
    assert (event.verb, event.label) == ("single_sign_on.set_up", "North Okta")
    assert event.data == {
        "issuer": fresh.openid.issuer,
        "domains": ["north.example"],
        "secret": "changed",
    }
    page = text(fresh.owner().get("/o/north/team/"))
    assert "People may sign in with North Okta." in page


def test_the_secret_is_sealed_and_never_shown_or_logged(
    fresh: Company, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    pages = [text(fresh.set_up()), text(fresh.owner().get(PAGE))]
    pages.append(refusal(fresh, issuer="https://nowhere.invalid"))
    fresh.come("media@north.example")
    fresh.openid.lasts = -60
    fresh.come("media@north.example")
    assert secret_of(fresh.provider()) == SECRET
    with connection.cursor() as cursor:
        for table in ("tenants_identityprovider", "audit_organizationevent", "django_session"):
            cursor.execute(f"SELECT {table}::text FROM {table}")
            assert not any(SECRET in row for [row] in cursor.fetchall()), table
    assert not any(SECRET in page for page in pages)
    assert SECRET not in caplog.text


def test_an_empty_secret_keeps_the_old_one_for_the_same_provider_alone(company: Company) -> None:
    assert company.set_up(secret="", name="Okta").status_code == 302
    assert (company.provider().name, secret_of(company.provider())) == ("Okta", SECRET)
    asked = len(company.openid.asked)
    told = refusal(company, secret="", issuer=company.openid.issuer.replace("127.0.0.1", "[::1]"))
    assert "Another provider needs a secret of its own" in told
    assert len(company.openid.asked) == asked


def test_the_first_time_needs_a_secret(fresh: Company) -> None:
    assert "Fill in “Client secret”." in refusal(fresh, secret="")
    assert not IdentityProvider.objects.exists()


def test_another_provider_knows_nobody_yet(company: Company) -> None:
    company.come("media@north.example")
    assert CompanyAccount.objects.count() == 1
    company.openid.of_configuration = {"issuer": f"{company.openid.issuer}/"}
    assert company.set_up(issuer=f"{company.openid.issuer}/").status_code == 302
    assert CompanyAccount.objects.count() == 0


def test_a_domain_needs_an_owner_who_has_an_address_there(fresh: Company) -> None:
    told = refusal(fresh, domains="north.example, other.example")
    assert "No owner has a confirmed e-mail address at other.example" in told
    owner = fresh.cast.members["owner"]
    further = EmailAddress.objects.create(user=owner, email="ola@peak.example", verified=False)
    assert "at peak.example" in refusal(fresh, domains="peak.example")
    EmailAddress.objects.filter(pk=further.pk).update(verified=True)
    assert fresh.set_up(domains="peak.example north.example").status_code == 302
    assert {one.name for one in CompanyDomain.objects.all()} == {"north.example", "peak.example"}
    assert fresh.set_up(domains="north.example").status_code == 302
    assert [one.name for one in CompanyDomain.objects.all()] == ["north.example"]


def test_a_domain_where_anybody_has_an_address_is_refused(fresh: Company) -> None:
    owner = fresh.cast.members["owner"]
    EmailAddress.objects.create(user=owner, email="ola@gmail.com", verified=True)
    assert "Anybody may have an address at gmail.com" in refusal(fresh, domains="gmail.com")
    for word in ("north", "http://north.example", "a b.example", ",", "north.example/x"):
        assert fresh.set_up(domains=word).status_code == 422, word
    assert not IdentityProvider.objects.exists()


def test_two_organizations_do_not_speak_for_one_domain(company: Company) -> None:
    other = company.cast.foreign.organization
    Membership.objects.create(
        user=company.cast.members["owner"], organization=other, role=Role.OWNER,
        created_at=clock.now(),
    )  # fmt: skip
    answer = company.owner().post("/o/other/team/single-sign-on/", company.values())
    assert answer.status_code == 422
    assert "People of north.example sign in with the provider of another organi" in text(answer)


PRIVATE = ("127.0.0.1", "10.1.2.3", "169.254.169.254", "[::1]", "[fc00::1]", "[::ffff:10.0.0.1]")


@pytest.mark.parametrize("host", PRIVATE)
def test_a_private_address_is_refused(fresh: Company, settings: Any, host: str) -> None:
    settings.SSO_ON_PRIVATE_HOSTS = False
    told = refusal(fresh, issuer=f"https://{host}:{fresh.openid.port}")
    assert "in a private network" in told
    assert fresh.openid.asked == []


def test_an_address_without_tls_is_refused(fresh: Company, settings: Any) -> None:
    settings.SSO_ON_PRIVATE_HOSTS = False
    for issuer in ("http://login.example.com", "login.example.com", "https://", "https://a:b@c.de"):
        assert "begins with https://" in refusal(fresh, issuer=issuer), issuer


def test_a_name_that_leads_into_our_network_is_refused(
    fresh: Company, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when only one of its addresses does."""
    settings.SSO_ON_PRIVATE_HOSTS = False

    def getaddrinfo(host: str, port: int, **_named: Any) -> list[Any]:
        both = ("93.184.216.34", "10.0.0.1")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in both]

    monkeypatch.setattr("sparkops.network.socket.getaddrinfo", getaddrinfo)
    assert "login.example.com is in a private network" in refusal(
        fresh, issuer="https://login.example.com"
    )


def test_a_provider_that_moved_into_our_network_is_not_called_at_sign_in(
    company: Company, settings: Any
) -> None:
    """The address was judged when it was set up, and is judged again at every call."""
    company.openid.sign_in("media@north.example")
    browser = Browser()
    way = company.back(company.leave(browser, "media@north.example"))
    settings.SSO_ON_PRIVATE_HOSTS = False
    asked = len(company.openid.asked)
    assert "no answer that could be trusted" in text(browser.get(way))
    assert not is_in(browser) and len(company.openid.asked) == asked


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"issuer": "https://evil.example"}, "calls itself https://evil.example"),
        ({"jwks_uri": None}, "does not say its jwks_uri"),
        ({"token_endpoint": "ftp://127.0.0.1/"}, "token_endpoint does not begin with https://"),
    ],
)
def test_a_configuration_that_does_not_fit_is_refused(
    fresh: Company, said: dict[str, Any], sentence: str
) -> None:
    fresh.openid.of_configuration = said
    assert sentence in refusal(fresh)


def test_an_address_without_a_configuration_is_refused(
    fresh: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "no server named nowhere.invalid" in refusal(fresh, issuer="https://nowhere.invalid")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        away = f"http://127.0.0.1:{taken.getsockname()[1]}"
        assert "does not answer" in refusal(fresh, issuer=away)
    monkeypatch.setattr(fresh.openid, "configuration", lambda: ["no", "object"])
    assert "There is no OpenID configuration" in refusal(fresh)
    monkeypatch.setattr(fresh.openid, "configuration", lambda: {"x": "x" * 1_100_000})
    assert "too long" in refusal(fresh)


def test_a_provider_is_switched_and_removed(company: Company) -> None:
    owner = company.owner()
    company.come("media@north.example")
    owner.post(f"{PAGE}switch/", {"on": "no"})
    assert "North Okta is switched off." in text(owner.get("/o/north/team/"))
    owner.post(f"{PAGE}switch/", {"on": "yes"})
    assert company.provider().is_on
    owner.post(f"{PAGE}remove/")
    assert not IdentityProvider.objects.exists() and not CompanyDomain.objects.exists()
    assert owner.post(f"{PAGE}remove/").status_code == 404
    assert [verb for verb in company.verbs() if verb.startswith("single")] == [
        "single_sign_on.set_up",
        "single_sign_on.switched_off",
        "single_sign_on.switched_on",
        "single_sign_on.removed",
    ]


def test_what_the_provider_is_called_with_comes_from_what_was_read(company: Company) -> None:
    """A sign-in reads no configuration again, so a provider cannot move it in silence."""
    company.openid.of_configuration = {"token_endpoint": "http://127.0.0.1:1/token"}
    assert is_in(company.come("media@north.example"))
    paths = [path for path, _ in company.openid.asked]
    assert paths.count("/.well-known/openid-configuration") == 1
    assert CLIENT in dict(company.openid.asked)["/authorize"]["client_id"]
