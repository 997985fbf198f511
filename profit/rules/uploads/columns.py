"""Which column of a file holds what, and which columns nobody knows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sparkops.sheets.headers import folded


@dataclass(frozen=True, slots=True)
class Wanted:
    """A value that a kind of file can hold. `names` are headers it goes by, folded."""

    key: str
    label: str
    names: tuple[str, ...]
    required: bool = False


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each wanted value stands: `at` is a column's index, counted from 0, by key.

    `unknown` are the headers that hold nothing wanted, in the file's order; `missing` the labels
    of required values that no column holds.
    """

    at: Mapping[str, int]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]


def proposed(headers: Sequence[str], wanted: Sequence[Wanted]) -> Columns:
    """The columns by their headers; the first column of a name wins, an exact label always."""
    names = [folded(header) for header in headers]
    at: dict[str, int] = {}
    for one in wanted:
        for name in (folded(one.label), *one.names):
            found = next(
                (i for i, it in enumerate(names) if it == name and i not in at.values()), None
            )
            if found is not None:
                at[one.key] = found
                break
    return chosen(headers, wanted, at)


def chosen(headers: Sequence[str], wanted: Sequence[Wanted], at: Mapping[str, int]) -> Columns:
    """The columns as a person chose them; an index beyond the file holds nothing."""
    kept = {key: index for key, index in at.items() if 0 <= index < len(headers)}
    used = set(kept.values())
    return Columns(
        at=kept,
        unknown=tuple(header for index, header in enumerate(headers) if index not in used),
        missing=tuple(one.label for one in wanted if one.required and one.key not in kept),
    )
