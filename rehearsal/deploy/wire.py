"""Pulumi's wire format, as plain values: secrets unwrapped, whole numbers as int, assets and references resolved."""

from __future__ import annotations

from typing import Any

import pulumi
from google.protobuf import struct_pb2  # type: ignore[import-untyped]

# Pulumi marks special values by this key; sdk/go/common/resource/properties.go has the list.
_KIND = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"
_ASSET = "c44067f5952c0a294b673a41bacd8c17"
_ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7"
_RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e"


def decode(message: struct_pb2.Struct) -> tuple[dict[str, Any], frozenset[str]]:
    """The properties of a message, and the names of those that hold a secret at any depth."""
    secret = frozenset(name for name in message.fields if _holds_secret(message.fields[name]))
    return {name: _plain(value) for name, value in message.fields.items()}, secret


def secret(value: Any) -> dict[str, Any]:
    """The value, marked as secret for the program that reads it."""
    return {_KIND: _SECRET, "value": value}


def _holds_secret(value: struct_pb2.Value) -> bool:
    kind = value.WhichOneof("kind")
    if kind == "list_value":
        return any(_holds_secret(item) for item in value.list_value.values)
    if kind != "struct_value":
        return False
    fields = value.struct_value.fields
    return _kind(fields) == _SECRET or any(_holds_secret(item) for item in fields.values())


def _kind(fields: Any) -> str | None:
    return fields[_KIND].string_value if _KIND in fields else None


def _plain(value: struct_pb2.Value) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        return _struct(value.struct_value.fields)
    if kind == "list_value":
        return [_plain(item) for item in value.list_value.values]
    if kind == "number_value":
        return int(value.number_value) if value.number_value.is_integer() else value.number_value
    return None if kind in (None, "null_value") else getattr(value, kind)


def _struct(fields: Any) -> Any:
    kind = _kind(fields)
    if kind == _SECRET:
        return _plain(fields["value"])
    if kind == _RESOURCE:
        # A resource given where its id is meant: iam.RolePolicy(role=role).
        return _plain(fields["id"]) if "id" in fields else None
    plain = {name: _plain(item) for name, item in fields.items() if name != _KIND}
    if kind == _ASSET:
        return _asset(plain)
    if kind == _ARCHIVE:
        return _archive(plain)
    return plain


def _asset(plain: dict[str, Any]) -> pulumi.Asset:
    if "path" in plain:
        return pulumi.FileAsset(plain["path"])
    return pulumi.RemoteAsset(plain["uri"]) if "uri" in plain else pulumi.StringAsset(plain.get("text", ""))


def _archive(plain: dict[str, Any]) -> pulumi.Archive:
    if "path" in plain:
        return pulumi.FileArchive(plain["path"])
    return pulumi.RemoteArchive(plain["uri"]) if "uri" in plain else pulumi.AssetArchive(plain.get("assets", {}))
