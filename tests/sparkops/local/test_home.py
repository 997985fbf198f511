import json
import os
import shutil
import subprocess
import sys

import pytest

from sparkops.local.credentials import Credentials
from sparkops.local.errors import LocalFault
from sparkops.local.home import Home, SignIn
from sparkops.local.postgres import shelter_for

HOLD_AND_WAIT = """
import sys
from pathlib import Path
from sparkops.local.home import Home
home = Home(Path(sys.argv[1]))
with home.held():
    home.note_holder("process of the first demo, http://127.0.0.1:8000")
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other_demo(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD_AND_WAIT, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_a_second_demo_on_the_same_folder_is_refused_with_the_address_of_the_first(
    tmp_path, other_demo
):
    with (
        pytest.raises(LocalFault, match=r"http://127\.0\.0\.1:8000.*--home") as refusal,
        Home(tmp_path).held(),
    ):
        pass
    assert str(tmp_path) in str(refusal.value)


def test_a_killed_demo_leaves_no_lock(tmp_path, other_demo):
    other_demo.kill()
    other_demo.wait()
    with Home(tmp_path).held():
        assert "http" not in (tmp_path / "demo.lock").read_text()


def test_a_folder_of_somebody_else_is_refused_with_the_option(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(LocalFault, match="--home"), Home(tmp_path / "file").held():
        pass


def test_emptying_removes_what_the_demo_keeps_and_nothing_else(tmp_path):
    home = Home(tmp_path)
    (tmp_path / "demo.lock").touch()
    before = home.credentials()
    for name in ("postgres", "logs", "files"):
        (tmp_path / name).mkdir()
    home.keep_ports({"sandbox": 4000})
    (tmp_path / "thesis.txt").write_text("not ours")
    home.empty()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["demo.lock", "thesis.txt"]
    assert home.credentials() != before


def test_secrets_are_made_once_and_only_their_owner_can_read_them(tmp_path):
    home = Home(tmp_path)
    first = home.credentials()
    assert home.credentials() == first
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600
    values = list(vars(first).values())
    assert len(set(values)) == len(values)


def test_damaged_secrets_stop_the_start_instead_of_locking_the_data_out(tmp_path):
    (tmp_path / "secrets.json").write_text('{"postgres": "only one"}')
    with pytest.raises(LocalFault, match="--reset"):
        Credentials.kept_in(tmp_path / "secrets.json")


def test_a_database_without_its_secrets_is_reported_and_not_touched(tmp_path):
    (tmp_path / "postgres").mkdir()
    with pytest.raises(LocalFault, match="--reset"):
        Home(tmp_path).credentials()
    assert (tmp_path / "postgres").exists()


def test_deleting_the_folder_by_hand_also_discards_a_database_kept_elsewhere(tmp_path):
    shelter = shelter_for(tmp_path)
    (shelter / "postgres").mkdir(parents=True)
    try:
        Home(tmp_path).credentials()
        assert not (shelter / "postgres").exists()
    finally:
        shutil.rmtree(shelter)


@pytest.mark.parametrize("content", ["", "[]", '{"sandbox": "x"}', "{"])
def test_damaged_port_notes_are_ignored(tmp_path, content):
    (tmp_path / "ports.json").write_text(content)
    assert Home(tmp_path).last_ports() == {}


def test_sign_ins_are_read_as_the_seed_wrote_them(tmp_path):
    home = Home(tmp_path)
    assert home.sign_ins() == []
    row = {"email": "owner@demo.example", "password": "p", "role": "Owner"}
    home.sign_ins_file.write_text(json.dumps([row]))
    assert home.sign_ins() == [SignIn("owner@demo.example", "p", "Owner")]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_write_permission_is_refused(tmp_path):
    tmp_path.chmod(0o555)
    with pytest.raises(LocalFault, match="--home"), Home(tmp_path / "new").held():
        pass
