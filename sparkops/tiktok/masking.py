"""Keeps secrets and creators' codes out of logs and error texts."""

from __future__ import annotations

import re
from collections.abc import Mapping

# Names whose values never appear in a log, in either API, in query, header or body.
SECRET_NAMES = frozenset(
    {
        "access_token",
        "access-token",
        "app_key",
        "app_secret",
        "auth_code",
        "authorization",
        "client_secret",
        "oauth_code",
        "original_post_auth_code",
        "password",
        "refresh_token",
        "secret",
        "shop_cipher",
        "sign",
        "x-tts-access-token",
    }
)
# A Spark code is "#" and base64 text; TikTok echoes it in some messages.
_SPARK_CODE = re.compile(r"#[A-Za-z0-9+/_\-]{8,}={0,2}")
_NAMED_SECRET = re.compile(
    r"(?i)\b(" + "|".join(sorted(map(re.escape, SECRET_NAMES), key=len, reverse=True)) + r")"
    r"(\"?\s*[=:]\s*\"?)([^\s&\"',;]+)"
)


def mask(secret: str) -> str:
    """First four and last three characters of a long secret, nothing of a short one."""
    return f"{secret[:4]}...{secret[-3:]}" if len(secret) >= 16 else "..."


def mask_values(values: Mapping[str, str]) -> dict[str, str]:
    """The mapping with every value that must stay secret masked."""
    return {
        name: mask(value) if name.lower() in SECRET_NAMES else mask_text(value)
        for name, value in values.items()
    }


def mask_text(text: str) -> str:
    """Free text with Spark codes and ``name=secret`` pairs masked."""
    text = _NAMED_SECRET.sub(lambda found: found[1] + found[2] + mask(found[3]), text)
    return _SPARK_CODE.sub(lambda found: mask(found[0]), text)
