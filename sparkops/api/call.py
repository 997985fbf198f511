"""One call that passed the gate."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sparkops.api.models import ApiKey
from sparkops.audit.record import Actor
from sparkops.tenants.models import Client
from sparkops.tenants.permissions import Permission


@dataclass(frozen=True)
class Call:
    """Who calls, for which clients, and what the address says.

    `ids` are the ids in the path; `values` the filters that are filled in. `clients` is the one
    client of the open scope, or all that the key reaches.
    """

    key: ApiKey
    clients: tuple[Client, ...]
    now: datetime
    ids: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def client(self) -> Client:
        """The client of the open scope."""
        [client] = self.clients
        return client

    @property
    def actor(self) -> Actor:
        """The key in the audit log."""
        return Actor(f"{self.key} ({self.key.prefix})")

    def may(self, permission: Permission) -> bool:
        return self.key.may(permission)
