"""The library's way to providers, whose addresses somebody typed in.

A name is resolved once, every address that it has must be public, and the connection is made to
the resolved address under TLS for the name. Redirects are not followed, proxies of the environment
not used, long or slow answers not read to their end.
"""

import time
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter

from sparkops.network import Address, addresses_of, is_public

SECONDS = 10.0
MOST_BYTES = 1_000_000
_PORTS = {"https": 443, "http": 80}


class Unreachable(requests.RequestException):
    """An address that is not called, or an answer that is not read. `sentence` says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Door(requests.Session):
    """A session that reaches public addresses only."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False
        self.max_redirects = 0
        for scheme in ("https://", "http://"):
            self.mount(scheme, _PinnedAdapter())

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        """Like that of `requests`, with an end. Raises requests.RequestException."""
        return super().request(*args, **{**kwargs, "timeout": SECONDS / 2})


def read_json(url: str) -> Any:
    """What an address answers; None when it is no JSON. Raises Unreachable."""
    check_scheme(url)
    try:
        with Door() as door:
            answer = door.get(url)
        return answer.json() if answer.status_code == requests.codes.ok else None
    except requests.JSONDecodeError:
        return None
    except Unreachable:
        raise
    except requests.RequestException as error:
        raise Unreachable("The provider does not answer. Check the address.") from error


def check_scheme(url: str) -> None:
    """Raises Unreachable for an address that does not begin with https://."""
    try:
        parts = urlsplit(url)
        known = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        known = False
    schemes = ("https", "http") if settings.SSO_ON_PRIVATE_HOSTS else ("https",)
    if not known or parts.scheme not in schemes or parts.username or parts.password:
        raise Unreachable("Write a whole address that begins with https://.")


class _PinnedAdapter(HTTPAdapter):
    """Connects to the address that was looked at, whatever the name says a moment later."""

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> Any:
        check_scheme(request.url or "")
        ends = time.monotonic() + SECONDS
        request.headers["Host"] = urlsplit(request.url or "").netloc
        response = super().send(request, *args, **{**kwargs, "stream": True})
        # `iter_content` goes on from here for whoever reads the response.
        response._content = _read(response, ends)
        response._content_consumed = True
        return response

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: Any, cert: Any = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        place, tls = super().build_connection_pool_key_attributes(request, verify, cert)
        name = place["host"]
        place["host"] = str(_pinned(name, place["port"] or _PORTS[place["scheme"]]))
        if place["scheme"] == "https":
            tls |= {"server_hostname": name, "assert_hostname": name}
        return place, tls


def _read(response: requests.Response, ends: float) -> bytes:
    found = b""
    for chunk in response.iter_content(16_384):
        found += chunk
        if len(found) > MOST_BYTES or time.monotonic() > ends:
            response.close()
            raise Unreachable("The answer is too long or too slow.")
    return found


def _pinned(host: str, port: int) -> Address:
    try:
        found = addresses_of(host, port)
    except (OSError, UnicodeError) as error:
        raise Unreachable(f"There is no server named {host}.") from error
    if not settings.SSO_ON_PRIVATE_HOSTS and not all(map(is_public, found)):
        raise Unreachable(f"{host} is in a private network. Providers have to be on public ones.")
    return found[0]
