"""What can stop a job. Each message is one line: what happened, the value, what to do next."""

from __future__ import annotations


class EtlError(Exception):
    """Stops the job; the message is one line with the next step."""


class UnknownWork(EtlError):
    """The arguments name a source, stream or table that this package has no code for."""


class ManifestUnusable(EtlError):
    """A run's manifest is missing, or is not what the extract function writes."""


class PageDiffers(EtlError):
    """A stored page does not hold the rows that its manifest promises."""


class TooManyBadRows(EtlError):
    """More rows of a run break a rule than its table allows."""


class RowsNotConserved(EtlError):
    """Rows in are not rows merged + duplicates + rows set aside."""


class TableDiffers(EtlError):
    """A table in the catalog cannot be brought to its declaration without losing something."""


class MergeNotSettled(EtlError):
    """Other commits kept coming between a decision and its commit."""
