"""The action of each of S3's operations, and whether it works on a bucket or on an object."""

from __future__ import annotations

ANYWHERE = {"ListBuckets": "ListAllMyBuckets"}

_READ_AND_WRITTEN = {  # what is read by Get, written by Put, and taken away by the permission to write it
    "AccelerateConfiguration": "AccelerateConfiguration",
    "Acl": "BucketAcl",
    "AnalyticsConfiguration": "AnalyticsConfiguration",
    "Cors": "BucketCORS",
    "Encryption": "EncryptionConfiguration",
    "IntelligentTieringConfiguration": "IntelligentTieringConfiguration",
    "InventoryConfiguration": "InventoryConfiguration",
    "Lifecycle": "LifecycleConfiguration",
    "LifecycleConfiguration": "LifecycleConfiguration",
    "Logging": "BucketLogging",
    "MetricsConfiguration": "MetricsConfiguration",
    "Notification": "BucketNotification",
    "NotificationConfiguration": "BucketNotification",
    "OwnershipControls": "BucketOwnershipControls",
    "Policy": "BucketPolicy",
    "Replication": "ReplicationConfiguration",
    "RequestPayment": "BucketRequestPayment",
    "Tagging": "BucketTagging",
    "Versioning": "BucketVersioning",
    "Website": "BucketWebsite",
}
_NEVER_TAKEN_AWAY = (
    "AccelerateConfiguration", "Acl", "LifecycleConfiguration", "Logging", "Notification", "NotificationConfiguration",
    "RequestPayment", "Versioning",
)  # fmt: skip

ON_BUCKET = {
    **{f"GetBucket{name}": f"Get{action}" for name, action in _READ_AND_WRITTEN.items()},
    **{f"PutBucket{name}": f"Put{action}" for name, action in _READ_AND_WRITTEN.items()},
    **{f"DeleteBucket{name}": f"Put{action}" for name, action in _READ_AND_WRITTEN.items()
       if name not in _NEVER_TAKEN_AWAY},
    "CreateBucket": "CreateBucket",
    "DeleteBucket": "DeleteBucket",
    "DeleteBucketPolicy": "DeleteBucketPolicy",
    "DeleteBucketWebsite": "DeleteBucketWebsite",
    "DeletePublicAccessBlock": "PutBucketPublicAccessBlock",
    "GetBucketAbac": "GetBucketAbac",
    "GetBucketLocation": "GetBucketLocation",
    "GetBucketPolicyStatus": "GetBucketPolicyStatus",
    "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "HeadBucket": "ListBucket",
    "ListBucketAnalyticsConfigurations": "GetAnalyticsConfiguration",
    "ListBucketIntelligentTieringConfigurations": "GetIntelligentTieringConfiguration",
    "ListBucketInventoryConfigurations": "GetInventoryConfiguration",
    "ListBucketMetricsConfigurations": "GetMetricsConfiguration",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "ListObjectVersions": "ListBucketVersions",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "PutBucketAbac": "PutBucketAbac",
    "PutObjectLockConfiguration": "PutBucketObjectLockConfiguration",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
}  # fmt: skip

ON_OBJECT = {
    "AbortMultipartUpload": "AbortMultipartUpload",
    "CompleteMultipartUpload": "PutObject",
    "CreateMultipartUpload": "PutObject",
    "DeleteObject": "DeleteObject",
    "DeleteObjectTagging": "DeleteObjectTagging",
    "GetObject": "GetObject",
    "GetObjectAcl": "GetObjectAcl",
    "GetObjectAttributes": "GetObjectAttributes",
    "GetObjectLegalHold": "GetObjectLegalHold",
    "GetObjectRetention": "GetObjectRetention",
    "GetObjectTagging": "GetObjectTagging",
    "GetObjectTorrent": "GetObjectTorrent",
    "HeadObject": "GetObject",
    "ListParts": "ListMultipartUploadParts",
    "PutObject": "PutObject",
    "PutObjectAcl": "PutObjectAcl",
    "PutObjectLegalHold": "PutObjectLegalHold",
    "PutObjectRetention": "PutObjectRetention",
    "PutObjectTagging": "PutObjectTagging",
    "RestoreObject": "RestoreObject",
    "SelectObjectContent": "GetObject",
    "UpdateObjectEncryption": "UpdateObjectEncryption",
    "UploadPart": "PutObject",
}

# The action where the call names one version of the object.
VERSIONED = {
    "DeleteObject": "DeleteObjectVersion",
    "DeleteObjectTagging": "DeleteObjectVersionTagging",
    "GetObject": "GetObjectVersion",
    "GetObjectAcl": "GetObjectVersionAcl",
    "GetObjectAttributes": "GetObjectVersionAttributes",
    "GetObjectTagging": "GetObjectVersionTagging",
    "GetObjectTorrent": "GetObjectVersionTorrent",
    "PutObjectAcl": "PutObjectVersionAcl",
    "PutObjectTagging": "PutObjectVersionTagging",
}
