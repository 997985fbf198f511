"""The supervisor with real child processes."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from sparkops.local.errors import LocalFault, ProgramExited, Stopped
from sparkops.local.leftovers import RunFile, began, boot
from sparkops.local.processes import Program, Supervisor

WAIT = "import time; time.sleep(60)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up')\n" + WAIT
)
FAMILY = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(child.pid, flush=True)
time.sleep(60)
"""


def is_running(pid):
    """Whether a process runs; one that only waits to be collected does not."""
    listing = ["ps", "-o", "stat=", "-p", str(pid)]
    state = subprocess.run(listing, capture_output=True, text=True).stdout.strip()
    return bool(state) and not state.startswith("Z")


def eventually(condition, seconds=15.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.05)


def test_a_child_that_dies_is_named_with_its_code_and_its_last_words(supervisor, python_program):
    code = "import sys; print('first'); print('the reason', file=sys.stderr); sys.exit(3)"
    supervisor.start(python_program("worker", code))
    with pytest.raises(ProgramExited) as exited:
        supervisor.watch()
    assert (exited.value.name, exited.value.code) == ("worker", 3)
    assert "exit code 3" in str(exited.value)
    assert "the reason" in str(exited.value)


def test_a_child_ended_by_a_signal_says_so(supervisor, python_program):
    child = supervisor.start(python_program("web", WAIT))
    child.process.kill()
    with pytest.raises(ProgramExited, match="signal 9"):
        supervisor.watch()


def test_a_program_that_cannot_be_started_is_named(supervisor):
    with pytest.raises(LocalFault, match="valkey could not be started"):
        supervisor.start(Program("valkey", ["/does/not/exist"], {}, tier=1))


def test_waiting_ends_when_another_child_dies(supervisor, python_program):
    waiting = supervisor.start(python_program("web", WAIT))
    supervisor.start(python_program("beat", "raise SystemExit(1)"))
    with pytest.raises(ProgramExited, match="beat"):
        supervisor.wait_until(waiting, lambda: False, patience=30)


def test_waiting_too_long_says_for_whom(supervisor, python_program):
    child = supervisor.start(python_program("web", WAIT))
    with pytest.raises(LocalFault, match="web was not ready within 0 seconds"):
        supervisor.wait_until(child, lambda: False, patience=0)


def test_a_one_shot_program_passes_its_lines_on(supervisor, python_program):
    lines = []
    supervisor.complete(python_program("setup", "print('one'); print('two')"), lines.append)
    assert lines == ["one", "two"]
    assert supervisor.children == []


def test_a_failing_one_shot_program_stops_the_start(supervisor, python_program):
    program = python_program("setup", "raise SystemExit('no such table')")
    with pytest.raises(ProgramExited, match="no such table"):
        supervisor.complete(program, lambda line: None)


def test_higher_tiers_stop_first(supervisor, python_program, tmp_path):
    # Each program notes its own end, so the file shows the order.
    code = """
import signal, sys, time
def leave(*_):
    with open({path!r}, "a") as stream:
        stream.write({name!r} + "\\n")
    sys.exit(0)
signal.signal(signal.SIGTERM, leave)
print("ready")
time.sleep(60)
"""
    path = tmp_path / "order"
    children = [
        supervisor.start(python_program(name, code.format(path=str(path), name=name), tier=tier))
        for tier, name in enumerate(("postgres", "valkey", "web"))
    ]
    eventually(lambda: all("ready" in child.log.read_text() for child in children))
    supervisor.stop()
    assert path.read_text().split() == ["web", "valkey", "postgres"]


def test_a_child_that_ignores_the_signal_is_killed(supervisor, python_program):
    child = supervisor.start(python_program("worker", STUBBORN, patience=0.2))
    eventually(lambda: "up" in child.log.read_text())
    supervisor.stop()
    assert child.process.returncode == -signal.SIGKILL


