"""An organization that lets its people in by its provider only, and what counts as two factors."""

import time

import pytest
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import EmailAddress, Login
from allauth.mfa.app_settings import TOTP_PERIOD
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client as Browser
from django.test import RequestFactory

from sparkops import clock
from sparkops.accounts.models import User
from sparkops.audit.models import OrganizationEvent
from sparkops.audit.record import Actor
from sparkops.tenants import actions
from sparkops.tenants.models import Invitation, Membership, Organization
from sparkops.tenants.permissions import Role
from tests.factories.cast import make_user
from tests.sparkops.sso.conftest import PAGE, Company, by_password, is_in, text

pytestmark = pytest.mark.django_db
MEDIA, OWNER = "media@north.example", "owner@north.example"


def with_factor(user: User) -> str:
    """The secret of the person's new second factor."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // TOTP_PERIOD))


@pytest.fixture
def required(company: Company) -> Company:
    """Everybody has to come by the provider; one person has, and the owner has a second factor."""
    with_factor(company.cast.members["owner"])
    company.come("viewer@north.example")
    assert company.owner().post(f"{PAGE}require/", {"required": "yes"}).status_code == 302
    assert company.provider().is_required
    return company


def test_it_is_not_required_before_somebody_came_by_it(company: Company) -> None:
    with_factor(company.cast.members["owner"])
    answer = company.owner().post(f"{PAGE}require/", {"required": "yes"})
    assert answer.status_code == 422 and "Nobody has signed in with it yet" in text(answer)
    assert not company.provider().is_required


def test_the_owner_who_requires_it_needs_a_way_back(company: Company) -> None:
    company.come(MEDIA)
    answer = company.owner().post(f"{PAGE}require/", {"required": "yes"})
    assert answer.status_code == 422 and "Set up a second factor for yourself" in text(answer)
    assert not company.provider().is_required


def test_it_is_not_required_while_it_is_off(company: Company) -> None:
    company.come(MEDIA)
    with_factor(company.cast.members["owner"])
    owner = company.owner()
    owner.post(f"{PAGE}switch/", {"on": "no"})
    assert owner.post(f"{PAGE}require/", {"required": "yes"}).status_code == 422


def test_a_password_opens_nothing_any_more_and_the_provider_does(required: Company) -> None:
    browser, answer = by_password(MEDIA)
    assert answer.headers["Location"] == "/accounts/company/" and not is_in(browser)
    page = text(browser.get("/accounts/company/"))
    assert "North Agency asks you to sign in with North Okta." in page
    assert is_in(required.come(MEDIA, browser))


def test_a_passkey_opens_nothing_any_more(required: Company) -> None:
    """Not even an owner's: the way back is a password and then a second factor."""
    for person in (required.cast.members["media"], required.cast.members["owner"]):
        request = RequestFactory().post("/accounts/2fa/webauthn/login/")
        request.session = SessionStore()
        request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
        record_authentication(request, person, "mfa", type="webauthn", passwordless=True)
        answer = perform_login(request, Login(user=person))
        assert answer.headers["Location"] == "/accounts/company/"
        assert "_auth_user_id" not in request.session


def test_an_owner_comes_back_by_password_and_second_factor(required: Company) -> None:
    owner = required.cast.members["owner"]
    Authenticator.objects.filter(user=owner).delete()
    browser, answer = by_password(OWNER)
    assert answer.headers["Location"] == "/accounts/company/"  # no second factor, no way back
    secret = with_factor(owner)
    browser, answer = by_password(OWNER)
    assert answer.headers["Location"] == "/accounts/2fa/authenticate/" and not is_in(browser)
    browser.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert not is_in(browser)
    browser.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert is_in(browser) and browser.get(PAGE).status_code == 200


def test_a_second_factor_is_no_way_back_for_others(required: Company) -> None:
    with_factor(required.cast.members["media"])
    browser, answer = by_password(MEDIA)
    assert answer.headers["Location"] == "/accounts/company/" and not is_in(browser)


def test_an_owner_of_one_client_has_no_way_back(required: Company) -> None:
    person = make_user("peak@north.example")
    Membership.objects.create(
        user=person, organization=required.cast.agency, client=required.cast.sister,
        role=Role.OWNER, created_at=clock.now(),
    )  # fmt: skip
    with_factor(person)
    assert by_password("peak@north.example")[1].headers["Location"] == "/accounts/company/"


def test_people_of_other_domains_and_organizations_keep_their_password(required: Company) -> None:
    guest = make_user("guest@brand.example")
    Membership.objects.create(
        user=guest, organization=required.cast.agency, role=Role.VIEWER, created_at=clock.now()
    )
    make_user("former@north.example")  # an address of the domain, but no member
    for email in ("guest@brand.example", "stranger@other.example", "former@north.example"):
        assert is_in(by_password(email)[0]), email


def test_another_address_is_no_way_around_it(required: Company) -> None:
    """Who came by it once, and then made a private address their main one."""
    viewer = required.cast.members["viewer"]
    EmailAddress.objects.filter(user=viewer).update(email="vi@home.example")
    User.objects.filter(pk=viewer.pk).update(email="vi@home.example")
    browser, answer = by_password("vi@home.example")
    assert answer.headers["Location"] == "/accounts/company/" and not is_in(browser)
    required.openid.sign_in("viewer@north.example")
    assert is_in(required.come("viewer@north.example"))


