"""Who is told, and who is shown: addresses and owners that a stack names."""

from __future__ import annotations

import re

from infra.errors import SettingsError
from infra.naming import PROJECT

MOST_EMAILS = 10
QUICKSIGHT_OWNER = re.compile(r"arn:aws[a-z-]*:quicksight:[a-z0-9-]+:(?P<account>\d{12}):(user|group)/[^/\s]+/\S+")


def quicksight_owner(said: str | None) -> str | None:
    """The user or group of QuickSight that dashboards are made for; None where there are to be none."""
    if said and not QUICKSIGHT_OWNER.fullmatch(said):
        raise SettingsError(
            f"{PROJECT}:quicksightOwner is {said!r}, which is no user or group of QuickSight; give its ARN, such as "
            "arn:aws:quicksight:REGION:ACCOUNT:user/default/NAME, or leave it out to have no dashboards there"
        )
    return said or None


def emails(said: str | None) -> tuple[str, ...]:
    """Mail addresses with commas between them; none where nothing is set."""
    found = tuple(dict.fromkeys(part.strip() for part in (said or "").split(",") if part.strip()))
    for email in found:
        if not re.fullmatch(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+", email):
            raise SettingsError(f"{PROJECT}:alarmEmail has {email!r}, which is no mail address; give NAME@EXAMPLE.ORG")
    if len(found) > MOST_EMAILS:
        raise SettingsError(
            f"{PROJECT}:alarmEmail has {len(found)} addresses, but a budget tells {MOST_EMAILS} at most; give the "
            "address of a mailing list"
        )
    return found
