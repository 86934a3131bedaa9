"""Objects of S3 buckets: the current version of each. Bodies are read from the file when somebody asks for them."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterable
from typing import Any
from xml.etree import ElementTree

from moto.s3.models import FakeKey, s3_backends

from rehearsal.asked import Asked
from rehearsal.kept.parts import moments
from rehearsal.kept.parts.part import Part
from rehearsal.kept.store import Batch, Name, Store

# Writes with a key in their path that leave the object as it is. An upload in parts counts when it is completed.
NO_CHANGE = frozenset(
    {"CreateMultipartUpload", "UploadPart", "UploadPartCopy", "AbortMultipartUpload", "SelectObjectContent"}
)
TRAITS_ONLY = frozenset(
    {"PutObjectTagging", "DeleteObjectTagging", "PutObjectAcl", "PutObjectLegalHold", "PutObjectRetention",
     "RestoreObject"}
)  # fmt: skip
PLAIN = (
    "encryption", "kms_key_id", "bucket_key_enabled", "lock_mode", "lock_legal_status", "lock_until",
    "checksum_algorithm", "checksum_value", "checksum_type", "checksum_parts", "website_redirect_location",
)  # fmt: skip


class KeptKey(FakeKey):  # type: ignore[misc]
    """An object whose body is still in the file."""

    def __init__(self, load: Callable[[], bytes], **named: Any) -> None:
        self._load: Callable[[], bytes] | None = None
        super().__init__(value=b"", **named)
        self._load = load

    @property
    def _value_buffer(self) -> Any:
        if self._load is not None:
            load, self._load = self._load, None
            self._buffer.write(load())
        return self._buffer

    @_value_buffer.setter
    def _value_buffer(self, buffer: tempfile.SpooledTemporaryFile[bytes]) -> None:
        self._buffer = buffer

    def take_in(self) -> None:
        """Hold the body from now on, as the file is about to forget it."""
        _ = self._value_buffer

    def __getstate__(self) -> dict[str, Any]:
        """Moto copies objects to list them: a copy need not have the body."""
        state = {name: value for name, value in self.__dict__.items() if name not in ("_buffer", "lock")}
        if self._load is None:
            body = self.value
            state["_load"] = lambda: body
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._buffer = tempfile.SpooledTemporaryFile(self._max_buffer_size)  # noqa: SIM115  (``dispose`` closes it)
        self.lock = threading.Lock()

    def dispose(self, garbage: bool = False) -> None:
        self._load = None  # nobody will ask for it any more
        super().dispose(garbage)


class Objects(Part):
    service = "s3"
    names = ("object", "object traits")

    def __init__(self, account_id: str, _region: str) -> None:
        self._backend = s3_backends[account_id]["aws"]
        self._filled: set[str] = set()
        self._in_file: dict[tuple[str, str], KeptKey] = {}

    def touched(self, asked: Asked, _answer: bytes) -> Iterable[Name]:
        if asked.method in ("GET", "HEAD") or asked.operation in NO_CHANGE:
            return ()
        bucket, key = asked.parameters.get("Bucket"), asked.parameters.get("Key")
        if asked.operation == "DeleteObjects":
            return [Name("object", str(bucket), found) for found in _keys(asked.body)]
        if not bucket or not key:
            return ()
        return [Name("object traits" if asked.operation in TRAITS_ONLY else "object", bucket, key)]

    def gather(self, name: Name, batch: Batch) -> None:
        bucket = self._backend.buckets.get(name.place)
        versions = bucket.keys.getlist(name.name, []) if bucket else []
        key = versions[-1] if versions else None
        old = self._in_file.get((name.place, name.name))
        if old is not None and old is not key:
            del self._in_file[name.place, name.name]
            if any(version is old for version in versions):
                old.take_in()
        if not isinstance(key, FakeKey):  # nothing, or a delete marker
            batch.drop(Name("object", name.place, name.name))
            batch.drop_body(name.place, name.name)
            return
        batch.put(Name("object", name.place, name.name), self._traits(key))
        if name.part == "object" and key is not old:
            batch.put_body(name.place, name.name, key.value)

    def restore(self, store: Store, _cut_off: bool) -> None:
        for name, bucket in self._backend.buckets.items():
            if name in self._filled:
                continue
            self._filled.add(name)
            for _, key, traits in store.rows("object", name):
                kept = self._key(store, bucket, key, traits)
                bucket.keys.setlist(key, [kept])
                self._in_file[name, key] = kept

    def _traits(self, key: Any) -> dict[str, Any]:
        told = {
            "size": key.size,
            "etag": key.etag.strip('"'),
            "modified": moments.written(key.last_modified),
            "version": key._version_id,
            "is_versioned": key._is_versioned,
            "storage": key._storage_class,
            "expiry": moments.written(key._expiry),
            "metadata": dict(key.metadata),
            "tags": self._backend.tagger.get_tag_dict_for_resource(key.arn),
            **{name: getattr(key, name) for name in PLAIN},
        }
        return {name: value for name, value in told.items() if value not in (None, {})}

    def _key(self, store: Store, bucket: Any, name: str, traits: dict[str, Any]) -> KeptKey:
        key = KeptKey(
            lambda: store.body(bucket.name, name),
            name=name,
            bucket_name=bucket.name,
            account_id=bucket.account_id,
            region_name=bucket.region_name,
            storage=traits.get("storage"),
            etag=traits["etag"],
            is_versioned=traits.get("is_versioned", False),
            version_id=traits.get("version"),
        )
        key.contentsize = traits["size"]
        key.last_modified = moments.read(traits["modified"])
        key._expiry = moments.read(traits.get("expiry"))
        key.set_metadata(traits.get("metadata", {}))
        for each in PLAIN:
            setattr(key, each, traits.get(each))
        if tags := traits.get("tags"):
            tagger = self._backend.tagger
            tagger.tag_resource(key.arn, tagger.convert_dict_to_tags_input(tags))
        return key


def _keys(body: bytes) -> list[str]:
    """The keys of a DeleteObjects request."""
    return [found.text or "" for found in ElementTree.fromstring(body).iterfind("{*}Object/{*}Key")]
