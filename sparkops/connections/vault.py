"""The vault of this process, over the keys of the settings."""

from functools import cache

from django.conf import settings

from sparkops.crypto import Vault


@cache
def vault() -> Vault:
    """Seals and opens secrets with FIELD_KEYS."""
    return Vault(settings.FIELD_KEYS)
