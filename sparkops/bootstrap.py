"""Makes the environment that `demo` and `test` run in, then starts the command inside it.

Standard library only, and readable by older Pythons so that they can say what is missing: nothing
is installed when this runs. Packages come from the hash-pinned locks beside manage.py. pip's own
settings (PIP_* variables and pip.conf: mirrors, certificates, proxies) are honoured throughout.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUN_LOCK = "requirements.lock"
DEV_LOCK = "requirements-dev.lock"
INSTALLER_LOCK = "requirements-installer.lock"
LOCKS = {
    "demo": RUN_LOCK,
    "check_worked_examples": RUN_LOCK,
    "test": DEV_LOCK,
    "bench": DEV_LOCK,
    "torture": DEV_LOCK,
}
# Set by this module for a command; the settings file reads them.
SWITCHES = {
    "demo": "SPARKOPS_DEMO",
    "test": "SPARKOPS_TEST",
    "bench": "SPARKOPS_TEST",
    "check_worked_examples": "SPARKOPS_TEST",
    "torture": "SPARKOPS_TEST",
}
OLDEST = (3, 11)
# What pip calls a setting, and the variable that tells uv the same. uv takes lists with commas
# where pip takes blanks, except for indexes.
UV_NAMES = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "proxy": "ALL_PROXY",
    "timeout": "UV_HTTP_TIMEOUT",
    "default-timeout": "UV_HTTP_TIMEOUT",
}
# pip settings that contradict an install into a folder or an environment of one's own. A lock has
# exact versions, so a constraints file can only get in the way.
PIP_OVERRIDES = {
    "PIP_USER": "0",
    "PIP_REQUIRE_VIRTUALENV": "0",
    "PIP_CONSTRAINT": os.devnull,
    "PIP_ROOT_USER_ACTION": "ignore",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
}


class SetupFault(Exception):
    """The environment cannot be made. The message says why and what to do."""


def ensure_environment(arguments: list[str]) -> None:
    """Return when the running Python has what `arguments` (an argv) needs; otherwise replace it.

    Makes or updates `.venv` and re-executes the same command in it. Ends the process with a
    sentence when that is impossible.
    """
    command = arguments[1] if len(arguments) > 1 else ""
    if command in SWITCHES:
        os.environ.setdefault(SWITCHES[command], "1")
        os.environ["DJANGO_SETTINGS_MODULE"] = "sparkops.settings"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sparkops.settings")
    if command not in LOCKS or os.environ.get("SPARKOPS_NO_BOOTSTRAP"):
        return
    try:
        refuse_unsupported(sys.platform, sys.version_info[:2], platform.libc_ver()[0])
        if enter(Environment(ROOT), LOCKS[command]):
            return
    except SetupFault as fault:
        sys.exit(str(fault))
    except PermissionError as fault:
        sys.exit(
            "SparkOps keeps its environment and data beside manage.py, but may not write "
            f"{fault.filename}. Clone the repository into a folder of your own and try again."
        )
    except KeyboardInterrupt:
        sys.exit("\nStopped. Run the same command again to go on.")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["SPARKOPS_BOOTSTRAPPED"] = "1"
    python = str(ROOT / ".venv" / "bin" / "python")
    os.execv(python, [python, *arguments])


def refuse_unsupported(system: str, version: tuple[int, ...], libc: str) -> None:
    """Raise SetupFault on a machine for which the packages have no binaries."""
    if tuple(version) < OLDEST:
        raise SetupFault(
            "SparkOps needs Python 3.11 or newer; this is Python "
            f"{'.'.join(map(str, version))}. Run the same command with a newer one, for example "
            "python3.11 manage.py demo."
        )
    if system not in ("linux", "darwin") or (system == "linux" and libc != "glibc"):
        raise SetupFault(
            "Postgres and Valkey come as packages for Linux with glibc and for macOS only. "
            "On this machine use: docker compose --profile sandbox up"
        )


def enter(environment: Environment, wanted: str) -> bool:
    """True when the running interpreter is already right; otherwise make it so on disk."""
    lock = environment.lock_for(wanted)
    inside = os.path.realpath(sys.prefix) == os.path.realpath(environment.folder)
    if environment.holds(lock):
        if inside:
            return True
    elif os.environ.pop("SPARKOPS_BOOTSTRAPPED", None) and inside:
        raise SetupFault(
            f"{environment.folder} does not match {lock} although it was just installed. "
            "Delete that folder and try again."
        )
    else:
        environment.install(lock)
    return False


class Environment:
    """The virtual environment beside manage.py and the lock it was installed from."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / ".venv"
        self.python = self.folder / "bin" / "python"
        self.note = self.folder / "installed-lock"
        self.state = root / ".sparkops"

    def lock_for(self, wanted: str) -> str:
        """The lock to install. The dev lock contains the run lock, so it is never taken away."""
        if wanted == RUN_LOCK and self._has_dev_packages():
            return DEV_LOCK
        return wanted

    def _has_dev_packages(self) -> bool:
        if self.note.is_file():
            return self.note.read_text().startswith(DEV_LOCK)
        return any(self.folder.glob("lib/python3*/site-packages/pytest/__init__.py"))

    def stamp(self, lock: str) -> str:
        """Name and content of a lock in one line."""
        digest = hashlib.sha256((self.root / lock).read_bytes()).hexdigest()
        return f"{lock} {digest}\n"

    def holds(self, lock: str) -> bool:
        """Whether exactly this lock was installed completely."""
        return self.note.is_file() and self.note.read_text() == self.stamp(lock)

    def install(self, lock: str) -> None:
        """Install the lock, with uv if it can be had, else with pip. Raises SetupFault."""
        self.state.mkdir(mode=0o711, exist_ok=True)
        with one_at_a_time(self.state / "setup.lock"):
            if self.holds(lock):
                return
            say("Setting up SparkOps in .venv (needed once; about half a minute).")
            self._drop_if_broken()
            self.note.unlink(missing_ok=True)
            self._install_by_any_means(lock)
            self.note.write_text(self.stamp(lock))

    def _drop_if_broken(self) -> None:
        """Remove an environment whose Python is gone, for example after an upgrade."""
        if not self.folder.exists():
            return
        check = f"import sys; sys.exit(sys.version_info < {OLDEST})"
        with contextlib.suppress(OSError):
            if subprocess.run([str(self.python), "-c", check], capture_output=True).returncode == 0:
                return
        if not (self.folder / "pyvenv.cfg").is_file() and any(self.folder.iterdir()):
            raise SetupFault(f"{self.folder} is not a Python environment. Move it away first.")
        shutil.rmtree(self.folder)

    def _install_by_any_means(self, lock: str) -> None:
        failures = []
        for way in (self._with_uv, self._with_pip):
            try:
                return way(lock)
            except StepFailed as failure:
                failures.append(str(failure))
        raise SetupFault(
            "The packages could not be installed.\n\n" + "\n\n".join(failures) + "\n\n"
            "SparkOps needs uv, or Python's pip and venv (on Debian and Ubuntu: "
            "apt install python3-pip python3-venv), and a way to the package index that pip is "
            "set up for. Then run the same command again."
        )

    def _with_uv(self, lock: str) -> None:
        uv = self._find_uv()
        environment = {**os.environ, **uv_settings(pip_settings())}
        if not home_is_writable():
            environment["UV_CACHE_DIR"] = str(self.state / "uv-cache")
        if not self.folder.exists():
            make = [uv, "venv", "--quiet", "--python", base_python(), str(self.folder)]
            run_step("environment", make, environment)
        sync = [uv, "pip", "sync", "--quiet", "--require-hashes", "--no-build"]
        sync += ["--python", str(self.python), str(self.root / lock)]
        run_step(f"packages of {lock}", sync, environment)

    def _find_uv(self) -> str:
        """uv from PATH, from an earlier start, or fetched with pip into `.sparkops`."""
        own = self.state / "uv" / "bin" / "uv"
        for candidate in (shutil.which("uv"), str(own)):
            if candidate and answers([candidate, "--version"]):
                return candidate
        shutil.rmtree(self.state / "uv", ignore_errors=True)
        fetch = [python_with_pip(), "-m", "pip", "install", "--quiet", "--no-input"]
        fetch += ["--target", str(self.state / "uv"), "--only-binary", ":all:"]
        fetch += ["--require-hashes", "-r", str(self.root / INSTALLER_LOCK)]
        run_step("installer", fetch, {**os.environ, **PIP_OVERRIDES})
        return str(own)

    def _with_pip(self, lock: str) -> None:
        environment = {**os.environ, **PIP_OVERRIDES}
        if not answers([str(self.python), "-m", "pip", "--version"]):
            make = [base_python(), "-m", "venv", "--clear", str(self.folder)]
            run_step("environment with venv", make, environment)
        fetch = [str(self.python), "-m", "pip", "install", "--quiet", "--no-input"]
        fetch += ["--require-hashes", "--only-binary", ":all:", "-r", str(self.root / lock)]
        run_step(f"packages of {lock} with pip", fetch, environment)


