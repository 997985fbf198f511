"""What a provider says of itself at its well-known address, read once when it is set up."""

from typing import Any

from sparkops.errors import Refusal
from sparkops.sso.door import Unreachable, check_scheme, read_json

WELL_KNOWN = "/.well-known/openid-configuration"
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
KEPT = (*NEEDED, "issuer", "userinfo_endpoint", "token_endpoint_auth_methods_supported")


def discover(issuer: str) -> dict[str, Any]:
    """The addresses of a provider and how it wants the secret. Raises Refusal with what to do."""
    try:
        found = read_json(issuer.rstrip("/") + WELL_KNOWN)
    except Unreachable as error:
        raise _refused(error.sentence) from error
    if not isinstance(found, dict):
        raise _refused(
            f"There is no OpenID configuration at this address: {WELL_KNOWN} is read below it."
        )
    return _checked(issuer, found)


def _checked(issuer: str, found: dict[str, Any]) -> dict[str, Any]:
    if found.get("issuer") != issuer:
        raise _refused(f"The provider calls itself {found.get('issuer')}. Write it like that.")
    missing = [name for name in NEEDED if not isinstance(found.get(name), str)]
    if missing:
        raise _refused(f"The provider does not say its {', '.join(missing)}.")
    for name in (*NEEDED, "userinfo_endpoint"):
        _check_address(name, found.get(name))
    # What the specification takes for granted where a provider is silent.
    ways = found.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    kept = {name: found[name] for name in KEPT if name in found}
    return kept | {"token_endpoint_auth_methods_supported": ways}


def _check_address(name: str, url: Any) -> None:
    try:
        if url is not None:
            check_scheme(str(url))
    except Unreachable as error:
        raise _refused(f"The provider's {name} does not begin with https://.") from error


def _refused(sentence: str) -> Refusal:
    return Refusal("bad_issuer", sentence, field="issuer")
