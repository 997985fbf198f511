"""Ports on 127.0.0.1. Nothing is assumed to be free."""

import errno
import socket

from sparkops.local.errors import LocalFault

LOOPBACK = "127.0.0.1"
HIGHEST = 65535


def reserve(preferred: int, tries: int = 200) -> socket.socket:
    """A socket bound to the preferred port or the next free one; any free port for 0.

    Bound but not listening: the port stays ours while everything else starts, and nobody can
    connect before the web server listens on it. Raises LocalFault when none of `tries` is free.
    """
    for port in range(preferred, min(preferred + tries, HIGHEST + 1)):
        if port and is_answered(port):
            continue
        held = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            held.bind((LOOPBACK, port))
        except OSError as fault:
            held.close()
            if fault.errno == errno.EADDRINUSE:
                continue
            raise LocalFault(
                f"Port {port} cannot be used ({fault.strerror}). Choose another one with --port."
            ) from fault
        return held
    raise LocalFault(f"No port from {preferred} on is free. Choose another one with --port.")


def is_answered(port: int) -> bool:
    """Whether a program already answers on the port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0


def free_port(preferred: int = 0) -> int:
    """The preferred port if it is free, else one that was free a moment ago."""
    if preferred and not is_answered(preferred):
        try:
            with reserve(preferred, tries=1):
                return preferred
        except LocalFault:
            pass
    with reserve(0) as held:
        port: int = held.getsockname()[1]
        return port
