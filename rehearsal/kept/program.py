"""What was deployed last, as the calls that made it: repeated, they give the containers that readers look into.

Only calls that make such containers are written down. None of them carries a body of data, code or a policy, and none
is written that holds a value which the deployment calls secret.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from rehearsal.asked import Asked

# Nothing here is what a reader of another service would need to look into its data.
RECORDED: Mapping[str, frozenset[str]] = {
    "s3": frozenset({"CreateBucket", "PutBucketVersioning", "PutBucketEncryption", "PutBucketTagging",
                     "PutBucketLifecycleConfiguration"}),
    "dynamodb": frozenset({"CreateTable", "UpdateTimeToLive", "UpdateContinuousBackups"}),
    "sqs": frozenset({"CreateQueue", "SetQueueAttributes", "TagQueue"}),
    "glue": frozenset({"CreateDatabase", "CreateTable", "CreatePartition", "BatchCreatePartition", "CreateJob"}),
    "athena": frozenset({"CreateWorkGroup", "CreateDataCatalog", "CreateNamedQuery", "CreatePreparedStatement"}),
    "scheduler": frozenset({"CreateScheduleGroup", "CreateSchedule"}),
    "cloudwatch": frozenset({"PutMetricAlarm", "PutCompositeAlarm", "PutDashboard"}),
    "sns": frozenset({"CreateTopic"}),
}  # fmt: skip

HEADERS = re.compile(
    r"^(CONTENT_TYPE|HTTP_(X_AMZN?_(?!SECURITY_TOKEN|CONTENT_SHA256|DATE)\w+|SMITHY_PROTOCOL|ACCEPT))$"
)
SIGNED = re.compile(r"Credential=[^/]+/([^/]+/[^/]+/[^/]+/aws4_request)")
SHORTEST_SECRET = 4  # a shorter value would be found by chance


@dataclass(frozen=True)
class Made:
    """One call of the deployer to a service, which ``scope`` names in the way of signatures."""

    service: str
    method: str
    path: str
    query: str
    headers: dict[str, str]
    scope: str
    body: bytes

    @classmethod
    def of(cls, asked: Asked) -> Made | None:
        """The call, if it is one to write down."""
        if asked.operation not in RECORDED.get(asked.service, ()):
            return None
        signed = SIGNED.search(asked.headers.get("authorization", ""))
        if signed is None:
            return None
        headers = {name: str(value) for name, value in asked.environ.items() if HEADERS.match(name)}
        query = str(asked.environ.get("QUERY_STRING", ""))
        return cls(asked.service, asked.method, asked.path, query, headers, signed[1], asked.body)

    def holds(self, secrets: Iterable[str]) -> bool:
        whole = b" ".join([self.path.encode(), self.query.encode(), repr(self.headers).encode(), self.body])
        return any(len(secret) >= SHORTEST_SECRET and secret.encode() in whole for secret in secrets)

    def environ(self, host: str, key: str) -> dict[str, Any]:
        """The call as a WSGI server would hand it on, as one of the holder of ``key``."""
        name, _, port = host.rpartition(":")
        return {
            "REQUEST_METHOD": self.method,
            "PATH_INFO": self.path,
            "RAW_URI": self.path,
            "REQUEST_URI": self.path,
            "SCRIPT_NAME": "",
            "QUERY_STRING": self.query,
            "SERVER_NAME": name,
            "SERVER_PORT": port,
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": host,
            "HTTP_AUTHORIZATION": f"AWS4-HMAC-SHA256 Credential={key}/{self.scope}, SignedHeaders=host, Signature=0",
            "CONTENT_LENGTH": str(len(self.body)),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(self.body),
            **self.headers,
        }

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "body": self.body.decode("latin-1")}  # can be searched, unlike base64

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Made:
        return cls(**{**plain, "body": plain["body"].encode("latin-1")})
