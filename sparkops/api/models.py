"""Keys of the API, and what was answered to a write that may be sent again."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from sparkops.isolation.models import ClientOwned
from sparkops.tenants.models import Client, Organization
from sparkops.tenants.permissions import Permission


class ApiKey(models.Model):
    """A program's way in: to one client, or with `client` null to every client of the organization.

    Only hashes of secrets are stored; the row holds no client data and is not row-scoped, because
    it is looked up before a client is known. After a rotation the secret before still works until
    `previous_until`. `scopes` are words of `Permission`.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="api_keys"
    )
    client = models.ForeignKey(
        Client, on_delete=models.CASCADE, null=True, blank=True, related_name="api_keys"
    )
    name = models.CharField(max_length=80)
    scopes = models.JSONField(default=list)
    prefix = models.CharField(max_length=20, unique=True)
    secret_hash = models.CharField(max_length=64, unique=True)
    previous_hash = models.CharField(max_length=64, blank=True)
    previous_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200)
    rotated_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["previous_hash"],
                condition=~Q(previous_hash=""),
                name="previous_secret_once",
            ),
        ]
        ordering: ClassVar = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"API key {self.name}"

    def may(self, permission: Permission) -> bool:
        """Whether the key was given `permission`."""
        return permission.value in self.scopes

    def works(self, now: datetime) -> bool:
        """Whether the key is neither revoked nor past its end."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now)


class StoredReply(ClientOwned):
    """What a key's write was answered, by the name the caller gave it (`Idempotency-Key`).

    It is written in the transaction of the write itself, so that both exist or neither does.
    `fingerprint` is a hash of method, path and body; `body` is the JSON that was sent.
    """

    key_id = models.BigIntegerField()
    name = models.CharField(max_length=128)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "key_id", "name"], name="stored_reply_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["client", "created_at"], name="stored_reply_age")]

    def __str__(self) -> str:
        return self.name
