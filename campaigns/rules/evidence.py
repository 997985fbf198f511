"""An evidence pack as JSON and PDF (N21)."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sparkops.sheets.pdf import Section, pdf_bytes


def as_json(parts: Mapping[str, Any]) -> str:
    """The pack as text; equal content is equal text."""
    return json.dumps(parts, sort_keys=True, indent=1, ensure_ascii=False)


def hash_of(document: str) -> str:
    """SHA-256 of the JSON file's bytes, hexadecimal."""
    return hashlib.sha256(document.encode()).hexdigest()


def as_pdf(
    parts: Mapping[str, Sequence[Mapping[str, Any]]],
    titles: Mapping[str, str],
    *,
    heading: str,
    sha256: str,
    made_at: datetime,
    made_by: str,
) -> bytes:
    """The pack for people, with the hash of the JSON file on its first page and on every foot."""
    sections = [
        Section(
            title, "" if parts[name] else "Nothing is recorded.", [_flat(r) for r in parts[name]]
        )
        for name, title in titles.items()
    ]
    lines = [
        f"Made on {made_at:%d %b %Y %H:%M} UTC by {made_by}.",
        f"SHA-256 of the JSON file: {sha256}",
        "Times are UTC. Days of spend are days of the ad account. Codes are masked.",
    ]
    return pdf_bytes(heading, lines, sections, foot=f"JSON {sha256}", made_at=made_at)


def _section(title: str, records: Sequence[Mapping[str, Any]]) -> Section:
    note = "" if records else "Nothing is recorded."
    return Section(title, note, [_flat(one) for one in records])


def _flat(record: Mapping[str, Any]) -> dict[str, str]:
    return {name.replace("_", " "): _text(value) for name, value in record.items()}


def _text(value: Any) -> str:
    if value is None or value in ([], {}):
        return ""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
