"""An OpenID provider for tests: real HTTP on loopback, signed ID tokens, one person at a time.

`sign_in` says who sits at the browser; the fields `of_…`, `lasts`, `signs_with` and `refuses` let
the provider err. What the product sent is in `asked`.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

CLIENT, SECRET = "sparkops-at-north", "only-the-two-of-us-know-9f2c"


@dataclass
class OpenIDProvider:
    """A running provider. `claims` are of the person who is signed in there."""

    port: int = 0
    claims: dict[str, Any] = field(default_factory=dict)
    lasts: int = 300
    signs_with: RSAPrivateKey | None = None
    of_token: dict[str, Any] = field(default_factory=dict)
    of_info: dict[str, Any] = field(default_factory=dict)
    of_configuration: dict[str, Any] = field(default_factory=dict)
    refuses: str = ""
    key: RSAPrivateKey = field(default_factory=lambda: generate_private_key(65537, 2048))
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def sign_in(self, email: str, subject: str = "", **more: Any) -> None:
        """Somebody sits at the browser whom the provider knows."""
        self.claims = {"sub": subject or f"id-of-{email}", "email": email, "email_verified": True}
        self.claims |= {"name": "Nora North", **more}

    def configuration(self) -> dict[str, Any]:
        here = self.issuer
        return {
            "issuer": here,
            "authorization_endpoint": f"{here}/authorize",
            "token_endpoint": f"{here}/token",
            "jwks_uri": f"{here}/keys",
            "userinfo_endpoint": f"{here}/userinfo",
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            **self.of_configuration,
        }

    def keys(self) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**public, "kid": "one", "alg": "RS256", "use": "sig"}]}

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser goes with a code, or with an error if the provider refuses."""
        back = {"state": asked["state"]}
        if self.refuses:
            return f"{asked['redirect_uri']}?{urlencode({**back, 'error': self.refuses})}"
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({**back, 'code': code})}"

    def token(self, sent: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """Checks what the specification asks of a provider: client, secret, code, address, PKCE."""
        began = self.codes.pop(sent.get("code", ""), None)
        told = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        if began is None or told != f"{CLIENT}:{SECRET}":
            return 400, {"error": "invalid_grant"}
        digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        same = (
            challenge == began["code_challenge"] and sent["redirect_uri"] == began["redirect_uri"]
        )
        if not same or began["code_challenge_method"] != "S256":
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        about = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + self.lasts}
        claims = {**about, **self.claims, **self.of_token}
        signed = jwt.encode(claims, self.signs_with or self.key, "RS256", headers={"kid": "one"})
        return 200, {"access_token": "access-1", "token_type": "Bearer", "id_token": signed}


@contextmanager
def running_provider() -> Iterator[OpenIDProvider]:
    """A provider that runs until the end of the block."""
    provider = OpenIDProvider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            provider.asked.append((parts.path, asked))
            if parts.path == "/authorize":
                self._say(302, {}, {"Location": provider.authorize(asked)})
            elif parts.path == "/.well-known/openid-configuration":
                self._say(200, provider.configuration())
            elif parts.path == "/keys":
                self._say(200, provider.keys())
            elif self.headers["Authorization"] == "Bearer access-1":
                self._say(200, {**provider.claims, **provider.of_info})
            else:
                self._say(401, {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            sent = {name: values[0] for name, values in parse_qs(body).items()}
            provider.asked.append((self.path, sent))
            self._say(*provider.token(sent, self.headers["Authorization"] or ""))

        def _say(
            self, status: int, content: dict[str, Any], headers: dict[str, str] | None = None
        ) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
