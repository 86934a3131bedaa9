"""S3 objects that a program uploads: packages, scripts, configuration."""

from __future__ import annotations

import base64
import mimetypes
from typing import Any

from rehearsal.deploy.assets import asset_bytes
from rehearsal.deploy.order import Order
from rehearsal.deploy.registry import Created, handles

_HEADERS = {
    "CacheControl": "cacheControl",
    "ContentDisposition": "contentDisposition",
    "ContentEncoding": "contentEncoding",
    "ContentLanguage": "contentLanguage",
    "ContentType": "contentType",
    "Metadata": "metadata",
    "StorageClass": "storageClass",
    "ServerSideEncryption": "serverSideEncryption",
    "SSEKMSKeyId": "kmsKeyId",
    "BucketKeyEnabled": "bucketKeyEnabled",
    "WebsiteRedirectLocation": "websiteRedirect",
}


@handles("aws:s3/bucketObject:BucketObject", "aws:s3/bucketObjectv2:BucketObjectv2")
def bucket_object(order: Order) -> Created:
    bucket, key = order.inputs["bucket"], order.inputs.value("key", order.name)
    headers = order.inputs.take(**_HEADERS)
    headers.setdefault("ContentType", mimetypes.guess_type(key)[0] or "application/octet-stream")
    # The two only tell Pulumi when to upload again.
    order.inputs.value("sourceHash"), order.inputs.value("etag")
    content = _content(order)
    answer = order.client("s3").put_object(Bucket=bucket, Key=key, Body=content, **headers)
    if order.tags:
        order.client("s3").put_object_tagging(Bucket=bucket, Key=key, Tagging={"TagSet": order.tag_list()})
    outputs: dict[str, Any] = {
        "key": key, "arn": f"arn:aws:s3:::{bucket}/{key}", "etag": answer["ETag"].strip('"'),
        "contentType": headers["ContentType"], "versionId": answer.get("VersionId", ""),
    }  # fmt: skip
    return Created(f"{bucket}/{key}", outputs)


def _content(order: Order) -> bytes:
    if "source" in order.inputs:
        return asset_bytes(order.inputs["source"])
    if "contentBase64" in order.inputs:
        return base64.b64decode(order.inputs["contentBase64"])
    return str(order.inputs.value("content", "")).encode()
