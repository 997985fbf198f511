"""Every event that the product writes has a place in the registry and in the documentation."""

import ast
from pathlib import Path

import pytest

from sparkops.hooks.events import GROUPS, OTHER, group_of

ROOT = Path(__file__).resolve().parents[3]
PACKAGES = ("sparkops", "creators", "authorizations", "campaigns", "profit")


def verbs() -> set[str]:
    """The first words of the log: literals, and f-strings that begin with one."""
    found = set()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            if not {"tiktok", "sandbox"} & set(path.parts):
                found |= _verbs(ast.parse(path.read_text()))
    return found


def _verbs(tree: ast.Module) -> set[str]:
    names = {
        one.targets[0].id: one.value.value
        for one in tree.body
        if isinstance(one, ast.Assign)
        and isinstance(one.targets[0], ast.Name)
        and isinstance(one.value, ast.Constant)
    }
    found = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        if getattr(node.func, "id", "") not in ("record", "Note"):
            continue
        first = node.args[0]
        if isinstance(first, ast.JoinedStr):
            first = first.values[0]
        word = names.get(first.id) if isinstance(first, ast.Name) else None
        value = first.value if isinstance(first, ast.Constant) else word
        if isinstance(value, str):
            found.add(value.partition(".")[0])
    return found


def test_n25_every_noun_of_the_log_is_in_a_group() -> None:
    """N25: webhooks for every event."""
    known = verbs()
    assert len(known) > 30
    assert {noun for noun in known if group_of(f"{noun}.x") == OTHER} == set()


@pytest.mark.parametrize("group", GROUPS, ids=lambda one: one.key)
def test_every_group_is_documented(group: object) -> None:
    text = (ROOT / "docs" / "api.md").read_text()
    assert f"`{group.key}`" in text  # type: ignore[attr-defined]


def test_a_noun_is_in_one_group() -> None:
    nouns = [noun for group in GROUPS for noun in group.nouns]
    assert len(nouns) == len(set(nouns))
