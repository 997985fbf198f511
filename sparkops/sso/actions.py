"""Setting up, changing, switching and removing an organization's identity provider."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.crypto import salted_hmac

from sparkops.accounts.models import User
from sparkops.accounts.sessions import end_other_sessions
from sparkops.audit.record import Actor, record_for_organization
from sparkops.connections.vault import vault
from sparkops.errors import Refusal
from sparkops.sso.discovery import discover
from sparkops.tenants.company import domain_of
from sparkops.tenants.models import CompanyAccount, CompanyDomain, IdentityProvider, Organization
from sparkops.tenants.permissions import Role
from sparkops.tenants.queries import current
from sparkops.tenants.second_factor import has_second_factor

PURPOSE = "single_sign_on.secret"
MOST_DOMAINS = 20
# Where anybody may have an address, so that having one proves nothing.
PUBLIC_MAIL = {
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com",
    "yahoo.co.jp", "yahoo.co.uk", "ymail.com", "icloud.com", "me.com", "mac.com", "aol.com",
    "proton.me", "protonmail.com", "pm.me", "gmx.com", "gmx.net", "gmx.de", "web.de", "mail.com",
    "mail.ru", "yandex.com", "yandex.ru", "qq.com", "foxmail.com", "163.com", "126.com",
    "naver.com", "daum.net", "hanmail.net", "zoho.com", "fastmail.com", "hey.com", "tuta.com",
}  # fmt: skip
_DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}")


@dataclass(frozen=True)
class Wanted:
    """What an owner entered. An empty `secret` keeps the one that is there."""

    name: str
    issuer: str
    app_id: str
    secret: str
    domains: Sequence[str]


def key_of(organization: Organization) -> str:
    """The part of the return address that stands for an organization: an owner has to know it
    before there is a provider, and nobody may read the organization from it."""
    return salted_hmac("single-sign-on", str(organization.pk)).hexdigest()[:20]


def secret_of(provider: IdentityProvider) -> str:
    """The client's secret as the provider gave it."""
    sealed = bytes(provider.secret)
    return vault().open(sealed, client_id=provider.organization_id, purpose=PURPOSE)


def provider_of(organization: Organization) -> IdentityProvider | None:
    """The provider of an organization, on or off."""
    return IdentityProvider.objects.filter(organization=organization).first()


def set_up(
    organization: Organization, wanted: Wanted, *, here: str, by: Actor, now: datetime
) -> IdentityProvider:
    """Set the provider up or change it; its configuration is fetched. `here` is the key of the
    session that asks: it lasts when people of a new domain are signed out.

    Raises Refusal for an address that is none, a domain that is not proved or taken, and a missing
    secret.
    """
    before = provider_of(organization)
    _check_secret(before, wanted)
    _check_domains(organization, wanted.domains)
    values: dict[str, Any] = {
        "name": wanted.name,
        "issuer": wanted.issuer,
        "app_id": wanted.app_id,
        "discovery": discover(wanted.issuer),
    }
    if wanted.secret:
        values["secret"] = _sealed(organization, wanted.secret)
    with transaction.atomic():
        provider, _ = IdentityProvider.objects.update_or_create(
            organization=organization,
            defaults=values,
            create_defaults={**values, "key": key_of(organization), "created_at": now},
        )
        if before and before.issuer != wanted.issuer:
            # Ids of people, and what they confirmed, hold for the provider that gave them.
            CompanyAccount.objects.filter(provider=provider).delete()
        added = _set_domains(provider, wanted.domains)
        data = {"issuer": wanted.issuer, "domains": sorted(wanted.domains)}
        data["secret"] = "changed" if wanted.secret else "kept"
        _record("changed" if before else "set_up", provider, by, now, data)
        if provider.is_required:
            _sign_out(_members(provider, added), by=by, here=here)
    return provider


def switch(provider: IdentityProvider, on: bool, *, by: Actor, now: datetime) -> None:
    """Let people sign in with it, or no longer; then it is not required either."""
    provider.is_on, provider.is_required = on, provider.is_required and on
    with transaction.atomic():
        provider.save(update_fields=["is_on", "is_required"])
        _record("switched_on" if on else "switched_off", provider, by, now)


def require(
    provider: IdentityProvider, required: bool, *, user: User, here: str, by: Actor, now: datetime
) -> int:
    """Let people of its domains in by nothing else, or by everything again; how many sessions
    ended, all but the one with the key `here`.

    Raises Refusal while it is off, nobody has come by it, or the one who asks would have no way
    back in.
    """
    if required:
        _check_way_in(provider, user)
    provider.is_required = required
    with transaction.atomic():
        provider.save(update_fields=["is_required"])
        ended = _sign_out(_bound(provider), by=by, here=here) if required else 0
        _record("required" if required else "free", provider, by, now, {"sessions_ended": ended})
    return ended


