"""Where a run took place: numbers without their machine say nothing."""

import os
import platform
from pathlib import Path

from django.db import connections


def lines(size: str, seed: int) -> list[str]:
    """Machine, Postgres, load, size and seed, a line each."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version'), current_setting('fsync'),"
            " current_setting('shared_buffers')"
        )
        version, fsync, buffers = cursor.fetchone()
    load = " ".join(f"{one:.1f}" for one in os.getloadavg())
    return [
        f"machine   {os.cpu_count()} cores, {_processor()}, {_memory()}, {platform.system()}",
        f"python    {platform.python_version()}",
        f"postgres  {version}, fsync {fsync}, shared_buffers {buffers}",
        f"load      {load} (1, 5 and 15 minutes, before the run)",
        f"size      {size}",
        f"seed      {seed}",
    ]


def _processor() -> str:
    return _field("/proc/cpuinfo", "model name") or platform.machine()


def _memory() -> str:
    kilobytes = _field("/proc/meminfo", "MemTotal").removesuffix(" kB")
    return f"{int(kilobytes) / 1024**2:.0f} GB" if kilobytes else "memory unknown"


def _field(path: str, name: str) -> str:
    try:
        text = Path(path).read_text()
    except OSError:
        return ""
    rows = (line.partition(":") for line in text.splitlines())
    return next((value.strip() for key, _, value in rows if key.strip() == name), "")
