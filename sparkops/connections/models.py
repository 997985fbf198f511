"""Connections to TikTok accounts."""

from typing import ClassVar

from django.db import models

from sparkops.isolation.models import ClientOwned


class Connection(ClientOwned):
    """One grant by an account owner: a Marketing API token or a Shop token with its shops.

    Tokens are sealed (`sparkops.crypto`) and opened only in `connections.apis`.
    """

    class Kind(models.TextChoices):
        ADS = "ads", "TikTok Ads"
        SHOP = "shop", "TikTok Shop"

    class State(models.TextChoices):
        ACTIVE = "active", "Connected"
        LOST = "lost", "Connection lost"
        REVOKED = "revoked", "Disconnected here"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    external_id = models.CharField(max_length=64)
    label = models.CharField(max_length=160)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ACTIVE)
    scopes = models.JSONField(default=list)
    access_token = models.BinaryField()
    refresh_token = models.BinaryField(null=True)
    access_expires_at = models.DateTimeField(null=True)
    refresh_expires_at = models.DateTimeField(null=True)
    connected_at = models.DateTimeField()
    connected_by = models.CharField(max_length=200)
    lost_at = models.DateTimeField(null=True)
    lost_reason = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "kind", "external_id"], name="connection_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.label}"


class ShopRoute(models.Model):
    """Which client a shop's webhooks belong to. Ids only, so it needs no row scope."""

    shop_id = models.CharField(max_length=32)
    route_client = models.ForeignKey("tenants.Client", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop_id", "route_client"], name="shop_route_once"),
        ]

    def __str__(self) -> str:
        return self.shop_id
