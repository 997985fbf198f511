"""Rules of the code base that no linter knows."""

import ast
import re
from pathlib import Path

import pytest
from django.core.management import call_command

from sparkops.celery import QUEUES, app

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("sparkops", "creators", "authorizations", "campaigns", "profit")
MAX_CODE_LINES = 400
# The kit of the API keeps keys and replies; the rest of it declares and answers.
API_WRITERS = {"keys.py", "replies.py"}
WRITES = {"save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create"}


def sources() -> list[Path]:
    return [
        path
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if "migrations" not in path.parts
    ]


def code_lines(path: Path) -> int:
    return sum(
        1
        for line in path.read_text().splitlines()
        if line.strip() and not line.strip().startswith("#")
    )


def test_no_file_is_too_long() -> None:
    long = {str(path.relative_to(ROOT)): code_lines(path) for path in sources()}
    assert {name: lines for name, lines in long.items() if lines > MAX_CODE_LINES} == {}


def test_no_file_is_named_after_nothing() -> None:
    vague = {"utils", "helpers", "common", "services", "misc"}
    assert [
        str(path) for path in sources() if path.stem in vague or path.parent.name in vague
    ] == []


def test_views_do_not_write() -> None:
    found = []
    for path in sources():
        if path.stem not in {"views", "api"} and path.parent.name not in {"views", "api"}:
            continue
        if "sandbox" in path.parts:
            continue
        if path.parent == ROOT / "sparkops" / "api" and path.name in API_WRITERS:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in WRITES
                and not _is_action(node.func.value)
            ):
                found.append(f"{path.relative_to(ROOT)}:{node.lineno} .{node.func.attr}()")
    assert found == []


def _is_action(value: ast.expr) -> bool:
    return isinstance(value, ast.Name) and value.id.endswith("actions")


def test_no_marker_of_unfinished_work_is_left() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    assert [str(path) for path in sources() if marks.search(path.read_text())] == []


def test_every_beat_entry_names_a_task_on_a_known_queue() -> None:
    app.loader.import_default_modules()
    for name, entry in app.conf.beat_schedule.items():
        task = app.tasks.get(entry["task"])
        assert task is not None, f"{name}: there is no task {entry['task']}"
        assert task.lane == entry["options"]["queue"], name
        assert task.lane in QUEUES, name


@pytest.mark.django_db
def test_migrations_say_all_that_the_models_say() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
