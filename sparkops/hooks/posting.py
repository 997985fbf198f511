"""Sending to an address that somebody typed in, without reaching into our own network.

A name is resolved once, every address that it has must be public, and the connection is made to
the resolved address: a name that answers differently a moment later changes nothing. Redirects are
not followed, proxies of the environment not used.
"""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address

import httpx
from django.conf import settings

from sparkops.errors import Refusal
from sparkops.network import Address, addresses_of, is_public, unwrapped

SECONDS = 10.0
EXCERPT = 2_000
GONE = 410
_PORTS = {"https": 443, "http": 80}
_HOST = re.compile(r"[a-z0-9.-]+|[0-9a-f:.]+", re.IGNORECASE)


@dataclass(frozen=True)
class Answer:
    """What came back: a status with the beginning of the text, or the `problem` why nothing did."""

    status: int | None = None
    text: str = ""
    problem: str = ""

    @property
    def is_good(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def check_address(url: str) -> None:
    """Raises Refusal for an address that no message may go to, as far as it can be read off."""
    try:
        parts = httpx.URL(url)
        port = parts.port
    except httpx.InvalidURL as error:
        raise _refused("Write a whole address, such as https://example.com/hooks.") from error
    schemes = ("https", "http") if settings.HOOKS_ALLOW_LOOPBACK else ("https",)
    is_host = _HOST.fullmatch(parts.raw_host.decode("ascii")) is not None
    if parts.scheme not in schemes or not is_host or not 0 < (port or 443) < 65_536:
        raise _refused("Write a whole address that begins with https://.")
    if parts.userinfo or parts.fragment:
        raise _refused("Leave out names, passwords and what follows a #.")
    if (literal := _literal(parts.host)) and not _allowed(literal):
        raise _refused("This address is in a private network. Messages go to public ones only.")


def post(url: str, headers: Mapping[str, str], body: str) -> Answer:
    """Send `body` as JSON once. Never raises for what the other side does."""
    target = httpx.URL(url)
    port = target.port or _PORTS.get(target.scheme, 443)
    try:
        address = _resolved(target.host, port)
    except OSError:
        return Answer(problem="The name of the server is not known.")
    except Refusal as refusal:
        return Answer(problem=refusal.sentence)
    request = httpx.Request(
        "POST",
        target.copy_with(host=str(address)),
        headers={
            **headers,
            "Host": target.netloc.decode("ascii"),
            "Content-Type": "application/json",
            "User-Agent": "SparkOps-Webhooks/1",
        },
        content=body.encode(),
        extensions={"sni_hostname": target.raw_host.decode("ascii")},
    )
    return _sent(request)


def _sent(request: httpx.Request) -> Answer:
    request.extensions["timeout"] = httpx.Timeout(SECONDS, connect=SECONDS / 2).as_dict()
    ends = time.monotonic() + SECONDS
    try:
        with httpx.Client(trust_env=False, follow_redirects=False) as client:
            response = client.send(request, stream=True)
            try:
                return Answer(response.status_code, _beginning(response, ends))
            finally:
                response.close()
    except httpx.TimeoutException:
        return Answer(problem=f"There was no answer within {SECONDS:.0f} seconds.")
    except httpx.HTTPError as error:
        return Answer(problem=f"The connection failed: {type(error).__name__}.")


def _beginning(response: httpx.Response, ends: float) -> str:
    found = b""
    for chunk in response.iter_raw(EXCERPT):
        found += chunk
        if len(found) >= EXCERPT or time.monotonic() > ends:
            break
    return found[:EXCERPT].decode(errors="replace").replace("\0", "�")


def _resolved(host: str, port: int) -> Address:
    found = addresses_of(host, port)
    if not all(_allowed(one) for one in found):
        raise _refused("The server is in a private network. Messages go to public ones only.")
    return found[0]


def _allowed(address: Address) -> bool:
    here = unwrapped(address).is_loopback and settings.HOOKS_ALLOW_LOOPBACK
    return here or is_public(address)


def _literal(host: str) -> Address | None:
    if host.lower().rstrip(".").endswith("localhost"):
        return ip_address("127.0.0.1")
    try:
        return ip_address(host)
    except ValueError:
        return None


def _refused(sentence: str) -> Refusal:
    return Refusal("bad_address", sentence, field="url")
