"""Secrets at rest.

Tokens and Spark codes are stored as Fernet ciphertexts. The key is derived per client and per
purpose with HKDF from the master keys in FIELD_KEYS (newest first), so a ciphertext copied to
another client or another column does not open.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class SecretError(Exception):
    """A stored secret cannot be opened with the keys at hand."""


class Vault:
    """Seals and opens secrets with the given master keys (text, newest first)."""

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise SecretError("FIELD_KEYS is empty: at least one key is needed.")
        self._keys = [key.encode() for key in keys]

    def seal(self, plain: str, *, client_id: int, purpose: str) -> bytes:
        """The ciphertext of `plain`, bound to the client and the purpose."""
        return self._fernet(client_id, purpose).encrypt(plain.encode())

    def open(self, sealed: bytes, *, client_id: int, purpose: str) -> str:
        """The plain text. Raises SecretError when no key opens it."""
        try:
            return self._fernet(client_id, purpose).decrypt(bytes(sealed)).decode()
        except InvalidToken:
            raise SecretError(f"A stored {purpose} cannot be opened with FIELD_KEYS.") from None

    def fingerprint(self, plain: str, *, client_id: int, purpose: str) -> str:
        """A keyed hash (hex) by which equal secrets of one client are found without opening them.

        Uses the oldest key, which therefore must stay in the list while fingerprints live.
        """
        key = _derived(self._keys[-1], client_id, f"{purpose}:fingerprint")
        return hmac.new(key, plain.encode(), hashlib.sha256).hexdigest()

    def sign(self, content: bytes, *, purpose: str) -> tuple[str, str]:
        """The Ed25519 signature of `content` and the public key that checks it, both as hex.

        The key comes from the newest master key, so the public key belongs beside the signature.
        """
        key = Ed25519PrivateKey.from_private_bytes(
            HKDF(SHA256(), 32, salt=None, info=f"sparkops:{purpose}:sign".encode()).derive(
                self._keys[0]
            )
        )
        return key.sign(content).hex(), key.public_key().public_bytes_raw().hex()

    def _fernet(self, client_id: int, purpose: str) -> MultiFernet:
        return MultiFernet(
            Fernet(base64.urlsafe_b64encode(_derived(key, client_id, purpose)))
            for key in self._keys
        )


def masked(code: str) -> str:
    """A secret as it may be shown: the first and last two characters."""
    bare = code.strip()
    if len(bare) <= 6:
        return "••••"
    return f"{bare[:3]}••••{bare[-2:]}"


def _derived(key: bytes, client_id: int, purpose: str) -> bytes:
    info = f"sparkops:{purpose}:{client_id}".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(key)
