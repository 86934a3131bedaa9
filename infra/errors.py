"""What can stop the program before anything is created."""

from __future__ import annotations

import pulumi


class InfraError(pulumi.RunError):
    """Anything that keeps the lake from being declared, in one line. Pulumi shows a RunError without a traceback."""


class SettingsError(InfraError):
    """A setting of the stack is missing, unknown, or contradicts another one."""


class QueryError(InfraError):
    """A file in queries/ cannot be deployed."""


class PackagingError(InfraError):
    """A deployment package could not be built."""
