"""Signing in by a company's provider: who comes in, who does not, and what must not fool us."""

import base64
import hmac
import json
import time
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client as Browser

from sparkops import clock
from sparkops.accounts.models import User
from sparkops.audit.models import OrganizationEvent
from sparkops.audit.record import Actor
from sparkops.tenants.actions import invite, remove_member
from sparkops.tenants.models import CompanyAccount, Invitation, Membership
from sparkops.tenants.permissions import Role
from tests.factories.cast import PASSWORD, make_user
from tests.openid_provider import CLIENT
from tests.sparkops.sso.conftest import Company, is_in, text

pytestmark = pytest.mark.django_db
MEDIA = "media@north.example"
BY = Actor("Ola Owner", 1)


def invited(company: Company, email: str, role: Role = Role.MEDIA) -> Invitation:
    owner = company.cast.members["owner"]
    return invite(
        company.cast.agency, email, role, client=None, by=BY, inviter=owner, now=clock.now()
    )


def refusal(company: Company, email: str, **more: Any) -> str:
    """Why the person who comes is not signed in; nobody is made and nothing is linked."""
    people = User.objects.count()
    company.openid.sign_in(email, **more)
    browser = company.come(email)
    assert company.last.status_code == 422
    assert not is_in(browser)
    assert User.objects.count() == people
    assert not CompanyAccount.objects.exists()
    return text(company.last)


def test_a_member_is_signed_in_and_the_log_says_by_what(company: Company) -> None:
    browser = company.come(MEDIA, next="/c/glow/tasks/")
    assert (company.last.status_code, company.last.headers["Location"]) == (302, "/c/glow/tasks/")
    assert browser.get("/c/glow/tasks/").status_code == 200
    event = OrganizationEvent.objects.get(verb="member.signed_in")
    assert (event.organization_id, event.label) == (company.cast.agency.pk, MEDIA)
    assert (event.actor, event.data) == ("Media buyer North", {"by": "North Okta"})
    account = CompanyAccount.objects.get()
    assert (account.user.email, account.subject) == (MEDIA, f"id-of-{MEDIA}")
    assert "This one" in text(browser.get("/accounts/sessions/"))


def test_the_library_keeps_neither_accounts_nor_tokens_nor_secrets(company: Company) -> None:
    company.come(MEDIA)
    for table in (SocialApp, SocialAccount, SocialToken):
        assert table.objects.count() == 0


def test_the_request_says_what_the_specification_asks_for(company: Company) -> None:
    there = urlsplit(company.leave(Browser(), MEDIA))
    asked = {name: values for name, [values] in parse_qs(there.query).items()}
    assert there.path == "/authorize"
    assert (asked["response_type"], asked["client_id"]) == ("code", CLIENT)
    assert set(asked["scope"].split()) == {"openid", "profile", "email"}
    assert asked["code_challenge_method"] == "S256" and len(asked["code_challenge"]) == 43
    assert asked["login_hint"] == MEDIA
    key = company.provider().key
    assert asked["redirect_uri"] == f"http://127.0.0.1:8000/accounts/oidc/{key}/login/callback/"
    assert "north" not in key


def test_wishes_in_the_address_change_nothing_of_the_request(company: Company) -> None:
    """The library's own page would take scopes and parameters from whoever made the link."""
    wishes = "?scope=admin&auth_params=redirect_uri%3Dhttps%3A%2F%2Fevil.example&process=connect"
    way = f"/accounts/oidc/{company.provider().key}/login/{wishes}"
    there = Browser().get(way).headers["Location"]
    assert "evil" not in there and "admin" not in there


def test_nobody_is_sent_to_a_page_of_somebody_else_afterwards(company: Company) -> None:
    company.come(MEDIA, next="https://evil.example/")
    assert company.last.headers["Location"] == "/"


def test_an_address_without_a_provider_is_told_so(company: Company) -> None:
    answer = Browser().post("/accounts/company/", {"email": "sam@other.example"})
    assert answer.status_code == 422
    assert "Nobody has set up single sign-on for other.example" in text(answer)
    assert "North" not in text(answer)


def test_an_unconfirmed_address_is_refused(company: Company) -> None:
    for word in (False, None, "false", 1):
        told = refusal(company, MEDIA, email_verified=word)
        assert "has not confirmed that media@north.example is yours" in told
    company.openid.sign_in(MEDIA, email_verified="true")  # the word, as some providers write it
    assert is_in(company.come(MEDIA))


