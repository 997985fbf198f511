"""Single sign-on in Chromium: set up and used from end to end under the strict policy."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from sparkops import clock
from sparkops.sso.actions import key_of
from sparkops.tenants.models import IdentityProvider, Membership
from sparkops.tenants.permissions import Role
from tests.browser.accessible import violations
from tests.browser.walking import OTHER_SIZES, SIZES
from tests.factories.cast import PASSWORD, build_cast
from tests.openid_provider import CLIENT, SECRET, OpenIDProvider, running_provider

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OWNER, MEDIA = "owner@north.example", "media@north.example"
HERE = "/o/north/team/single-sign-on/"


@pytest.fixture
def openid(settings: Any, live_server: Any) -> Iterator[OpenIDProvider]:
    settings.SSO_ON_PRIVATE_HOSTS, settings.SITE_URL = True, live_server.url
    with running_provider() as found:
        yield found


def set_up(page: Page, openid: OpenIDProvider) -> None:
    for label, value in (
        ("Name", "North Okta"), ("Issuer", openid.issuer), ("Client ID", CLIENT),
        ("Client secret", SECRET), ("E-mail domains", "north.example"),
    ):  # fmt: skip
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("button", name="Set up").click()
    expect(page.get_by_text("North Okta is saved.")).to_be_visible()


def go_on(page: Page, email: str) -> None:
    page.get_by_role("link", name="Sign in with your company").click()
    page.get_by_label("Work e-mail").fill(email)
    page.get_by_role("button", name="Go on").click()


def test_an_owner_sets_it_up_and_a_member_comes_by_it(
    open_as: Callable[..., Page], open_page: Callable[..., Page], openid: OpenIDProvider
) -> None:
    cast = build_cast()
    owner = open_as(OWNER, "/o/north/team/")
    owner.get_by_role("link", name="Set up single sign-on").click()
    expect(
        owner.get_by_text(f"/accounts/oidc/{key_of(cast.agency)}/login/callback/")
    ).to_be_visible()
    set_up(owner, openid)
    openid.sign_in(MEDIA)
    member = open_page("/c/glow/tasks/")
    go_on(member, MEDIA)
    expect(member.get_by_role("heading", name="Tasks")).to_be_visible()
    assert member.url.endswith("/c/glow/tasks/")


def test_a_person_of_two_organizations_confirms_with_the_password(
    open_page: Callable[..., Page], open_as: Callable[..., Page], openid: OpenIDProvider
) -> None:
    cast = build_cast()
    set_up(open_as(OWNER, HERE), openid)
    Membership.objects.create(
        user=cast.members["media"], organization=cast.foreign.organization, role=Role.VIEWER,
        created_at=clock.now(),
    )  # fmt: skip
    openid.sign_in(MEDIA)
    page = open_page("/accounts/login/")
    go_on(page, MEDIA)
    expect(page.get_by_text("also opens Other House")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Allow and sign in").click()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), [*SIZES, *OTHER_SIZES])
def test_its_pages_are_accessible_and_fit(
    open_page: Callable[..., Page],
    open_as: Callable[..., Page],
    openid: OpenIDProvider,
    width: int,
    scheme: str,
) -> None:
    cast = build_cast()
    look = {"width": width, "scheme": scheme, "reduced_motion": "reduce"}
    owner = open_as(OWNER, HERE, **look)
    check(owner, "before it is set up")
    owner.get_by_role("button", name="Set up").click()
    expect(owner.get_by_text("Check what you entered")).to_be_visible()
    check(owner, "with errors")
    set_up(owner, openid)
    check(owner, "set up")
    IdentityProvider.objects.update(is_required=True, is_second_factor=True)
    owner.reload()
    check(owner, "required")
    Membership.objects.create(
        user=cast.members["media"], organization=cast.foreign.organization, role=Role.VIEWER,
        created_at=clock.now(),
    )  # fmt: skip
    page = open_page("/accounts/login/", **look)
    check(page, "sign-in")
    go_on(page, "sam@other.example")
    check(page, "no provider")
    page.get_by_label("Work e-mail").fill(MEDIA)
    openid.sign_in(MEDIA, email_verified=False)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="You are not signed in")).to_be_visible()
    check(page, "refused")
    openid.sign_in(MEDIA)
    page.get_by_role("link", name="Begin again").click()
    page.get_by_label("Work e-mail").fill(MEDIA)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Confirm your company account")).to_be_visible()
    check(page, "confirm")


def check(page: Page, what: str) -> None:
    """Nothing breaks a rule of accessibility, and nothing is wider than the window."""
    assert violations(page) == [], what
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), what
