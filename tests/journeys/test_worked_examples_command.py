"""`manage.py check_worked_examples` where nothing is set and nothing runs."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "tests" / "samples" / "profit-worked-examples.json"
# What a person's shell does not have, although the tests do.
OURS = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "SPARKOPS_TEST", "SECRET_KEY")
pytestmark = pytest.mark.journey


def check(path: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in OURS}
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "check_worked_examples", path.name],
        cwd=path.parent,
        env={**environment, "SPARKOPS_NO_BOOTSTRAP": "1"},
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_a_file_is_booked_in_a_database_of_its_own() -> None:
    result = check(EXAMPLES)
    assert result.returncode == 0, result.stderr
    lines = result.stdout.splitlines()
    examples = json.loads(EXAMPLES.read_text())["examples"]
    assert {f"ok   {example['id']}" for example in examples} <= set(lines)
    assert lines[-1] == "Booked in the database, read back from the rollup."


def test_a_missing_file_is_named_before_anything_starts(tmp_path: Path) -> None:
    result = check(tmp_path / "none.json")
    assert result.returncode == 1
    assert f"There is no file {tmp_path / 'none.json'}." in result.stderr