def test_sessions_that_began_otherwise_end_at_once(company: Company) -> None:
    with_factor(company.cast.members["owner"])
    company.come("viewer@north.example")
    member, stranger, owner = Browser(), Browser(), company.owner()
    member.force_login(company.cast.members["media"])
    stranger.force_login(company.cast.stranger)
    for browser in (member, stranger, owner):
        assert is_in(browser)
    answer = owner.post(f"{PAGE}require/", {"required": "yes"}, follow=True)
    # Those of the member, of the viewer who came by it, and the one that the owner set it up in.
    assert "People of its domains come in by North Okta only. 3 sessions ended." in text(answer)
    assert [is_in(one) for one in (member, stranger, owner)] == [False, True, True]
    event = OrganizationEvent.objects.get(verb="single_sign_on.required")
    assert event.data == {"sessions_ended": 3}


def test_it_is_free_again(required: Company) -> None:
    owner = required.owner()
    assert "come in by North Okta only" in text(owner.get("/o/north/team/"))
    owner.post(f"{PAGE}require/", {"required": "no"})
    assert is_in(by_password(MEDIA)[0])
    owner.post(f"{PAGE}require/", {"required": "yes"})
    owner.post(f"{PAGE}switch/", {"on": "no"})
    assert is_in(by_password(MEDIA)[0])
    owner.post(f"{PAGE}switch/", {"on": "yes"})
    assert not required.provider().is_required


def test_an_invitation_is_accepted_by_the_provider_alone(
    required: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody with an account of their own follows the link while signed in by password."""
    make_user("new@north.example")
    owner = required.cast.members["owner"]
    monkeypatch.setattr(actions.secrets, "token_urlsafe", lambda _size: "the-secret")
    actions.invite(
        required.cast.agency, "new@north.example", Role.MEDIA, client=None,
        by=Actor("Ola Owner", owner.pk), inviter=owner, now=clock.now(),
    )  # fmt: skip
    browser, _ = by_password("new@north.example")
    answer = browser.post("/join/the-secret/")
    assert answer.status_code == 422
    assert "North Agency lets people in by North Okta only" in text(answer)
    assert Invitation.objects.get().accepted_at is None
    assert is_in(required.come("new@north.example"))
    assert Invitation.objects.get().accepted_at is not None


def test_owners_without_a_way_back_are_named(required: Company) -> None:
    owner = required.owner()
    assert "No way back yet" not in text(owner.get(PAGE))
    second = make_user("second@north.example")
    Membership.objects.create(
        user=second, organization=required.cast.agency, role=Role.OWNER, created_at=clock.now()
    )
    page = text(owner.get(PAGE))
    assert "No way back yet" in page and "second@north.example" in page


def test_the_provider_is_a_second_factor_only_by_the_word_of_an_owner(company: Company) -> None:
    Organization.objects.filter(pk=company.cast.agency.pk).update(second_factor_required=True)
    with_factor(company.cast.members["owner"])
    browser = company.come(MEDIA)
    assert browser.get("/c/glow/tasks/").headers["Location"] == "/accounts/2fa/"
    owner = company.owner()
    owner.post(f"{PAGE}factor/", {"counts": "yes"})
    assert browser.get("/c/glow/tasks/").status_code == 200
    other, _ = by_password(MEDIA)  # who came by a password still lacks one
    assert other.get("/c/glow/tasks/").headers["Location"] == "/accounts/2fa/"
    owner.post(f"{PAGE}factor/", {"counts": "no"})
    assert browser.get("/c/glow/tasks/").headers["Location"] == "/accounts/2fa/"
    verbs = company.verbs()
    assert verbs.index("single_sign_on.second_factor") < verbs.index(
        "single_sign_on.no_second_factor"
    )


def test_the_provider_of_one_organization_is_no_second_factor_of_another(company: Company) -> None:
    other = company.cast.foreign.organization
    Organization.objects.filter(pk=other.pk).update(second_factor_required=True)
    company.owner().post(f"{PAGE}factor/", {"counts": "yes"})
    browser = company.come(MEDIA)
    Membership.objects.create(
        user=company.cast.members["media"], organization=other, role=Role.VIEWER,
        created_at=clock.now(),
    )  # fmt: skip
    assert browser.get("/c/secret-brand/").headers["Location"] == "/accounts/2fa/"


def test_a_new_domain_of_a_required_provider_ends_its_sessions(required: Company) -> None:
    owner = required.cast.members["owner"]
    EmailAddress.objects.create(user=owner, email="ola@peak.example", verified=True)
    guest = make_user("guest@peak.example")
    Membership.objects.create(
        user=guest, organization=required.cast.agency, role=Role.VIEWER, created_at=clock.now()
    )
    browser, same = Browser(), required.come(MEDIA)
    browser.force_login(guest)
    assert is_in(browser) and is_in(same)
    assert required.set_up(secret="", domains="north.example peak.example").status_code == 302
    assert (is_in(browser), is_in(same)) == (False, True)
