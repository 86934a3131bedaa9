"""Reading S3 as the caller: Iceberg's files through pyiceberg, and whole objects."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlparse

import pyarrow as pa
from pyiceberg.io import FileIO, InputFile, OutputFile

from rehearsal.athena.errors import CannotRehearse, QueryFailed

AT_ONCE = 4


def split(location: str) -> tuple[str, str]:
    """Bucket and key of ``s3://bucket/key``; also of s3a and s3n."""
    found = urlparse(location)
    if not found.scheme.startswith("s3"):
        raise CannotRehearse(f"data at {location}")
    return found.netloc, found.path.lstrip("/")


class Objects:
    """Objects read whole, each once for a statement. ``client`` is an S3 client under the caller's identity."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._kept: dict[str, pa.Buffer] = {}

    def read(self, location: str) -> pa.Buffer:
        """The bytes of an object. Raises QueryFailed with Athena's code where it cannot be read."""
        if location not in self._kept:
            bucket, key = split(location)
            try:
                body = self._client.get_object(Bucket=bucket, Key=key)["Body"].read()
            except self._client.exceptions.ClientError as error:
                raise QueryFailed(
                    "ICEBERG_CANNOT_OPEN_SPLIT", f"Failed to open S3 file: {location}: {error}"
                ) from error
            self._kept[location] = pa.py_buffer(body)
        return self._kept[location]

    def read_all(self, locations: list[str]) -> list[pa.Buffer]:
        """Several, a few at once."""
        if len(locations) < 2:
            return [self.read(location) for location in locations]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(self.read, locations))

    def listed(self, location: str) -> list[tuple[str, int]]:
        """Location and size of each object under a folder, but for those that Hive takes for hidden."""
        bucket, prefix = split(location.rstrip("/") + "/")
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        try:
            found = [(each["Key"], each["Size"]) for page in pages for each in page.get("Contents", ())]
        except self._client.exceptions.ClientError as error:
            raise QueryFailed("HIVE_FILESYSTEM_ERROR", f"Failed to list {location}: {error}") from error
        return [(f"s3://{bucket}/{key}", size) for key, size in found
                if not key.endswith("/") and not any(part.startswith((".",
                "_")) for part in key[len(prefix):].split("/"))]  # fmt: skip


class IcebergFiles(FileIO):
    """pyiceberg's way to files, over ``Objects``; nothing is ever written."""

    def __init__(self, objects: Objects) -> None:
        super().__init__({})
        self._objects = objects

    def new_input(self, location: str) -> InputFile:
        return _Input(location, self._objects)

    def new_output(self, location: str) -> OutputFile:
        raise NotImplementedError(location)

    def delete(self, location: Any) -> None:
        raise NotImplementedError(location)


class _Input(InputFile):
    def __init__(self, location: str, objects: Objects) -> None:
        super().__init__(location)
        self._objects = objects

    def __len__(self) -> int:
        return len(self._objects.read(self.location))

    def exists(self) -> bool:
        return True

    def open(self, seekable: bool = True) -> Any:  # noqa: ARG002
        return pa.BufferReader(self._objects.read(self.location))
