"""Making, finding, rotating and revoking keys."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from sparkops.api.models import ApiKey
from sparkops.api.scopes import SCOPES
from sparkops.audit.record import Actor, record_for_organization
from sparkops.errors import Refusal
from sparkops.tenants.actions import hashed
from sparkops.tenants.models import Client, Organization
from sparkops.tenants.permissions import Permission

MARK = "spo"
USE_IS_NOTED_EVERY = timedelta(minutes=1)
MOST_KEYS = 50


@dataclass(frozen=True)
class NewSecret:
    """A key with its whole secret, which exists nowhere else and is shown once."""

    key: ApiKey
    secret: str


def create_key(
    organization: Organization,
    name: str,
    *,
    client: Client | None,
    scopes: Collection[Permission],
    expires_at: datetime | None,
    by: Actor,
    now: datetime,
) -> NewSecret:
    """A new key. Reading is always among its scopes.

    Raises Refusal for a client of somebody else, a scope that the API has no use for, an end that
    has passed, and beyond the most keys an organization may have.
    """
    if client is not None and client.organization_id != organization.pk:
        raise Refusal("unknown_client", "Choose a client of this organization.", field="client")
    if not set(scopes) <= set(SCOPES):
        raise Refusal("unknown_scope", "Choose scopes from the list.", field="scopes")
    if expires_at is not None and expires_at <= now:
        raise Refusal("already_over", "Choose an end in the future.", field="days")
    if working_keys(organization, now).count() >= MOST_KEYS:
        raise Refusal("too_many", f"Revoke a key first: {MOST_KEYS} keys work already.")
    prefix = f"{MARK}_{secrets.token_hex(4)}"
    secret = _secret(prefix)
    held = {Permission.VIEW, *scopes}
    with transaction.atomic():
        key = ApiKey.objects.create(
            organization=organization,
            client=client,
            name=name,
            scopes=[one.value for one in SCOPES if one in held],
            prefix=prefix,
            secret_hash=hashed(secret),
            created_at=now,
            created_by=by.label,
            expires_at=expires_at,
        )
        _record("api_key.created", key, by, now, {"scopes": key.scopes, "for": _reach(key)})
    return NewSecret(key, secret)


def rotate_key(key: ApiKey, *, grace: timedelta, by: Actor, now: datetime) -> NewSecret:
    """Give the key a new secret; the one before works for `grace` longer.

    A secret before that one stops at once. Raises Refusal for a key that no longer works.
    """
    if not key.works(now):
        raise Refusal("key_is_over", "This key no longer works. Create a new one.")
    secret = _secret(key.prefix)
    key.previous_hash = key.secret_hash if grace else ""
    key.previous_until = now + grace if grace else None
    key.secret_hash, key.rotated_at = hashed(secret), now
    with transaction.atomic():
        key.save(update_fields=["previous_hash", "previous_until", "secret_hash", "rotated_at"])
        until = key.previous_until.isoformat() if key.previous_until else None
        _record("api_key.rotated", key, by, now, {"previous_until": until})
    return NewSecret(key, secret)


def revoke_key(key: ApiKey, *, by: Actor, now: datetime) -> None:
    """Make the key and all its secrets worthless at once."""
    if key.revoked_at is not None:
        return
    key.revoked_at = now
    with transaction.atomic():
        key.save(update_fields=["revoked_at"])
        _record("api_key.revoked", key, by, now, {})


def find_key(secret: str, *, now: datetime) -> ApiKey | None:
    """The working key that a secret belongs to."""
    digest = hashed(secret)
    current = Q(secret_hash=digest) | Q(previous_hash=digest, previous_until__gt=now)
    key = ApiKey.objects.select_related("organization", "client").filter(current).first()
    return key if key is not None and key.works(now) else None


def note_use(key: ApiKey, *, now: datetime) -> None:
    """Remember when the key was last used, to the minute: most calls write nothing."""
    if key.last_used_at is None or now - key.last_used_at >= USE_IS_NOTED_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)


def working_keys(organization: Organization, now: datetime) -> QuerySet[ApiKey]:
    """Keys that are neither revoked nor past their end, newest first."""
    lasting = Q(expires_at=None) | Q(expires_at__gt=now)
    return organization.api_keys.filter(lasting, revoked_at=None)


def reachable_clients(key: ApiKey) -> QuerySet[Client]:
    """The clients that the key works for, by name."""
    clients = Client.objects.filter(organization_id=key.organization_id, archived_at=None)
    return clients if key.client_id is None else clients.filter(pk=key.client_id)


def _secret(prefix: str) -> str:
    return f"{prefix}_{secrets.token_urlsafe(32)}"


def _reach(key: ApiKey) -> str:
    return key.client.name if key.client else "all clients"


def _record(verb: str, key: ApiKey, by: Actor, now: datetime, data: dict[str, object]) -> None:
    record_for_organization(
        verb,
        key.organization_id,
        key.name,
        by=by,
        now=now,
        data={"prefix": key.prefix, **data},
    )
