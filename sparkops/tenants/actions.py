"""Organizations, clients, members and invitations."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.text import slugify

from sparkops.accounts.models import User
from sparkops.audit.record import Actor, record_changes, record_for_organization
from sparkops.clock import shop_zone
from sparkops.errors import Refusal
from sparkops.isolation.scope import client_scope
from sparkops.tenants.models import (
    Client,
    CompanyAccount,
    Invitation,
    Membership,
    Organization,
)
from sparkops.tenants.permissions import Role

INVITATION_LIFE = timedelta(days=7)


def create_organization(name: str, *, owner: User, by: Actor, now: datetime) -> Organization:
    """A new organization with its first owner."""
    with transaction.atomic():
        organization = Organization.objects.create(name=name, slug=_free_slug(name), created_at=now)
        Membership.objects.create(
            user=owner, organization=organization, role=Role.OWNER.value, created_at=now
        )
        record_for_organization("organization.created", organization.pk, name, by=by, now=now)
    return organization


def found_organization(name: str, email: str, *, by: Actor, now: datetime) -> str:
    """A new organization whose first owner is invited by mail; returns the invitation's link.

    Raises Refusal when a member of any organization has the address: they can be made an owner.
    """
    address = email.strip().lower()
    if Membership.objects.filter(user__email=address).exists():
        raise Refusal("is_member", f"{address} is a member of an organization already.")
    with transaction.atomic():
        organization = Organization.objects.create(name=name, slug=_free_slug(name), created_at=now)
        record_for_organization("organization.created", organization.pk, name, by=by, now=now)
        _, secret = _invited(
            organization, address, Role.OWNER, client=None, by=by, inviter=None, now=now
        )
    return _join_link(secret)


def create_client(
    organization: Organization,
    name: str,
    *,
    timezone: str,
    currency: str,
    by: Actor,
    now: datetime,
    slug: str = "",
) -> Client:
    """A new client. Its slug carries a random part, so that it names no client of anybody else.

    Raises Refusal for a zone that does not exist.
    """
    try:
        shop_zone(timezone)
    except ValueError as error:
        raise Refusal("unknown_zone", str(error), field="timezone") from error
    with transaction.atomic():
        client = Client.objects.create(
            organization=organization,
            name=name,
            slug=slug or _free_slug(name),
            timezone=timezone,
            currency=currency,
            created_at=now,
        )
        record_for_organization("client.created", organization.pk, name, by=by, now=now)
    return client


def invite(
    organization: Organization,
    email: str,
    role: Role,
    *,
    client: Client | None,
    by: Actor,
    inviter: User,
    now: datetime,
) -> Invitation:
    """Invite a person by mail; an earlier open invitation of the same address is replaced.

    Raises Refusal when the person is a member already, and for a client viewer of all clients.
    """
    address = email.strip().lower()
    if role == Role.CLIENT and client is None:
        raise Refusal("which_client", "A client viewer is invited for one client. Choose it.")
    if Membership.objects.filter(
        organization=organization, client=client, user__email=address
    ).exists():
        raise Refusal("is_member", f"{address} is a member already. Change the role in the list.")
    return _invited(organization, address, role, client=client, by=by, inviter=inviter, now=now)[0]


def _invited(
    organization: Organization,
    address: str,
    role: Role,
    *,
    client: Client | None,
    by: Actor,
    inviter: User | None,
    now: datetime,
) -> tuple[Invitation, str]:
    """The invitation, on its way by mail, and its secret."""
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        Invitation.objects.filter(
            organization=organization, client=client, email=address, accepted_at=None
        ).update(revoked_at=now)
        invitation = Invitation.objects.create(
            organization=organization,
            client=client,
            email=address,
            role=role.value,
            secret_hash=hashed(secret),
            invited_by=inviter,
            created_at=now,
            expires_at=now + INVITATION_LIFE,
        )
        record_for_organization(
            "member.invited", organization.pk, address, by=by, now=now, data={"role": role.value}
        )
        transaction.on_commit(lambda: _mail(invitation, secret))
    return invitation, secret


def revoke_invitation(invitation: Invitation, *, by: Actor, now: datetime) -> None:
    """Make an invitation's link worthless."""
    invitation.revoked_at = now
    invitation.save(update_fields=["revoked_at"])
    record_for_organization(
        "invitation.revoked", invitation.organization_id, invitation.email, by=by, now=now
    )


def open_invitation(secret: str, *, now: datetime) -> Invitation:
    """The invitation behind a link. Raises Refusal when it is used, revoked, late or unknown."""
    invitation = (
        Invitation.objects.select_related("organization", "client")
        .filter(secret_hash=hashed(secret), revoked_at=None, accepted_at=None, expires_at__gt=now)
        .first()
    )
    if invitation is None:
        raise Refusal(
            "invitation_over",
            "This invitation was used, withdrawn or has run out. Ask the person who invited you to"
            " send a new one.",
        )
    return invitation


