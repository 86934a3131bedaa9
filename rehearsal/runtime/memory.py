"""How much memory a process holds, in bytes."""

from __future__ import annotations

import subprocess
from pathlib import Path


def resident(pid: int) -> tuple[int, int]:
    """Now, and at most so far where the system remembers it. A process that is gone holds nothing."""
    status = Path(f"/proc/{pid}/status")
    try:
        fields = dict(line.split(":", 1) for line in status.read_text().splitlines() if line.startswith("Vm"))
        return _bytes(fields.get("VmRSS", "0 kB")), _bytes(fields.get("VmHWM", "0 kB"))
    except OSError:
        return (0, 0) if Path("/proc/self/status").exists() else _by_ps(pid)


def _bytes(field: str) -> int:
    return int(field.split()[0]) * 1024


def _by_ps(pid: int) -> tuple[int, int]:
    told = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    now = int(told.strip() or 0) * 1024
    return now, now
