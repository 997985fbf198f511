"""What must be true of every release: settings, headers, and nothing secret in the tree."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.urls import reverse

from tests.factories.cast import Cast
from tests.guards.test_gate import client_pages

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "SECRET_KEY": "p7Zr2mXq9LwVb4TnKc8JdYf5HgSa3RuEo6Qi1WxMzNvBtPyCkU0GhDjFlAs",
    "FIELD_KEYS": "a-key-of-production-that-opens-nothing",
    "ALLOWED_HOSTS": "sparkops.example",
    "SITE_URL": "https://sparkops.example",
    "DATABASE_URL": "postgres://app:x@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "BEHIND_TLS_PROXY": "on",
    "DJANGO_SETTINGS_MODULE": "sparkops.settings",
    "SPARKOPS_NO_BOOTSTRAP": "1",
}
SECRETS = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "a key of AWS": re.compile(r"\bAKIA[0-9A-Z]{16}\b"),
    "a token of GitHub": re.compile(r"\bgh[pousr]_[A-Za-z0-9]{36}\b"),
    "a token of Slack": re.compile(r"\bxox[abprs]-[0-9A-Za-z-]{20,}"),
    "a key of SparkOps": re.compile(r"\bspo_[0-9a-f]{8}_[A-Za-z0-9_-]{43}\b"),
    "a signed token": re.compile(r"\beyJ[A-Za-z0-9_-]{20,}\.eyJ[A-Za-z0-9_-]{20,}\."),
    "a password in an address": re.compile(
        r"postgres(?:ql)?://[^\s:/{}$]+:[^\s@{}$]{12,}@(?!127\.|localhost)"
    ),
}
TEXT = {".py", ".md", ".toml", ".yml", ".yaml", ".html", ".js", ".css", ".json", ".txt", ".sh", ""}


def tracked() -> list[Path]:
    """Files of the repository that hold text."""
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True
    ).stdout.splitlines()
    if not listed:
        pytest.skip("this is no checkout of the repository")
    return [ROOT / name for name in listed if Path(name).suffix in TEXT]


COOKIES = """
import json
from django.conf import settings
kinds = {}
for kind in ("SESSION", "CSRF"):
    words = ("NAME", "SECURE", "HTTPONLY", "SAMESITE", "PATH", "DOMAIN")
    kinds[kind] = [getattr(settings, f"{kind}_COOKIE_{word}") for word in words]
print(json.dumps([kinds, settings.SESSION_COOKIE_AGE]))
"""


def in_production(*words: str, **changed: str) -> str:
    """What a Python of production prints."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    told = subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env={**kept, **PRODUCTION, **changed},
        capture_output=True,
        text=True,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    return told.stdout


def test_production_settings_pass_every_check_of_deployment() -> None:
    told = in_production("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert "no issues (0 silenced)" in told


def test_cookies_of_production_are_of_this_host_over_tls_and_end() -> None:
    kinds, seconds = json.loads(in_production("-c", COOKIES, SESSION_HOURS="12"))
    assert kinds == {
        "SESSION": ["__Host-sessionid", True, True, "Lax", "/", None],
        "CSRF": ["__Host-csrftoken", True, True, "Lax", "/", None],
    }
    assert seconds == 43_200


def test_nothing_secret_is_in_the_tree() -> None:
    found = [
        f"{path.relative_to(ROOT)} holds {name}"
        for path in tracked()
        if path.is_file()
        for name, pattern in SECRETS.items()
        if pattern.search(path.read_text(errors="replace"))
    ]
    assert found == []


def test_the_content_security_policy_allows_nothing_inline_and_nobody_else() -> None:
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    allowed = {value for values in directives.values() for value in values}
    assert allowed == {"'none'", "'self'", "data:"}
    assert directives["default-src"] == ["'none'"]
    for name in ("script-src", "style-src", "connect-src", "form-action"):
        assert directives[name] == ["'self'"]


@pytest.mark.django_db
def test_no_page_takes_a_post_without_its_token(cast: Cast) -> None:
    """As the owner, who may do everything: what is refused lacks the token and nothing else."""
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(cast.members["owner"])
    for name, _ in client_pages():
        answer = browser.post(reverse(name, kwargs={"client": cast.client.slug}))
        assert answer.status_code == 403, name
    elsewhere = ("/accounts/login/", "/accounts/password/reset/", "/o/north/team/invite/")
    assert [browser.post(path).status_code for path in elsewhere] == [403, 403, 403]


@pytest.mark.django_db
def test_every_page_carries_the_headers(cast: Cast) -> None:
    browser = Browser()
    browser.force_login(cast.members["owner"])
    pages = [reverse(name, kwargs={"client": cast.client.slug}) for name, _ in client_pages()]
    for path in [*pages, "/accounts/login/", "/healthz", "/api/v1/reference/"]:
        headers = browser.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, path
        assert "unsafe" not in policy, path
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["X-Frame-Options"] == "DENY", path
        assert headers["Referrer-Policy"] == "same-origin", path
        if path in pages:
            assert headers["Cache-Control"] == "no-store", path
