"""The abstract row that belongs to a client."""

from typing import Any

from django.db import models

from sparkops.isolation.scope import current_client_id


class ClientOwned(models.Model):
    """A row of one client. Its table carries row policies (`rls.ProtectRows` in its migration).

    The client is filled in from the open scope, so that domain code never names it.
    """

    client = models.ForeignKey(
        "tenants.Client", on_delete=models.CASCADE, related_name="+", db_index=False
    )

    class Meta:
        abstract = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if not args and "client" not in kwargs and "client_id" not in kwargs:
            kwargs["client_id"] = current_client_id()
        super().__init__(*args, **kwargs)
