"""The standard-library part that makes `.venv`: its decisions, without installing anything."""

import ast
import hashlib
import sys
from pathlib import Path

import pytest

from sparkops import bootstrap
from sparkops.bootstrap import DEV_LOCK, RUN_LOCK, Environment, SetupFault

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "sparkops" / "bootstrap.py"


@pytest.fixture
def environment(tmp_path):
    for lock in (RUN_LOCK, DEV_LOCK):
        (tmp_path / lock).write_text(f"content of {lock}")
    (tmp_path / ".venv").mkdir()
    return Environment(tmp_path)


def note(environment, lock):
    environment.note.write_text(environment.stamp(lock))


@pytest.mark.parametrize("path", [SOURCE, ROOT / "manage.py"])
def test_an_older_python_can_read_it_and_say_what_is_missing(path):
    ast.parse(path.read_text(), feature_version=(3, 8))


def test_it_needs_nothing_but_the_standard_library():
    imported = set()
    for node in ast.walk(ast.parse(SOURCE.read_text())):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").split(".")[0])
    assert imported <= sys.stdlib_module_names


def test_demo_takes_the_run_lock_and_test_the_dev_lock(environment):
    assert environment.lock_for(bootstrap.LOCKS["demo"]) == RUN_LOCK
    assert environment.lock_for(bootstrap.LOCKS["test"]) == DEV_LOCK


def test_demo_never_takes_the_test_tools_away(environment):
    note(environment, DEV_LOCK)
    assert environment.lock_for(RUN_LOCK) == DEV_LOCK


def test_an_environment_made_by_hand_with_pytest_counts_as_one_for_development(environment):
    package = environment.folder / "lib" / "python3.12" / "site-packages" / "pytest"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    assert environment.lock_for(RUN_LOCK) == DEV_LOCK


def test_the_note_carries_the_hash_of_the_lock_and_a_changed_lock_is_installed_again(environment):
    note(environment, RUN_LOCK)
    digest = hashlib.sha256(f"content of {RUN_LOCK}".encode()).hexdigest()
    assert environment.note.read_text() == f"{RUN_LOCK} {digest}\n"
    assert environment.holds(RUN_LOCK)
    (environment.root / RUN_LOCK).write_text("another version")
    assert not environment.holds(RUN_LOCK)


def test_an_environment_that_holds_the_lock_needs_only_the_change_of_interpreter(environment):
    note(environment, RUN_LOCK)
    # The tests run in another environment than this one, so the answer is "not yet inside".
    assert bootstrap.enter(environment, RUN_LOCK) is False


def test_a_loop_between_install_and_start_is_refused(environment, monkeypatch):
    monkeypatch.setattr(sys, "prefix", str(environment.folder))
    monkeypatch.setenv("SPARKOPS_BOOTSTRAPPED", "1")
    with pytest.raises(SetupFault, match="Delete that folder"):
        bootstrap.enter(environment, RUN_LOCK)


@pytest.mark.parametrize(
    "system, version, libc, expected",
    [
        ("linux", (3, 10), "glibc", "Python 3.11 or newer; this is Python 3.10"),
        ("linux", (3, 11), "", "docker compose"),
        ("win32", (3, 13), "", "docker compose"),
    ],
)
def test_a_machine_without_binaries_is_told_what_to_do(system, version, libc, expected):
    with pytest.raises(SetupFault, match=expected):
        bootstrap.refuse_unsupported(system, version, libc)


@pytest.mark.parametrize("system, libc", [("linux", "glibc"), ("darwin", "")])
def test_linux_with_glibc_and_macos_are_served(system, libc):
    bootstrap.refuse_unsupported(system, (3, 11), libc)


def test_pip_settings_rank_environment_over_install_over_global():
    listing = "\n".join(
        [
            ":env:.cert='/certs/env.pem'",
            "global.cert='/certs/global.pem'",
            "global.index-url='file:///one'",
            "global.timeout='5'",
            "install.index-url='file:///two'",
            "list.format='columns'",
            "not a setting",
        ]
    )
    assert bootstrap.parse_pip_settings(listing) == {
        "cert": "/certs/env.pem",
        "index-url": "file:///two",
        "timeout": "5",
    }


def test_pip_settings_reach_uv_in_its_own_words(monkeypatch):
    for name in bootstrap.UV_NAMES.values():
        monkeypatch.delenv(name, raising=False)
    told = bootstrap.uv_settings(
        {
            "index-url": "file:///main",
            "extra-index-url": "file:///a\nfile:///b",
            "find-links": "/wheels /more-wheels",
            "cert": "/certs/own.pem",
        }
    )
    assert told["UV_DEFAULT_INDEX"] == "file:///main"
    assert told["UV_INDEX"] == "file:///a file:///b"
    assert told["UV_FIND_LINKS"] == "/wheels,/more-wheels"
    assert told["SSL_CERT_FILE"] == "/certs/own.pem"


def test_a_setting_made_for_uv_itself_wins(monkeypatch):
    monkeypatch.setenv("UV_DEFAULT_INDEX", "file:///chosen")
    assert "UV_DEFAULT_INDEX" not in bootstrap.uv_settings({"index-url": "file:///main"})


def test_a_folder_that_is_no_environment_is_not_deleted(environment):
    (environment.folder / "precious.txt").touch()
    with pytest.raises(SetupFault, match="is not a Python environment"):
        environment.install(RUN_LOCK)
    assert (environment.folder / "precious.txt").exists()
