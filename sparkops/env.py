"""Typed reader of environment variables.

Every value that differs between machines is read here, once, by `settings.py`. A missing or
malformed variable stops the process at start with the variable's name, never later with a guess.
"""

import os
from collections.abc import Mapping


class SettingError(Exception):
    """A variable is missing or cannot be read. The message names it and says what is expected."""


class Environment:
    """Reads variables from `values` (the process environment by default)."""

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self._values = os.environ if values is None else values

    def text(self, name: str, default: str | None = None) -> str:
        """The variable as text. Raises SettingError when it is missing and has no default."""
        value = self._values.get(name, "").strip()
        if value:
            return value
        if default is None:
            raise SettingError(f"Set {name}: it is required and has no default.")
        return default

    def flag(self, name: str, default: bool = False) -> bool:
        """True for 1/true/yes/on, False for 0/false/no/off."""
        value = self.text(name, "on" if default else "off").lower()
        if value in {"1", "true", "yes", "on"}:
            return True
        if value in {"0", "false", "no", "off"}:
            return False
        raise SettingError(f"{name} must be one of 1, true, yes, on, 0, false, no, off.")

    def number(self, name: str, default: int) -> int:
        """A whole number."""
        value = self.text(name, str(default))
        try:
            return int(value)
        except ValueError:
            raise SettingError(f"{name} must be a whole number, not {value!r}.") from None

    def share(self, name: str, default: float) -> float:
        """A part of all, from 0 to 1."""
        value = self.text(name, str(default))
        try:
            part = float(value)
        except ValueError:
            part = -1.0
        if not 0 <= part <= 1:
            raise SettingError(f"{name} must be a number from 0 to 1, not {value!r}.")
        return part

    def items(self, name: str, default: str = "") -> list[str]:
        """A comma separated list without empty parts."""
        return [part.strip() for part in self.text(name, default).split(",") if part.strip()]
