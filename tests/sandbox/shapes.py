"""Compares answers with sample bodies: every key of the sample, with a compatible type."""

from __future__ import annotations

from typing import Any

Shape = Any


def is_id(key: str) -> bool:
    return key.endswith(("_id", "_ids"))


def union(rows: list[Any]) -> Any:
    """One value that has the keys of all rows; the first that is not null wins."""
    if not rows or not isinstance(rows[0], dict):
        return next((row for row in rows if row is not None), None)
    keys = {key: None for row in rows for key in row}
    merged = {}
    for key in keys:
        values = [row[key] for row in rows if key in row]
        filled = [value for value in values if value is not None]
        if filled and isinstance(filled[0], dict):
            merged[key] = union(filled)
        elif filled and isinstance(filled[0], list):
            merged[key] = [one for value in filled for one in value]
        else:
            merged[key] = filled[0] if filled else None
    return merged


def differences(sample: Any, answer: Any, path: str = "", key: str = "") -> list[str]:
    """What the sample has and the answer lacks or holds in another type."""
    if sample is None or answer is None:
        return []
    if isinstance(sample, dict):
        if not isinstance(answer, dict):
            return [f"{path}: expected an object, got {answer!r}"]
        found = [f"{path}.{name} is missing" for name in sample if name not in answer]
        for name in sample:
            if name in answer:
                found += differences(sample[name], answer[name], f"{path}.{name}", name)
        return found
    if isinstance(sample, list):
        if not isinstance(answer, list):
            return [f"{path}: expected a list, got {answer!r}"]
        if not sample or not answer:
            return []
        return differences(union(sample), union(answer), f"{path}[]", key)
    return _leaf(sample, answer, path, key)


def _leaf(sample: Any, answer: Any, path: str, key: str) -> list[str]:
    # A number 0 in a sample is TikTok's "none" of an id field.
    if is_id(key) and sample != 0:
        return [] if isinstance(answer, str) else [f"{path}: ids are text, got {answer!r}"]
    if isinstance(sample, bool) or isinstance(answer, bool):
        fits = isinstance(sample, bool) and isinstance(answer, bool)
    elif isinstance(sample, int | float):
        fits = isinstance(answer, int | float)
    else:
        fits = isinstance(answer, type(sample))
    return [] if fits else [f"{path}: sample {sample!r}, answer {answer!r}"]