def test_stopping_takes_the_whole_family_of_a_child(supervisor, python_program):
    child = supervisor.start(python_program("worker", FAMILY))
    eventually(lambda: child.log.read_text().endswith("\n"))
    grandchild = int(child.log.read_text())
    supervisor.stop()
    eventually(lambda: not is_running(grandchild))


def test_a_request_to_stop_ends_the_waiting(supervisor, python_program):
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    before[signal.SIGHUP] = signal.getsignal(signal.SIGHUP)
    supervisor.start(python_program("web", WAIT))
    try:
        supervisor.listen()
        os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(Stopped):
            supervisor.watch()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def test_the_log_of_the_run_before_is_kept(supervisor, python_program):
    for word in ("first", "second"):
        supervisor.complete(python_program("setup", f"print({word!r})"), lambda line: None)
    assert (supervisor.logs / "setup.log").read_text() == "second\n"
    assert (supervisor.logs / "setup.log.1").read_text() == "first\n"


LAUNCHER = f"""
import sys
from pathlib import Path
from sparkops.local.processes import Program, Supervisor
home = Path(sys.argv[1])
supervisor = Supervisor(home / "logs", home / "processes.json")
code = {FAMILY!r}
child = supervisor.start(Program("worker", [sys.executable, "-u", "-c", code], {{}}, tier=1))
print(child.process.pid, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def killed_launcher(tmp_path):
    """The ids of a child and a grandchild whose launcher was ended with kill -9."""
    launcher = subprocess.Popen(
        [sys.executable, "-c", LAUNCHER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    child = int(launcher.stdout.readline())
    log = tmp_path / "logs" / "worker.log"
    eventually(lambda: log.read_text().endswith("\n"))
    launcher.kill()
    launcher.communicate()
    yield child, int(log.read_text())
    RunFile(tmp_path / "processes.json").end_leftovers()


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's help exists on Linux only")
def test_children_die_with_a_killed_launcher(killed_launcher):
    child, _ = killed_launcher
    eventually(lambda: not is_running(child))


def test_the_next_start_ends_what_a_killed_launcher_left(killed_launcher, tmp_path):
    child, grandchild = killed_launcher
    assert RunFile(tmp_path / "processes.json").end_leftovers() == ["worker"]
    eventually(lambda: not is_running(child) and not is_running(grandchild))
    assert not (tmp_path / "processes.json").exists()


@pytest.fixture
def stranger():
    process = subprocess.Popen([sys.executable, "-c", WAIT], start_new_session=True)
    yield process
    process.kill()
    process.wait()


@pytest.mark.parametrize(
    "mistake", [{"began": "an earlier moment"}, {"boot": "another boot"}], ids=["reused", "reboot"]
)
def test_a_process_that_got_a_recorded_number_later_is_left_alone(stranger, tmp_path, mistake):
    record = {"name": "web", "pid": stranger.pid, "began": began(stranger.pid), "boot": boot()}
    (tmp_path / "processes.json").write_text(json.dumps([record | mistake]))
    assert RunFile(tmp_path / "processes.json").end_leftovers() == []
    assert stranger.poll() is None


@pytest.mark.parametrize("content", ["", "{", "[1]", '[{"name": "web"}]'])
def test_a_damaged_run_file_is_no_reason_to_fail(tmp_path, content):
    (tmp_path / "processes.json").write_text(content)
    assert RunFile(tmp_path / "processes.json").end_leftovers() == []


def test_children_that_ended_are_not_recorded(supervisor, python_program, tmp_path):
    supervisor.start(python_program("web", WAIT))
    supervisor.stop()
    assert json.loads((tmp_path / "processes.json").read_text()) == []


def test_ctrl_c_at_the_terminal_reaches_the_launcher_only(supervisor, python_program):
    child = supervisor.start(python_program("web", WAIT))
    assert os.getsid(child.process.pid) == child.process.pid != os.getsid(0)


def test_supervisors_make_their_log_folder(tmp_path):
    Supervisor(tmp_path / "deep" / "logs", tmp_path / "processes.json")
    assert (tmp_path / "deep" / "logs").is_dir()
