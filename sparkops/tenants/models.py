"""The registry of who works for whom. No client data, therefore not row-scoped."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from sparkops.tenants.permissions import Permission, Role, role_may


class Organization(models.Model):
    """The customer: a brand with one client, or an agency with many."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    created_at = models.DateTimeField()
    second_factor_required = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Client(models.Model):
    """The isolation unit: one brand's creators, rights, spend and money."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="clients")
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    timezone = models.CharField(max_length=64, default="UTC")
    currency = models.CharField(max_length=3, default="USD")
    reminder_days = models.JSONField(default=list)
    safety_buffer_hours = models.PositiveSmallIntegerField(default=24)
    hold_codes_until_paid = models.BooleanField(default=False)
    # What creators and the client itself see; empty is the plain name in the colour of SparkOps.
    brand_name = models.CharField(max_length=80, blank=True)
    brand_accent = models.CharField(max_length=7, blank=True)
    # The name of a `Logo`.
    brand_logo = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        """The name that creators and the client itself read."""
        return self.brand_name or self.name

    @property
    def initials(self) -> str:
        """Two letters for the avatar."""
        words = [word for word in self.shown_name.split() if word[0].isalnum()]
        return ("".join(word[0] for word in words[:2]) or self.shown_name[:2]).upper()


class Logo(models.Model):
    """A picture under the SHA-256 of its bytes, so whoever has its name may see it. PNG."""

    name = models.CharField(max_length=64, primary_key=True)
    image = models.BinaryField()

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's role in an organization (`client` null: in all its clients) or in one client."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="memberships"
    )
    client = models.ForeignKey(
        Client, on_delete=models.CASCADE, null=True, blank=True, related_name="memberships"
    )
    role = models.CharField(max_length=12, choices=Role.choices)
    created_at = models.DateTimeField()
    # The end of an access that was given to the support for a while; None for everyone else.
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "organization", "client"],
                nulls_distinct=False,
                name="one_role_per_place",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="known_role"),
        ]

    def __str__(self) -> str:
        return f"{self.user} as {self.get_role_display()}"

    def may(self, permission: Permission) -> bool:
        """Whether this membership's role holds `permission`."""
        return role_may(self.role, permission)


class Invitation(models.Model):
    """An e-mail address that may join. Only the hash of the link's secret is stored."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="invitations"
    )
    client = models.ForeignKey(Client, on_delete=models.CASCADE, null=True, blank=True)
    email = models.EmailField()
    role = models.CharField(max_length=12, choices=Role.choices)
    secret_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.email} to {self.organization}"


class IdentityProvider(models.Model):
    """What an organization's people sign in with instead of a password, by OpenID Connect.

    `key` is its part of the address that people come back to and names nobody. `secret` is sealed.
    `discovery` is what the provider said of itself when it was set up.
    """

    organization = models.OneToOneField(
        Organization, on_delete=models.CASCADE, related_name="identity_provider"
    )
    key = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=40)
    issuer = models.CharField(max_length=300)
    # What the provider calls its client: SparkOps as it is registered there.
    app_id = models.CharField(max_length=191)
    secret = models.BinaryField()
    discovery = models.JSONField()
    is_on = models.BooleanField(default=True)
    # Whether its people may sign in with it only.
    is_required = models.BooleanField(default=False)
    # Whether signing in with it is as good as a second factor where the organization asks for one.
    is_second_factor = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class CompanyDomain(models.Model):
    """A domain of e-mail addresses that one provider speaks for; no other one may. Lower case."""

    provider = models.ForeignKey(IdentityProvider, on_delete=models.CASCADE, related_name="domains")
    name = models.CharField(max_length=253, unique=True)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class CompanyAccount(models.Model):
    """A person's account at a provider, by the provider's own id of it.

    `confirmed_at`: when the person allowed it with their password to open other organizations too.
    """

    provider = models.ForeignKey(
        IdentityProvider, on_delete=models.CASCADE, related_name="accounts"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="company_accounts"
    )
    subject = models.CharField(max_length=191)
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "subject"], name="company_account_once"),
            models.UniqueConstraint(fields=["provider", "user"], name="one_company_account"),
        ]

    def __str__(self) -> str:
        return f"{self.user} at {self.provider}"
