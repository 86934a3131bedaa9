"""Has imported what programs need, and forks a child for each: ``python -m rehearsal.deploy.forks``.

Standard input is a socket. A message on it names what to load first, and brings the three standard files of the
child. No thread may ever be started here: only what has none can be forked.
"""

from __future__ import annotations

import gc
import json
import os
import socket
import sys
from collections.abc import Mapping
from importlib import import_module

from rehearsal import clients
from rehearsal.deploy import child

MOST_BYTES = 1 << 16
PROVIDER = "pulumi_aws"


def main() -> None:
    gc.disable()
    requests = socket.socket(fileno=os.dup(0))
    child.hide_own_path(sys.argv[1])
    import_module("rehearsal.deploy.execution")
    while True:
        message, files, _, _ = socket.recv_fds(requests, MOST_BYTES, 3)
        if not message:  # the parent has ended
            return
        load(json.loads(message))
        process = os.fork()
        if not process:
            requests.close()
            _stand_on(files)
            child.main()
        for file in files:
            os.close(file)
        os.waitpid(process, 0)
        requests.send(b".")


def _stand_on(files: list[int]) -> None:
    for place, file in enumerate(files):
        os.dup2(file, place)
        os.close(file)


def load(wanted: Mapping[str, list[str]]) -> None:
    """Import parts of the provider, which are lazy and come when something of them is first asked for; read models."""
    for name in wanted["modules"]:
        getattr(import_module(name), "__all__", None)
    clients.learn(wanted["services"])


def loaded() -> dict[str, list[str]]:
    """What a program has made come: the parts of the provider that have modules of their own by now, and models."""
    parts = (name.split(".") for name in sys.modules if name.startswith(f"{PROVIDER}."))
    modules = sorted({f"{PROVIDER}.{part[1]}" for part in parts if len(part) > 2})
    return {"modules": modules, "services": clients.known()}


if __name__ == "__main__":
    main()
