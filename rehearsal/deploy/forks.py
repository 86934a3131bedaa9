"""Has imported what programs need, and forks a child for each: ``python -m rehearsal.deploy.forks``, a template."""

from __future__ import annotations

import gc
import os
import socket
import sys
from importlib import import_module

from rehearsal import clients
from rehearsal.deploy import child
from rehearsal.template import Ready, serve

PROVIDER = "pulumi_aws"


def main() -> None:
    gc.disable()
    import_module("rehearsal.deploy.execution")
    serve(socket.socket(fileno=os.dup(0)), load)
    child.main()


def load(ready: Ready) -> None:
    """Import parts of the provider, which are lazy and come when something of them is first asked for; read models."""
    for name in ready["modules"]:
        getattr(import_module(name), "__all__", None)
    clients.learn(ready["models"])


def loaded() -> Ready:
    """What a program has made come: the parts of the provider that have modules of their own by now, and models."""
    parts = (name.split(".") for name in sys.modules if name.startswith(f"{PROVIDER}."))
    modules = sorted({f"{PROVIDER}.{part[1]}" for part in parts if len(part) > 2})
    return {"modules": modules, "models": clients.known()}


if __name__ == "__main__":
    main()