def count_as_second_factor(
    provider: IdentityProvider, counts: bool, *, by: Actor, now: datetime
) -> None:
    """Take signing in with it for a second factor, or no longer."""
    provider.is_second_factor = counts
    with transaction.atomic():
        provider.save(update_fields=["is_second_factor"])
        _record("second_factor" if counts else "no_second_factor", provider, by, now)


def remove(provider: IdentityProvider, *, by: Actor, now: datetime) -> None:
    """Forget the provider, its secret and whose accounts it knows."""
    with transaction.atomic():
        _record("removed", provider, by, now)
        provider.delete()


def owners_without_way_back(provider: IdentityProvider) -> list[User]:
    """Owners who could not get in without the provider: they have no second factor."""
    owners = current().filter(
        organization=provider.organization, client=None, role=Role.OWNER.value
    )
    found = [one.user for one in owners.select_related("user").order_by("user__email")]
    return [one for one in found if not has_second_factor(one)]


def _check_secret(before: IdentityProvider | None, wanted: Wanted) -> None:
    if wanted.secret:
        return
    if before is None:
        raise Refusal("no_secret", "Write the secret that the provider gave you.", field="secret")
    if before.issuer != wanted.issuer:
        raise Refusal(
            "other_issuer",
            "Another provider needs a secret of its own: this one is not sent to it.",
            field="secret",
        )


def _check_domains(organization: Organization, names: Sequence[str]) -> None:
    """An owner has to have a confirmed address in each, or anybody could speak for anybody."""
    if not names or len(names) > MOST_DOMAINS:
        raise _domain(f"Write one to {MOST_DOMAINS} domains, such as example.com.")
    proved = _domains_of_owners(organization)
    for name in names:
        if not _DOMAIN.fullmatch(name):
            raise _domain(f"{name} is not a domain. Write it like example.com.")
        if name in PUBLIC_MAIL:
            raise _domain(f"Anybody may have an address at {name}. Leave it out.")
        if name not in proved:
            raise _domain(
                f"No owner has a confirmed e-mail address at {name}. Add one to your account first,"
                " under Your account → E-mail."
            )
    taken = CompanyDomain.objects.filter(name__in=names)
    for one in taken.exclude(provider__organization=organization):
        raise _domain(f"People of {one.name} sign in with the provider of another organization.")


def _domains_of_owners(organization: Organization) -> set[str]:
    owners = current().filter(organization=organization, client=None, role=Role.OWNER.value)
    found = EmailAddress.objects.filter(verified=True, user__in=owners.values("user"))
    return {domain_of(one.email) for one in found}


def _set_domains(provider: IdentityProvider, names: Sequence[str]) -> set[str]:
    """Those that are new."""
    provider.domains.exclude(name__in=names).delete()
    added = set(names) - {one.name for one in provider.domains.all()}
    CompanyDomain.objects.bulk_create(
        CompanyDomain(provider=provider, name=name) for name in sorted(added)
    )
    return added


def _check_way_in(provider: IdentityProvider, user: User) -> None:
    if not provider.is_on:
        raise Refusal("is_off", "Switch single sign-on on first.")
    if not provider.accounts.exists():
        raise Refusal(
            "not_tried", "Nobody has signed in with it yet. Try it once, then ask everyone for it."
        )
    if not has_second_factor(user):
        raise Refusal(
            "no_way_back",
            "Set up a second factor for yourself first, under Your account: with it and your"
            " password you get back in when the provider is away.",
        )


def _bound(provider: IdentityProvider) -> set[User]:
    """Everybody whom it is required of."""
    names = {one.name for one in provider.domains.all()}
    came = {one.user for one in provider.accounts.select_related("user")}
    return _members(provider, names) | came


def _members(provider: IdentityProvider, names: Collection[str]) -> set[User]:
    """Members of its organization with an address in one of the domains."""
    rows = current().filter(organization=provider.organization).select_related("user")
    return {one.user for one in rows if domain_of(one.user.email) in names}


def _sign_out(people: Collection[User], *, by: Actor, here: str) -> int:
    """End their sessions but the one that asks; how many. Whoever came by the provider comes back
    by it at once."""
    return sum(
        len(end_other_sessions(one, here if one.pk == by.user_id else None)) for one in people
    )


def _sealed(organization: Organization, secret: str) -> bytes:
    return vault().seal(secret, client_id=organization.pk, purpose=PURPOSE)


def _record(
    verb: str,
    provider: IdentityProvider,
    by: Actor,
    now: datetime,
    data: dict[str, Any] | None = None,
) -> None:
    record_for_organization(
        f"single_sign_on.{verb}", provider.organization_id, provider.name, by=by, now=now, data=data
    )


def _domain(sentence: str) -> Refusal:
    return Refusal("bad_domain", sentence, field="domains")
