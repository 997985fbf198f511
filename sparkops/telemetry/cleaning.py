"""Words that may leave: text without secrets, Spark codes, addresses and quoted values."""

import re
from collections.abc import Mapping
from typing import Any

from sparkops.crypto import masked
from sparkops.logs import HIDDEN, SECRET_WORDS, names_secret

_SPARK_CODE = re.compile(r"#[A-Za-z0-9+/_\-]{8,}={0,2}")
_NAMED = re.compile(
    rf"""([\w-]*(?:{"|".join(SECRET_WORDS)})[\w-]*["']?\s*[:=]\s*["']?)(?:(?:bearer|basic)\s+)?"""
    r"""[^\s"',;&)}\]]+""",
    re.IGNORECASE,
)
_BEARER = re.compile(r"\b(bearer|basic)\s+[^\s\"',;]+", re.IGNORECASE)
_SIGN_IN_OF_URL = re.compile(r"://[^/\s@]+@")
_QUERY_OF_URL = re.compile(r"(://[^\s?#\"']+)[?#][^\s\"']+")
_MAIL = re.compile(r"[\w.+%-]+@([\w-]+\.[\w.-]+)")
# Words as they are drawn by chance: of all three kinds of signs, or small letters with digits.
_DRAWN = re.compile(
    r"(?<![\w+/-])(?:(?=[\w+/-]*[a-z])(?=[\w+/-]*[A-Z])(?=[\w+/-]*\d)[\w+/-]{16,}={0,2}"
    r"|(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{24,})"
)
# What Postgres and pydantic quote is a value of a row or of TikTok's answer.
_QUOTED = (
    (re.compile(r"\s*\b(?:DETAIL|CONTEXT):.*", re.DOTALL), ""),
    (re.compile(r': "[^"\n]*"'), f': "{HIDDEN}"'),
    (re.compile(r"input_value=.*?(?=, input_type=)", re.DOTALL), f"input_value={HIDDEN}"),
)


def clean_text(text: str) -> str:
    """The text with everything hidden that is, or looks like, a secret or a person's."""
    for pattern, instead in _QUOTED:
        text = pattern.sub(instead, text)
    text = _SIGN_IN_OF_URL.sub(f"://{HIDDEN}@", text)
    text = _QUERY_OF_URL.sub(r"\1", text)
    text = _NAMED.sub(rf"\1{HIDDEN}", text)
    text = _BEARER.sub(rf"\1 {HIDDEN}", text)
    text = _MAIL.sub(rf"{HIDDEN}@\1", text)
    text = _SPARK_CODE.sub(lambda found: masked(found[0]), text)
    return _DRAWN.sub(lambda found: masked(found[0]), text)


def clean_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Named values of a log line: numbers as they are, everything else as clean text."""
    return {
        name: HIDDEN if names_secret(name) else _clean_value(value)
        for name, value in fields.items()
    }


def _clean_value(value: Any) -> Any:
    return value if isinstance(value, bool | int | float | None) else clean_text(str(value))
