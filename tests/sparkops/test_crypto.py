"""Sealed secrets open for one client and purpose, with a key at hand, and only whole."""

import pytest

from sparkops.crypto import SecretError, Vault, masked

OLD, NEW = "a-key-of-last-year", "a-key-of-this-year"
TOKEN = "act.1a2b3c"


def test_a_secret_opens_for_its_client_and_purpose_alone() -> None:
    vault = Vault([OLD])
    sealed = vault.seal(TOKEN, client_id=1, purpose="access_token")
    assert TOKEN.encode() not in sealed
    assert vault.open(sealed, client_id=1, purpose="access_token") == TOKEN
    for client_id, purpose in ((2, "access_token"), (1, "refresh_token")):
        with pytest.raises(SecretError, match=purpose):
            vault.open(sealed, client_id=client_id, purpose=purpose)


def test_equal_secrets_are_sealed_differently_and_found_by_their_fingerprint() -> None:
    vault = Vault([OLD])
    sealed = [vault.seal(TOKEN, client_id=1, purpose="code") for _ in range(2)]
    assert sealed[0] != sealed[1]
    prints = [vault.fingerprint(TOKEN, client_id=client, purpose="code") for client in (1, 1, 2)]
    assert prints[0] == prints[1] != prints[2]


def test_a_changed_byte_is_noticed() -> None:
    vault = Vault([OLD])
    sealed = bytearray(vault.seal(TOKEN, client_id=1, purpose="code"))
    sealed[30] = ord("A") if sealed[30] != ord("A") else ord("B")
    with pytest.raises(SecretError):
        vault.open(bytes(sealed), client_id=1, purpose="code")


def test_keys_rotate() -> None:
    """The newest key seals; older ones still open what they sealed and keep the fingerprints."""
    before, both, after = Vault([OLD]), Vault([NEW, OLD]), Vault([NEW])
    old = before.seal(TOKEN, client_id=1, purpose="code")
    new = both.seal(TOKEN, client_id=1, purpose="code")
    assert both.open(old, client_id=1, purpose="code") == TOKEN
    assert after.open(new, client_id=1, purpose="code") == TOKEN
    with pytest.raises(SecretError):
        after.open(old, client_id=1, purpose="code")
    print_ = before.fingerprint(TOKEN, client_id=1, purpose="code")
    assert both.fingerprint(TOKEN, client_id=1, purpose="code") == print_


def test_without_a_key_nothing_starts() -> None:
    with pytest.raises(SecretError, match="FIELD_KEYS"):
        Vault([])


def test_a_mask_shows_the_ends_of_long_secrets_only() -> None:
    assert masked("#AbCdEfGhIjKlMn") == "#Ab••••Mn"
    assert masked("abc123") == "••••"
