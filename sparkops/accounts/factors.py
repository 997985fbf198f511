"""How secrets of second factors are kept."""

from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings

from sparkops.crypto import Vault

PURPOSE = "second_factor"
NO_CLIENT = 0
"""People belong to no client."""
SEAL = "gAAAA"
"""How a sealed secret begins; no secret of an authenticator app or of recovery codes does."""


class FactorAdapter(DefaultMFAAdapter):
    """Secrets of authenticator apps and recovery codes are sealed, as tokens are."""

    def encrypt(self, text: str) -> str:
        sealed = Vault(settings.FIELD_KEYS).seal(text, client_id=NO_CLIENT, purpose=PURPOSE)
        return sealed.decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; one that was stored before they were sealed, as it stands."""
        if not encrypted_text.startswith(SEAL):
            return encrypted_text
        sealed = encrypted_text.encode()
        return Vault(settings.FIELD_KEYS).open(sealed, client_id=NO_CLIENT, purpose=PURPOSE)
