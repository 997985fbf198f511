"""What is taken out of an answer before it is stored."""

from typing import Any

SECRET_KEYS = frozenset(
    {
        "auth_code",
        "access_token",
        "refresh_token",
        "buyer_email",
        "recipient_address",
        "buyer_message",
        "cpf",
        "cpf_name",
        "bank_account",
    }
)

_WRITTEN = tuple(f'"{name}"'.encode() for name in sorted(SECRET_KEYS))


def names_secrets(written: bytes) -> bool:
    """Whether JSON holds one of the keys at all: most answers do not, and cost only this look."""
    return any(name in written for name in _WRITTEN)


def redacted(value: Any) -> Any:
    """The same JSON value without Spark codes, tokens and buyers' personal data."""
    if isinstance(value, dict):
        return {
            name: "••••"
            if name in SECRET_KEYS and one
            # Most values are leaves: a call for each would cost more than the look at them.
            else redacted(one)
            if isinstance(one, (dict, list))
            else one
            for name, one in value.items()
        }
    if isinstance(value, list):
        return [redacted(one) for one in value]
    return value
