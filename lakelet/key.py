"""The user's own key of an API: from the environment, or typed without echo; kept nowhere."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from getpass import getpass

from lakelet.errors import UsageError

KEY_VARIABLE = "LAKELET_API_KEY"


def own_key(source: str, ask: Callable[[str], str] = getpass, somebody: bool | None = None, form: str = "KEY") -> str:
    """Raises UsageError where there is none to be had, or what there is cannot be one: it has the ``form`` of a key.

    ``somebody`` says whether there is anybody to ask; by default, whether there is a terminal.
    """
    key = os.environ.get(KEY_VARIABLE, "")
    if not key and (sys.stdin.isatty() if somebody is None else somebody):
        key = ask(f"key of the {source} API, {form} (not shown, not kept): ")
    key = key.strip()
    if not key:
        raise UsageError(f"the {source} API asks for a key; put yours into {KEY_VARIABLE}, as {form}")
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise UsageError(f"the key in {KEY_VARIABLE} has letters that no key has; copy it anew")
    if ":" in form and not all(key.partition(":")[::2]):
        raise UsageError(
            f"the {source} API asks for {form}, and the key in {KEY_VARIABLE} is not of two parts; put both in"
        )
    return key
