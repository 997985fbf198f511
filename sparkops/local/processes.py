"""Child processes: started in order, watched together, stopped in reverse.

Every child has a session of its own (Ctrl-C reaches only the launcher) and a log file. On Linux
the kernel ends it when the launcher dies; `leftovers` covers what that cannot.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from sparkops.local.errors import LocalFault, ProgramExited, Stopped
from sparkops.local.leftovers import RunFile

PR_SET_PDEATHSIG = 1
TAIL_LINES = 15
POLL_SECONDS = 0.2


@dataclass(frozen=True)
class Account:
    """The user a program runs as."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Program:
    """What to start. Programs of a higher tier are stopped first, those of one tier together."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    tier: int
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals = signal.SIGKILL  # sent by the kernel when the launcher dies
    patience: float = 8.0  # seconds between the stop signal and SIGKILL
    account: Account | None = None
    pass_fds: tuple[int, ...] = ()
    folder: Path | None = None


@dataclass
class Child:
    """A started program."""

    program: Program
    process: subprocess.Popen[bytes]
    log: Path
    shown: int = field(default=0)  # bytes of the log that were already passed on

    def text(self) -> str:
        """The log of this run so far."""
        return self.log.read_text(errors="replace")

    def tail(self) -> str:
        """The last lines of the log."""
        lines = self.text().strip().splitlines()
        return "\n".join(f"  {line}" for line in lines[-TAIL_LINES:])

    def exited(self) -> ProgramExited | None:
        """How the program ended, or None while it runs."""
        code = self.process.poll()
        if code is None:
            return None
        return ProgramExited(self.program.name, code, str(self.log), self.tail())

    def new_lines(self) -> list[str]:
        """Complete log lines since the last call."""
        with self.log.open("rb") as stream:
            stream.seek(self.shown)
            text = stream.read()
        complete, newline, _ = text.rpartition(b"\n")
        self.shown += len(complete + newline)
        return complete.decode(errors="replace").splitlines()

    def send(self, number: signal.Signals) -> None:
        """Signal the leader, if it still runs."""
        if self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(number)

    def end_group(self) -> None:
        """Kill whatever is left of the program's session, then collect it."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Supervisor:
    """Owns the children. One per launcher, used from its main thread."""

    def __init__(self, logs: Path, run_file: Path) -> None:
        self.logs = logs
        self.run_file = RunFile(run_file)
        self.children: list[Child] = []
        self.stop_requests = 0
        self.last_request: int | None = None  # the number of the last signal
        logs.mkdir(parents=True, exist_ok=True)

    def listen(self) -> None:
        """Take SIGINT, SIGTERM and SIGHUP as the wish to stop; a second one as impatience."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._note_request)

    def _note_request(self, number: int, _frame: FrameType | None) -> None:
        # Only counted here: raising from a handler could lose a child between fork and record.
        self.stop_requests += 1
        self.last_request = number

    def pause(self, seconds: float = POLL_SECONDS) -> None:
        """Sleep. Raises Stopped when the end was asked for, ProgramExited when a child died."""
        time.sleep(seconds)
        if self.stop_requests:
            raise Stopped
        self.raise_if_any_exited()

    def raise_if_any_exited(self) -> None:
        """Raise ProgramExited for the first child that is gone."""
        for child in self.children:
            fault = child.exited()
            if fault:
                raise fault

    def start(self, program: Program) -> Child:
        """Start a program with its own log file; the previous run's log is kept beside it."""
        log = self.logs / f"{program.name}.log"
        if log.exists():
            log.replace(log.with_suffix(".log.1"))
        descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
        try:
            process = _spawn(program, descriptor)
        finally:
            os.close(descriptor)
        child = Child(program, process, log)
        self.children.append(child)
        self.run_file.add(program.name, process.pid)
        return child

    def wait_until(self, child: Child, ready: Callable[[], bool], patience: float) -> None:
        """Wait until `ready()`. Raises LocalFault after `patience` seconds."""
        deadline = time.monotonic() + patience
        while not ready():
            if time.monotonic() > deadline:
                raise LocalFault(
                    f"{child.program.name} was not ready within {patience:.0f} seconds. "
                    f"The last lines of {child.log}:\n{child.tail()}"
                )
            self.pause()

    def complete(self, program: Program, show: Callable[[str], None]) -> None:
        """Run a program to its end, its lines going to `show`. Raises ProgramExited on failure."""
        child = self.start(program)
        while child.process.poll() is None:
            for line in child.new_lines():
                show(line)
            time.sleep(POLL_SECONDS)
            if self.stop_requests:
                raise Stopped
        for line in child.new_lines():
            show(line)
        fault = child.exited()
        if fault and fault.code != 0:
            raise fault
        self.forget(child)

    def forget(self, child: Child) -> None:
        """Stop watching a child that has ended."""
        child.end_group()
        self.children.remove(child)
        self.run_file.remove(child.process.pid)

    def watch(self) -> None:
        """Block while everything runs. Raises Stopped or ProgramExited."""
        while True:
            self.pause(0.3)

    def stop(self) -> None:
        """Stop every child, the highest tier first. A stop request meanwhile skips the waiting."""
        already = self.stop_requests
        for tier in sorted({child.program.tier for child in self.children}, reverse=True):
            group = [child for child in self.children if child.program.tier == tier]
            for child in group:
                child.send(child.program.stop_signal)
            deadline = time.monotonic() + max(child.program.patience for child in group)
            while any(child.process.poll() is None for child in group):
                if time.monotonic() > deadline or self.stop_requests > already:
                    break
                time.sleep(0.05)
            for child in group:
                self.forget(child)


def _spawn(program: Program, log: int) -> "subprocess.Popen[bytes]":
    account = program.account
    try:
        return subprocess.Popen(
            list(program.command),
            env=dict(program.environment),
            cwd=program.folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            umask=0o077,
            pass_fds=program.pass_fds,
            preexec_fn=die_with_parent(program.orphan_signal, os.getpid()),
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
    except (OSError, subprocess.SubprocessError) as fault:
        raise LocalFault(f"{program.name} could not be started: {fault}") from fault


def die_with_parent(number: signal.Signals, launcher: int) -> Callable[[], None] | None:
    """For `preexec_fn`, Linux only: the kernel sends the child `number` when `launcher` dies.

    Runs after the change of user, which would have cleared the setting.
    """
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def ask_the_kernel() -> None:
        prctl(PR_SET_PDEATHSIG, int(number))
        if os.getppid() != launcher:  # it died before the kernel knew
            os._exit(1)

    return ask_the_kernel
