"""A Valkey of one's own on 127.0.0.1, with a password and nothing written to disk.

Queues are only a hint in SparkOps (due work is found in tables), so nothing is lost with it.
"""

import os
import socket
from pathlib import Path

from sparkops.local.binaries import find_valkey
from sparkops.local.credentials import write_private
from sparkops.local.ports import LOOPBACK
from sparkops.local.processes import Program

SETTINGS = """\
bind {host}
port {port}
requirepass {password}
dir {folder}
save ""
appendonly no
maxmemory-policy noeviction
daemonize no
"""


def program(folder: Path, port: int, password: str) -> Program:
    """The server as a program. The password is in a private file, not on the command line."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "valkey.conf"
    quoted = '"' + str(folder).replace("\\", "\\\\").replace('"', '\\"') + '"'
    text = SETTINGS.format(host=LOOPBACK, port=port, password=password, folder=quoted)
    write_private(settings, text)
    return Program(
        name="valkey",
        command=[str(find_valkey()), str(settings)],
        environment={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
        tier=1,
        folder=folder,
    )


def url(port: int, password: str) -> str:
    """The address for REDIS_URL."""
    return f"redis://:{password}@{LOOPBACK}:{port}/0"


def answers(port: int, password: str) -> bool:
    """Whether the server accepts the password and says PONG."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=2) as connection:
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            received = b""
            while received.count(b"\r\n") < 2:
                chunk = connection.recv(256)
                if not chunk:
                    return False
                received += chunk
    except OSError:
        return False
    return received.startswith(b"+OK") and b"PONG" in received
