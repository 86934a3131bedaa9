"""An exception as one line. Of the program: where in it, what, and the next step. Of AWS: the call and its answer."""

from __future__ import annotations

import re
import traceback
from pathlib import Path

from botocore.exceptions import ClientError


def fault_line(error: BaseException, folder: Path) -> str:
    place = _place(error, folder)
    lacking = re.search(r"Missing required configuration variable '([^']+)'", str(error))
    if lacking:
        return f"{place}the configuration lacks {lacking[1]}; give it with --config {lacking[1]}=..."
    if isinstance(error, SystemExit):
        return f"{place}the program ended itself: exit code {error.code}"
    return f"{place}{type(error).__name__}: {error}"


def answer_line(error: Exception) -> str:
    """The operation with AWS's own code and message."""
    if isinstance(error, ClientError):
        answer = error.response.get("Error", {})
        return f"{error.operation_name}: {answer.get('Code')}: {answer.get('Message')}"
    return " ".join(str(error).split())


def _place(error: BaseException, folder: Path) -> str:
    """``__main__.py:12: ``, the innermost line that is the program's own."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{_within(Path(error.filename), folder) or error.filename}:{error.lineno}: "
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        inside = _within(Path(frame.filename), folder)
        if inside:
            return f"{inside}:{frame.lineno}: "
    return ""


def _within(path: Path, folder: Path) -> str:
    """The path inside the folder; empty for installed packages, even when their environment lies there."""
    resolved = path.resolve()
    if not resolved.is_relative_to(folder) or "site-packages" in resolved.parts:
        return ""
    return str(resolved.relative_to(folder))
