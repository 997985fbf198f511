"""Whom a comment names: `@mina` or `@mina.sato`, never a handle of TikTok by accident."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_AT = re.compile(r"(?<![\w@.])@([\w.+-]+)")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be named, by `name` and `email`."""

    pk: int
    name: str
    email: str


def call_names(people: Iterable[Person]) -> dict[str, int]:
    """The words after @ that mean one person: the whole name with dots, the first name, and what
    stands before the @ of the e-mail. A word that two people share means neither.
    """
    said = [(word, person.pk) for person in people for word in _words(person)]
    shared = Counter(word for word, _ in said)
    return {word: pk for word, pk in said if shared[word] == 1}


def mentioned(text: str, names: Mapping[str, int]) -> list[int]:
    """The people that a text names, in order of first mention, each once."""
    words = (match.rstrip(".-").lower() for match in _AT.findall(text))
    return list(dict.fromkeys(names[word] for word in words if word in names))


def best_names(people: Iterable[Person]) -> list[str]:
    """One word for each person that can be named, for the hint beside the input."""
    known = list(people)
    names = call_names(known)
    best = (next((word for word in _words(one) if word in names), "") for one in known)
    return [word for word in best if word]


def _words(person: Person) -> list[str]:
    name = person.name.lower().split()
    words = [".".join(name), name[0] if name else "", person.email.lower().partition("@")[0]]
    return list(dict.fromkeys(word for word in words if word))
