"""Closing a rehearsal within a process that goes on."""

from __future__ import annotations

from tests.rehearsal.processes import is_running


def test_warm_processes_end_and_closing_twice_is_harmless(stage):
    stage.function("f", "    import os\n    return os.getpid()")
    pid = int(stage.rehearsal.invoke("f").payload)
    assert is_running(pid)
    stage.rehearsal.close()
    assert not is_running(pid)
    stage.rehearsal.close()