def test_an_answer_without_an_address_is_refused(company: Company) -> None:
    company.openid.sign_in(MEDIA)
    del company.openid.claims["email"]
    browser = Browser()
    answer = browser.get(company.back(company.leave(browser, MEDIA)))
    assert "did not tell your e-mail address" in text(answer) and not is_in(browser)


def test_a_foreign_domain_is_refused_though_the_person_is_a_member(company: Company) -> None:
    guest = make_user("guest@other.example")
    Membership.objects.create(
        user=guest, organization=company.cast.agency, role=Role.OWNER, created_at=clock.now()
    )
    company.openid.sign_in("guest@other.example")
    browser = Browser()
    answer = browser.get(company.back(company.leave(browser, MEDIA)))
    assert "does not speak for guest@other.example" in text(answer) and not is_in(browser)


def test_an_unknown_person_is_refused_and_no_account_is_made(company: Company) -> None:
    told = refusal(company, "new@north.example")
    assert "Nobody has invited new@north.example to North Agency" in told


def test_whoever_was_removed_is_refused(company: Company) -> None:
    remove_member(Membership.objects.get(user__email=MEDIA), by=BY, now=clock.now())
    assert "Nobody has invited" in refusal(company, MEDIA)


def test_the_support_does_not_come_by_a_customer_s_provider(company: Company) -> None:
    User.objects.filter(email=MEDIA).update(is_staff=True)
    assert "The support signs in with its password" in refusal(company, MEDIA)


def test_an_invited_person_joins_by_it(company: Company) -> None:
    invited(company, "new@north.example")
    browser = company.come("new@north.example")
    assert company.last.status_code == 302 and is_in(browser)
    new = User.objects.get(email="new@north.example")
    assert (new.name, new.has_usable_password()) == ("Nora North", False)
    assert EmailAddress.objects.get(user=new).verified
    assert Membership.objects.get(user=new).role == Role.MEDIA
    assert browser.get("/c/glow/campaigns/").status_code == 200
    assert company.verbs()[-2:] == ["member.joined", "member.signed_in"]
    assert is_in(company.come("new@north.example"))  # and the next day
    assert User.objects.filter(email="new@north.example").count() == 1


