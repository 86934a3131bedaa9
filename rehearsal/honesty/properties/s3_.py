"""S3."""

from __future__ import annotations

from rehearsal.honesty.effect import Effects, about, of_pulumi, recorded, shown_by, within

OWN = "rehearsal/honesty/test_s3.py"
NAMED = "rehearsal/honesty/test_names.py::test_what_is_named_is_found_under_its_name"
PUTS = "rehearsal/test_deploy_programs.py::test_a_put_arrives_in_the_queue_that_the_program_declares"
VERSIONED = f"{OWN}::test_a_versioned_bucket_keeps_what_is_written_over"
READS = "rehearsal/honesty/test_policies.py::test_the_policy_of_a_bucket_decides_who_reads"
NO_LISTS = "access control lists are not rehearsed"
ENCRYPTED = "objects are told as encrypted; nothing is"

BUCKET: Effects = {
    **shown_by(NAMED, "bucket", "bucketPrefix"),
    **shown_by(VERSIONED, "versioning.enabled"),
    **shown_by(READS, "policy"),
    **recorded("objects are not locked", "objectLockEnabled", as_if=False),
    **shown_by("rehearsal/test_destroy.py::test_force_destroy_takes_every_version_and_marker", "forceDestroy"),
}
VERSIONING: Effects = shown_by(VERSIONED, "bucket", "versioningConfiguration.status")
ENCRYPTION: Effects = {
    **about("bucket"),
    **recorded(ENCRYPTED, "rules"),
}
LIFECYCLE: Effects = {
    **about("bucket"),
    **recorded("nothing expires or moves to another class by itself", "rules"),
}
OBJECT: Effects = {
    **shown_by(f"{OWN}::test_an_object_has_the_content_that_it_was_given", "bucket", "key", "content", "contentBase64"),
    **shown_by("rehearsal/test_patches_functions.py::test_code_from_a_bucket_is_reachable_too", "source"),
    **shown_by(f"{OWN}::test_an_object_is_answered_with_the_headers_that_it_was_given", "cacheControl",
               "contentDisposition", "contentEncoding", "contentLanguage", "contentType", "metadata"),
    **recorded("every class is read alike", "storageClass"),
    **recorded(ENCRYPTED, "serverSideEncryption", "kmsKeyId", "bucketKeyEnabled"),
    **recorded("no web site is served", "websiteRedirect"),
    **of_pulumi("when to upload again", "sourceHash", "etag"),
}  # fmt: skip

EFFECTS: dict[str, Effects] = {
    "aws:s3/bucket:Bucket": BUCKET,
    "aws:s3/bucketV2:BucketV2": {name: effect for name, effect in BUCKET.items() if name != "versioning.enabled"},
    "aws:s3/bucketVersioning:BucketVersioning": VERSIONING,
    "aws:s3/bucketVersioningV2:BucketVersioningV2": VERSIONING,
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": {**about("bucket"), **recorded(NO_LISTS, "rule")},
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {
        **about("bucket"),
        **recorded("nobody from outside comes to the account", "blockPublicAcls", "blockPublicPolicy",
                   "ignorePublicAcls", "restrictPublicBuckets"),
    },
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": ENCRYPTION,
    "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2": ENCRYPTION,
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": LIFECYCLE,
    "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2": LIFECYCLE,
    "aws:s3/bucketPolicy:BucketPolicy": shown_by(READS, "bucket", "policy"),
    "aws:s3/bucketNotification:BucketNotification": {
        **shown_by("rehearsal/test_patches_notifications.py::test_a_bucket_may_send_to_the_event_bus", "eventbridge"),
        **shown_by(PUTS, "bucket"),
        **within("queues", {
            **shown_by(PUTS, "queueArn", "filterPrefix"),
            **shown_by(f"{OWN}::test_only_the_events_and_endings_that_were_asked_for_are_told", "events",
                       "filterSuffix"),
            **shown_by("rehearsal/test_patches_notifications.py::test_an_event_says_what_awss_says", "id"),
        }),
        **within("lambdaFunctions", {
            **shown_by("rehearsal/test_patches_functions.py::test_other_services_invoke_as_events",
                       "lambdaFunctionArn", "events"),
            **recorded("no test shows an effect on a function", "filterPrefix", "filterSuffix", "id"),
        }),
        **recorded("topics are not told of objects", "topics"),
    },
    "aws:s3/bucketObject:BucketObject": OBJECT,
    "aws:s3/bucketObjectv2:BucketObjectv2": OBJECT,
}  # fmt: skip
