"""Values as conditions compare them: numbers, moments, addresses, yes or no, octets. None is what cannot be read."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import datetime
from decimal import Decimal
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_SECONDS = re.compile(r"\d{1,19}(\.\d{1,9})?", re.ASCII)
_DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
_TIME = re.compile(r"(\d\d):(\d\d)(?::(\d\d)(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?", re.ASCII)
_EPOCH = datetime(1970, 1, 1)
_NETWORK = re.compile(r"[0-9A-Fa-f:.]+(/\d{1,3})?", re.ASCII)


def number(text: str) -> Decimal | None:
    return Decimal(text) if len(text) <= 100 and _NUMBER.fullmatch(text) else None


def moment(text: str) -> Decimal | None:
    """Seconds since 1970: a count of them, or a day or time in ISO 8601; without a zone it is UTC."""
    if _SECONDS.fullmatch(text):
        return Decimal(text)
    day, _, time = text.upper().partition("T")
    of_day, of_time = _DAY.fullmatch(day), _TIME.fullmatch(time or "00:00Z")
    if not of_day or not of_time or text.upper().endswith("T"):
        return None
    year, month, date = (int(part or 1) for part in of_day.groups())
    hour, minute, second = (int(part or 0) for part in of_time.groups()[:3])
    try:
        since = datetime(year, month, date, hour, minute, second) - _EPOCH
    except ValueError:
        return None
    offset = _offset_seconds(of_time[5] or "Z")
    return None if offset is None else Decimal(since.days * 86400 + since.seconds - offset) + Decimal(of_time[4] or 0)


def _offset_seconds(zone: str) -> int | None:
    if zone == "Z":
        return 0
    hours, minutes = int(zone[1:3]), int(zone[-2:])
    seconds = hours * 3600 + minutes * 60
    return None if hours > 23 or minutes > 59 else -seconds if zone[0] == "-" else seconds


def truth(text: str) -> bool | None:
    return {"true": True, "false": False}.get(text.lower())


def octets(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def network(text: str) -> IPv4Network | IPv6Network | None:
    """An address or a range of them, as ``203.0.113.0/24``. Bits behind the prefix do not count."""
    try:
        return ip_network(text, strict=False) if _NETWORK.fullmatch(text) else None
    except ValueError:
        return None


def address(text: str) -> IPv4Address | IPv6Address | None:
    """An IPv4 address in IPv6's clothes is the IPv4 address."""
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found
