"""Everything that is said to creators, in their language: one catalogue, one file per language.

Each file maps the same keys to sentences; `{names}` in them are filled in by who says them.
English is the measure: a test holds the others to its keys and names.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
LANGUAGES: dict[str, str] = {
    "en": "English",
    "es": "Español",
    "id": "Bahasa Indonesia",
    "vi": "Tiếng Việt",
    "th": "ไทย",
    "de": "Deutsch",
    "fr": "Français",
    "it": "Italiano",
    "pt": "Português",
}
"""By code, under the name that its speakers use, in the order of the switch."""


@dataclass(frozen=True, slots=True)
class Sentences:
    """The catalogue of one language."""

    language: str
    texts: Mapping[str, Any]

    def __getitem__(self, key: str) -> str:
        return str(self.texts[key])

    def say(self, key: str, **names: object) -> str:
        """The sentence with its names filled in. Raises KeyError for an unknown key or name."""
        return self[key].format(**names)

    def day(self, day: date) -> str:
        """A day as this language writes it, with the month in words."""
        month = self.texts["months"][day.month - 1]
        return self.say("date", day=day.day, month=month, year=day.year)


@cache
def sentences(language: str) -> Sentences:
    """The catalogue of a language; English for one that is not spoken here."""
    spoken = language if language in LANGUAGES else "en"
    return Sentences(spoken, tomllib.loads((HERE / f"{spoken}.toml").read_text("utf-8")))


def chosen(wanted: str, accept_language: str = "") -> str:
    """The language to speak: the wanted one, else the browser's best known one, else English.

    `accept_language` is the header of that name; malformed parts are passed over.
    """
    if wanted in LANGUAGES:
        return wanted
    ranked = sorted(_ranked(accept_language), key=lambda one: -one[1])
    return next((word for word, rank in ranked if rank > 0 and word in LANGUAGES), "en")


def _ranked(header: str) -> list[tuple[str, float]]:
    found = []
    for part in header.split(",")[:20]:
        tag, _, rest = part.strip().partition(";")
        rank = rest.strip().removeprefix("q=") or "1"
        try:
            found.append((tag.split("-")[0].lower(), float(rank)))
        except ValueError:
            continue
    return found
