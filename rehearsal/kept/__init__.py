"""A lake that stays: its data are written to one file as they change, and are there again after the next deployment."""

from rehearsal.kept.errors import KeptBusy, KeptDamaged, KeptError, KeptFull, KeptOfAnotherVersion
from rehearsal.kept.kept import Kept
from rehearsal.kept.looking import reopen

__all__ = ["Kept", "KeptBusy", "KeptDamaged", "KeptError", "KeptFull", "KeptOfAnotherVersion", "reopen"]