def accept_invitation(invitation: Invitation, user: User, *, now: datetime) -> Membership:
    """Join with the invited address. Raises Refusal for another address."""
    if user.email.lower() != invitation.email.lower():
        raise Refusal(
            "other_address",
            f"The invitation was sent to {invitation.email}. Sign in with that address to accept"
            " it.",
        )
    with transaction.atomic():
        membership, _ = Membership.objects.update_or_create(
            user=user,
            organization=invitation.organization,
            client=invitation.client,
            defaults={"role": invitation.role, "created_at": now},
        )
        invitation.accepted_at = now
        invitation.save(update_fields=["accepted_at"])
        record_for_organization(
            "member.joined",
            invitation.organization_id,
            user.email,
            by=Actor(str(user), user.pk),
            now=now,
            data={"role": invitation.role},
        )
    return membership


def give_support(
    organization: Organization, email: str, *, hours: int, by: Actor, now: datetime
) -> Membership:
    """Let a person of the support read everything until the hours are over.

    Raises Refusal for who does not belong to the support or is a member already.
    """
    person = User.objects.filter(email=email.strip().lower(), is_staff=True, is_active=True).first()
    if person is None:
        raise Refusal("no_support", "Nobody of the support has this address.", field="email")
    lasting = Membership.objects.filter(user=person, organization=organization, expires_at=None)
    if lasting.exists():
        raise Refusal("is_member", "This person is a member already.", field="email")
    with transaction.atomic():
        given, _ = Membership.objects.update_or_create(
            user=person,
            organization=organization,
            client=None,
            defaults={
                "role": Role.VIEWER.value,
                "created_at": now,
                "expires_at": now + timedelta(hours=hours),
            },
        )
        record_for_organization(
            "support.let_in", organization.pk, person.email, by=by, now=now, data={"hours": hours}
        )
    return given


def change_role(membership: Membership, role: Role, *, by: Actor, now: datetime) -> None:
    """Give a member another role. Raises Refusal when the last owner would go, and for a client
    viewer of all clients."""
    _keep_an_owner(membership, role)
    if membership.expires_at is not None:
        raise Refusal("support", "The support may only read. Remove it, or let the access end.")
    if role == Role.CLIENT and membership.client_id is None:
        raise Refusal(
            "which_client", "A client viewer belongs to one client. Remove and invite them for it."
        )
    before, membership.role = membership.role, role.value
    with transaction.atomic():
        membership.save(update_fields=["role"])
        record_for_organization(
            "member.role_changed",
            membership.organization_id,
            membership.user.email,
            by=by,
            now=now,
            data={"before": before, "after": role.value},
        )


def remove_member(membership: Membership, *, by: Actor, now: datetime) -> None:
    """Take a membership away. Raises Refusal when the last owner would go."""
    _keep_an_owner(membership, None)
    with transaction.atomic():
        record_for_organization(
            "member.removed",
            membership.organization_id,
            membership.user.email,
            by=by,
            now=now,
            data={"role": membership.role},
        )
        membership.delete()
        _forget_company_account(membership)


def hashed(secret: str) -> str:
    """What is stored of a link's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _keep_an_owner(membership: Membership, role: Role | None) -> None:
    if membership.role != Role.OWNER or membership.client_id is not None or role == Role.OWNER:
        return
    others = Membership.objects.filter(
        organization_id=membership.organization_id, client=None, role=Role.OWNER
    ).exclude(pk=membership.pk)
    if not others.exists():
        raise Refusal(
            "last_owner",
            "An organization needs an owner. Make somebody else owner first.",
        )


def _forget_company_account(membership: Membership) -> None:
    """Who is taken out of an organization and invited again may come with another account of its
    provider."""
    here = {"user": membership.user_id, "organization": membership.organization_id}
    if not Membership.objects.filter(**here).exists():
        CompanyAccount.objects.filter(
            user=membership.user_id, provider__organization=membership.organization_id
        ).delete()


def _mail(invitation: Invitation, secret: str) -> None:
    context = {
        "invitation": invitation,
        "link": _join_link(secret),
        "role": Role(invitation.role).label,
    }
    EmailMessage(
        subject=f"{invitation.organization} invites you to SparkOps",
        body=render_to_string("emails/tenants/invitation.txt", context),
        to=[invitation.email],
    ).send()


def _join_link(secret: str) -> str:
    return settings.SITE_URL + reverse("join", kwargs={"secret": secret})


def _free_slug(name: str) -> str:
    return f"{slugify(name)[:48] or 'team'}-{secrets.token_hex(3)}"


def change_settings(
    client: Client,
    *,
    timezone: str,
    reminder_days: list[int],
    safety_buffer_hours: int,
    hold_codes_until_paid: bool,
    by: Actor,
    now: datetime,
) -> None:
    """Change a client's zone, reminder steps, safety buffer, and whether codes wait for fees."""
    before = _settings_of(client)
    client.timezone = timezone
    client.reminder_days = reminder_days
    client.safety_buffer_hours = safety_buffer_hours
    client.hold_codes_until_paid = hold_codes_until_paid
    with client_scope(client.pk):
        client.save(update_fields=list(before))
        record_changes(client, before, _settings_of(client), by=by, now=now)
        record_for_organization(
            "client.settings_changed",
            client.organization_id,
            client.name,
            by=by,
            now=now,
            data={"before": before, "after": _settings_of(client)},
        )


def _settings_of(client: Client) -> dict[str, object]:
    return {
        "timezone": client.timezone,
        "reminder_days": client.reminder_days,
        "safety_buffer_hours": client.safety_buffer_hours,
        "hold_codes_until_paid": client.hold_codes_until_paid,
    }