@contextlib.contextmanager
def one_at_a_time(path: Path):
    """Hold a lock that the system releases when this process ends, however it ends."""
    import fcntl  # absent on Windows, where refuse_unsupported has spoken already

    with path.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def base_python() -> str:
    """The interpreter itself, also when started from some other virtual environment."""
    return getattr(sys, "_base_executable", None) or sys.executable


def python_with_pip() -> str:
    """The running interpreter, or the one below it if only that has pip."""
    here, base = sys.executable, base_python()
    return base if here != base and not answers([here, "-m", "pip", "--version"]) else here


def answers(command: list[str]) -> bool:
    """Whether a program is there and runs."""
    try:
        return subprocess.run(command, capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def home_is_writable() -> bool:
    """Whether uv can keep its cache where it does by default."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or os.environ.get("HOME") or "/nonexistent")
    return home.is_dir() and os.access(str(home), os.W_OK)


def pip_settings() -> dict[str, str]:
    """pip's effective settings by long option name; empty when pip is absent."""
    listing = [python_with_pip(), "-m", "pip", "config", "list"]
    try:
        output = subprocess.run(listing, capture_output=True, text=True, timeout=60).stdout
    except (OSError, subprocess.TimeoutExpired):
        return {}
    return parse_pip_settings(output)


def parse_pip_settings(listing: str) -> dict[str, str]:
    """Read `pip config list`. `[install]` outranks `[global]`; the environment outranks both."""
    by_rank: dict[str, dict[str, str]] = {"global": {}, "install": {}, ":env:": {}}
    for line in listing.splitlines():
        name, found, value = line.partition("=")
        section, _, option = name.rpartition(".")
        if found and section in by_rank:
            with contextlib.suppress(ValueError, SyntaxError):
                by_rank[section][option] = str(ast.literal_eval(value))
    return {**by_rank["global"], **by_rank["install"], **by_rank[":env:"]}


def uv_settings(pip: dict[str, str]) -> dict[str, str]:
    """pip's settings as variables for uv; variables that are set already win."""
    # With hashes any index may offer a file: the first one must not hide the others.
    wanted = {"UV_INDEX_STRATEGY": "unsafe-best-match", "UV_PYTHON_DOWNLOADS": "never"}
    for option, name in UV_NAMES.items():
        values = pip.get(option, "").split()
        if values:
            wanted[name] = (" " if name == "UV_INDEX" else ",").join(values)
    return {name: value for name, value in wanted.items() if not os.environ.get(name)}


class StepFailed(Exception):
    """One way of installing did not work; the message ends with what the program said."""


def run_step(title: str, command: list[str], environment: dict[str, str]) -> None:
    """Run one installer command with a line of visible progress. Raises StepFailed."""
    started = time.monotonic()
    live = sys.stderr.isatty()
    if not live:
        say(f"  {title} ...")
    try:
        process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
    except OSError as fault:
        raise StepFailed(
            f"{title}: {command[0]} could not be started ({fault.strerror})."
        ) from None
    while True:
        if live:
            say(f"\r  {title} ... {time.monotonic() - started:.0f} s", end="")
        try:
            output, _ = process.communicate(timeout=1)
            break
        except subprocess.TimeoutExpired:
            continue
    spent = f"{time.monotonic() - started:.0f} s"
    word = "done" if process.returncode == 0 else "failed"
    say(f"\r  {title} {word} in {spent}" if live else f"  {title} {word} in {spent}")
    if process.returncode != 0:
        lines = output.strip().splitlines()[-12:]
        raise StepFailed("\n".join([f"{title} failed:", *("  " + line for line in lines)]))


def say(text: str, end: str = "\n") -> None:
    """Progress goes to the error stream, so that a command's own output stays clean."""
    sys.stderr.write(text + end)
    sys.stderr.flush()
