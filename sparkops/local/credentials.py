"""Passwords and keys of one home folder: made once, kept in a file only its owner may read."""

import json
import os
import secrets
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from sparkops.local.errors import LocalFault


@dataclass(frozen=True)
class Credentials:
    """Secrets of the local services and of the local SparkOps."""

    postgres: str
    owner: str
    app: str
    valkey: str
    secret_key: str
    field_key: str

    @classmethod
    def new(cls) -> "Credentials":
        """Fresh random values."""
        return cls(**{item.name: secrets.token_urlsafe(32) for item in fields(cls)})

    @classmethod
    def kept_in(cls, path: Path) -> "Credentials":
        """The values in the file, which is made if it does not exist. Raises LocalFault."""
        if path.exists():
            try:
                return cls(**json.loads(path.read_text()))
            except (ValueError, TypeError) as fault:
                raise LocalFault(
                    f"{path} is damaged, and the data cannot be opened without it. Restore it, or "
                    "start over with --reset."
                ) from fault
        made = cls.new()
        write_private(path, json.dumps(asdict(made), indent=1))
        return made


def write_private(path: Path, text: str) -> None:
    """Write a file with mode 0600, whole or not at all."""
    partial = path.with_name(path.name + ".partial")
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(text)
    partial.replace(path)