def test_the_page_of_an_invitation_leads_to_the_provider(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = iter(["one", "two"])
    monkeypatch.setattr("sparkops.tenants.actions.secrets.token_urlsafe", lambda _: next(words))
    invited(company, "new@north.example")
    page = text(Browser().get("/join/one/"))
    assert "Sign in with North Okta as new@north.example" in page
    assert "Use a password instead" in page
    invited(company, "guest@brand.example")
    assert "North Okta" not in text(Browser().get("/join/two/"))


def test_an_invitation_that_has_ended_lets_nobody_in(company: Company) -> None:
    late = invited(company, "late@north.example")
    Invitation.objects.filter(pk=late.pk).update(expires_at=clock.now() - timedelta(minutes=1))
    gone = invited(company, "gone@north.example")
    Invitation.objects.filter(pk=gone.pk).update(revoked_at=clock.now())
    for email in ("late@north.example", "gone@north.example"):
        assert "Nobody has invited" in refusal(company, email)


def test_a_password_that_a_stranger_set_before_opens_nothing_afterwards(company: Company) -> None:
    """Somebody signed up with the address without confirming it, and waits."""
    squatter = make_user("new@north.example")
    EmailAddress.objects.filter(user=squatter).update(verified=False)
    invited(company, "new@north.example")
    assert is_in(company.come("new@north.example"))
    browser = Browser()
    browser.post("/accounts/login/", {"login": "new@north.example", "password": PASSWORD})
    assert not is_in(browser)


def test_a_further_address_of_somebody_else_is_no_way_in(company: Company) -> None:
    EmailAddress.objects.create(
        user=company.cast.stranger, email="sam@north.example", verified=True, primary=False
    )
    invited(company, "sam@north.example")
    told = refusal(company, "sam@north.example")
    assert "is a further address of an account with another main one" in told


def test_another_person_at_the_provider_does_not_inherit_an_account(company: Company) -> None:
    """An address that was given to somebody new has another id there."""
    company.come(MEDIA)
    company.openid.sign_in(MEDIA, subject="somebody-new")
    browser = company.come(MEDIA)
    assert "is another one than media@north.example came with" in text(company.last)
    assert not is_in(browser)
    remove_member(Membership.objects.get(user__email=MEDIA), by=BY, now=clock.now())
    invited(company, MEDIA)
    company.openid.sign_in(MEDIA, subject="somebody-new")
    assert is_in(company.come(MEDIA))


def test_a_person_keeps_their_account_under_another_address(company: Company) -> None:
    """Married: the provider's id is the same, and nobody else has the new address."""
    company.come(MEDIA)
    company.openid.sign_in("nora@north.example", subject=f"id-of-{MEDIA}")
    browser = company.come("nora@north.example")
    assert MEDIA in text(browser.get("/accounts/email/"))
    company.come("viewer@north.example")
    company.openid.sign_in("viewer@north.example", subject=f"id-of-{MEDIA}")
    assert not is_in(company.come("viewer@north.example"))


def test_a_second_factor_of_one_s_own_is_still_asked_for(company: Company) -> None:
    person = company.cast.members["media"]
    Authenticator.objects.create(user=person, type="totp", data={"secret": "x"})
    browser = company.come(MEDIA)
    assert company.last.headers["Location"] == "/accounts/2fa/authenticate/"
    assert not is_in(browser)
    assert "member.signed_in" not in company.verbs()


def test_a_wrong_state_is_refused(company: Company) -> None:
    company.openid.sign_in(MEDIA)
    browser = Browser()
    way = company.back(company.leave(browser, MEDIA))
    forged = way.replace(parse_qs(urlsplit(way).query)["state"][0], "x" * 16)
    answer = browser.get(forged)
    assert "begun in another browser" in text(answer) and not is_in(browser)
    other = Browser()
    assert "begun in another browser" in text(other.get(way)) and not is_in(other)
    assert browser.get(way).status_code == 302 and is_in(browser)
    assert browser.get(way).status_code == 422  # an answer works once


def token_calls(company: Company) -> int:
    return sum(path == "/token" for path, _ in company.openid.asked)


def test_a_code_of_another_sign_in_is_worth_nothing(company: Company) -> None:
    """The proof that belongs to the code (PKCE) stays in the session that began."""
    company.openid.sign_in(MEDIA)
    thief, owner = Browser(), Browser()
    stolen = company.back(company.leave(owner, MEDIA))
    own = company.back(company.leave(thief, MEDIA))
    code = parse_qs(urlsplit(stolen).query)["code"][0]
    state = parse_qs(urlsplit(own).query)["state"][0]
    answer = thief.get(f"{urlsplit(own).path}?state={state}&code={code}")
    assert "no answer that could be trusted" in text(answer) and not is_in(thief)
    assert token_calls(company) == 1


def test_tokens_that_are_not_right_are_refused(company: Company) -> None:
    company.openid.sign_in(MEDIA)
    wrong: list[dict[str, Any]] = [
        {"lasts": -60},
        {"signs_with": generate_private_key(65537, 2048)},
        {"of_token": {"aud": "another-program"}},
        {"of_token": {"iss": "https://evil.example"}},
        {"of_info": {"sub": "another-person"}},
    ]
    right = {"lasts": 300, "signs_with": None, "of_token": {}, "of_info": {}}
    for fault in wrong:
        for name, value in {**right, **fault}.items():
            setattr(company.openid, name, value)
        browser = company.come(MEDIA)
        assert company.last.status_code == 422 and not is_in(browser), fault
    for name, value in right.items():
        setattr(company.openid, name, value)
    assert is_in(company.come(MEDIA))


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_token_that_anybody_could_make_is_refused(
    company: Company, monkeypatch: Any, algorithm: str
) -> None:
    """Without a signature, or signed with the public key as if it were a password."""
    company.openid.sign_in(MEDIA)
    about = {"iss": company.openid.issuer, "aud": CLIENT, "exp": int(time.time()) + 60}
    parts = ({"alg": algorithm, "kid": "one"}, {**company.openid.claims, **about})
    words = b".".join(encoded(json.dumps(one).encode()) for one in parts)
    public = company.openid.key.public_key().public_bytes(Encoding.DER, PublicFormat.PKCS1)
    made = hmac.digest(public, words, "sha256") if algorithm == "HS256" else b""
    answer = {"access_token": "access-1", "id_token": f"{words.decode()}.{encoded(made).decode()}"}
    monkeypatch.setattr(company.openid, "token", lambda *_: (200, answer))
    assert not is_in(company.come(MEDIA))
    assert company.last.status_code == 422


def encoded(content: bytes) -> bytes:
    return base64.urlsafe_b64encode(content).rstrip(b"=")


def test_an_id_that_is_too_long_is_refused(company: Company) -> None:
    company.openid.sign_in(MEDIA, subject="x" * 192)
    assert not is_in(company.come(MEDIA))
    assert company.last.status_code == 422


def test_whoever_comes_takes_the_place_of_whoever_was_signed_in(company: Company) -> None:
    browser = company.come("viewer@north.example")
    company.come(MEDIA, browser)
    page = text(browser.get("/accounts/email/"))
    assert MEDIA in page and "viewer@north.example" not in page


@pytest.mark.parametrize("answer", [{"access_token": "access-1"}, {}, {"id_token": "x"}])
def test_half_an_answer_is_refused(company: Company, monkeypatch: Any, answer: Any) -> None:
    monkeypatch.setattr(company.openid, "token", lambda *_: (200, answer))
    assert not is_in(company.come(MEDIA))
    assert company.last.status_code == 422


def test_who_stops_at_the_provider_is_told_so(company: Company) -> None:
    company.openid.refuses = "access_denied"
    company.come(MEDIA)
    assert "You stopped at North Okta" in text(company.last)


def test_a_provider_that_is_off_leads_nowhere(company: Company) -> None:
    browser = Browser()
    company.openid.sign_in(MEDIA)
    way = company.back(company.leave(browser, MEDIA))
    key = company.provider().key
    company.owner().post("/o/north/team/single-sign-on/switch/", {"on": "no"})
    assert browser.get(way).status_code == 404 and not is_in(browser)
    assert Browser().get(f"/accounts/oidc/{key}/login/").status_code == 404
    assert Browser().post("/accounts/company/", {"email": MEDIA}).status_code == 422


def test_a_person_of_several_organizations_confirms_once(company: Company) -> None:
    person, other = company.cast.members["media"], company.cast.foreign.organization
    Membership.objects.create(
        user=person, organization=other, role=Role.VIEWER, created_at=clock.now()
    )
    browser = company.come(MEDIA, next="/c/glow/tasks/")
    assert company.last.headers["Location"] == "/accounts/company/confirm/"
    page = text(browser.get("/accounts/company/confirm/"))
    assert "Other House" in page and not is_in(browser)
    wrong = browser.post("/accounts/company/confirm/", {"password": "not it"})
    assert wrong.status_code == 422 and "not the password of your account" in text(wrong)
    assert not CompanyAccount.objects.exists()
    right = browser.post("/accounts/company/confirm/", {"password": PASSWORD})
    assert right.headers["Location"] == "/c/glow/tasks/" and is_in(browser)
    assert CompanyAccount.objects.get().confirmed_at is not None
    assert is_in(company.come(MEDIA))  # not asked again
    assert Browser().get("/accounts/company/confirm/").status_code == 422


def test_who_joins_another_organization_later_confirms_then(company: Company) -> None:
    assert is_in(company.come(MEDIA))
    Membership.objects.create(
        user=company.cast.members["media"], organization=company.cast.foreign.organization,
        client=company.cast.foreign, role=Role.CLIENT, created_at=clock.now(),
    )  # fmt: skip
    browser = company.come(MEDIA)
    assert company.last.headers["Location"] == "/accounts/company/confirm/"
    assert not is_in(browser)


def test_a_provider_does_not_take_over_an_account_by_inviting_it(company: Company) -> None:
    """The agency invites somebody of another house whose address is in its domain."""
    theirs = make_user("ceo@north.example")
    Membership.objects.create(
        user=theirs, organization=company.cast.foreign.organization, role=Role.OWNER,
        created_at=clock.now(),
    )  # fmt: skip
    invited(company, "ceo@north.example")
    browser = company.come("ceo@north.example")
    assert company.last.headers["Location"] == "/accounts/company/confirm/"
    assert browser.get("/c/secret-brand/").status_code == 302 and not is_in(browser)
    assert not Membership.objects.filter(user=theirs, organization=company.cast.agency).exists()


def test_the_pages_of_sign_in_are_counted(company: Company, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"company_sign_in": "3/m/ip"}
    browser = Browser()
    told = [browser.get("/accounts/company/").status_code for _ in range(4)]
    assert told == [200, 200, 200, 429]


def test_the_way_there_keeps_the_strict_policy(company: Company) -> None:
    """A form may answer to ourselves only, also by a redirect; so the page moves on by itself."""
    led = Browser().post("/accounts/company/", {"email": MEDIA})
    assert led.status_code == 200 and "Location" not in led.headers
    assert "form-action 'self'" in led.headers["Content-Security-Policy"]
    assert led.headers["Refresh"].startswith("0; url=/accounts/oidc/")


def test_the_secret_travels_in_a_header_of_one_call_alone(company: Company) -> None:
    assert is_in(company.come(MEDIA))
    assert all("client_secret" not in words for _, words in company.openid.asked)
    company.set_up(secret="another")
    assert not is_in(company.come(MEDIA))
