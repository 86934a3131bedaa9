"""Which type of resource is taken away how."""

from __future__ import annotations

from rehearsal.deploy.removal import iam, lambda_, messages, others, s3
from rehearsal.deploy.removal.removal import Way, call

_ENCRYPTION = call("s3", "delete_bucket_encryption", "{Bucket}")
_LIFECYCLE = call("s3", "delete_bucket_lifecycle", "{Bucket}")
_BUCKET = Way(s3.bucket, keeps=("forceDestroy",))
_OBJECT = Way(s3.bucket_object, keeps=("versionId",))
_VERSIONING = Way(s3.versioning, keeps=("versioningConfiguration",))

WAYS: dict[str, Way] = {
    "aws:s3/bucket:Bucket": _BUCKET,
    "aws:s3/bucketV2:BucketV2": _BUCKET,
    "aws:s3/bucketObject:BucketObject": _OBJECT,
    "aws:s3/bucketObjectv2:BucketObjectv2": _OBJECT,
    "aws:s3/bucketVersioning:BucketVersioning": _VERSIONING,
    "aws:s3/bucketVersioningV2:BucketVersioningV2": _VERSIONING,
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": _ENCRYPTION,
    "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2": _ENCRYPTION,
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": _LIFECYCLE,
    "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2": _LIFECYCLE,
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": call("s3", "delete_bucket_ownership_controls",
                                                                   "{Bucket}"),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": call("s3", "delete_public_access_block", "{Bucket}"),
    "aws:s3/bucketPolicy:BucketPolicy": call("s3", "delete_bucket_policy", "{Bucket}"),
    "aws:s3/bucketNotification:BucketNotification": call("s3", "put_bucket_notification_configuration", "{Bucket}",
                                                         NotificationConfiguration={}),
    "aws:iam/role:Role": Way(iam.role, keeps=("forceDetachPolicies", "managedPolicyArns", "inlinePolicies")),
    "aws:iam/rolePolicy:RolePolicy": call("iam", "delete_role_policy", "{RoleName}:{PolicyName}"),
    "aws:iam/policy:Policy": Way(iam.policy),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": call("iam", "detach_role_policy", "{RoleName}/{PolicyArn}"),
    "aws:lambda/function:Function": call("lambda", "delete_function", "{FunctionName}"),
    "aws:lambda/alias:Alias": Way(lambda_.alias),
    "aws:lambda/permission:Permission": Way(lambda_.permission, keeps=("function", "qualifier")),
    "aws:lambda/eventSourceMapping:EventSourceMapping": call("lambda", "delete_event_source_mapping", "{UUID}"),
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": Way(lambda_.event_invoke_config,
                                                                          keeps=("qualifier",)),
    "aws:sqs/queue:Queue": call("sqs", "delete_queue", "{QueueUrl}"),
    "aws:sqs/queuePolicy:QueuePolicy": messages.queue_attribute("Policy"),
    "aws:sqs/redrivePolicy:RedrivePolicy": messages.queue_attribute("RedrivePolicy"),
    "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": messages.queue_attribute("RedriveAllowPolicy"),
    "aws:sns/topic:Topic": call("sns", "delete_topic", "{TopicArn}"),
    "aws:sns/topicPolicy:TopicPolicy": Way(messages.topic_policy, keeps=("owner",)),
    "aws:sns/topicSubscription:TopicSubscription": call("sns", "unsubscribe", "{SubscriptionArn}"),
    "aws:cloudwatch/eventBus:EventBus": call("events", "delete_event_bus", "{Name}"),
    "aws:cloudwatch/eventRule:EventRule": Way(messages.rule, keeps=("eventBusName", "forceDestroy")),
    "aws:cloudwatch/eventTarget:EventTarget": Way(messages.target,
                                                  keeps=("rule", "targetId", "eventBusName", "forceDestroy")),
    "aws:scheduler/scheduleGroup:ScheduleGroup": call("scheduler", "delete_schedule_group", "{Name}"),
    "aws:scheduler/schedule:Schedule": call("scheduler", "delete_schedule", "{GroupName}/{Name}"),
    "aws:dynamodb/table:Table": call("dynamodb", "delete_table", "{TableName}"),
    "aws:dynamodb/tableItem:TableItem": Way(others.table_item, keeps=("tableName", "hashKey", "rangeKey", "item")),
    "aws:secretsmanager/secret:Secret": Way(others.secret, keeps=("recoveryWindowInDays",)),
    "aws:secretsmanager/secretVersion:SecretVersion": Way(others.secret_version, keeps=("versionStages",)),
    "aws:kms/key:Key": Way(others.kms_key, keeps=("deletionWindowInDays",)),
    "aws:kms/alias:Alias": call("kms", "delete_alias", "{AliasName}"),
    "aws:glue/catalogDatabase:CatalogDatabase": call("glue", "delete_database", "{CatalogId}:{Name}"),
    "aws:glue/catalogTable:CatalogTable": call("glue", "delete_table", "{CatalogId}:{DatabaseName}:{Name}"),
    "aws:glue/job:Job": call("glue", "delete_job", "{JobName}"),
    "aws:glue/connection:Connection": call("glue", "delete_connection", "{CatalogId}:{ConnectionName}"),
    "aws:glue/trigger:Trigger": call("glue", "delete_trigger", "{Name}"),
    "aws:glue/crawler:Crawler": call("glue", "delete_crawler", "{Name}"),
    "aws:athena/workgroup:Workgroup": Way(others.workgroup, keeps=("forceDestroy",)),
    "aws:athena/namedQuery:NamedQuery": call("athena", "delete_named_query", "{NamedQueryId}"),
    "aws:athena/preparedStatement:PreparedStatement": call("athena", "delete_prepared_statement",
                                                           "{WorkGroup}/{StatementName}"),
    "aws:cloudwatch/logGroup:LogGroup": call("logs", "delete_log_group", "{logGroupName}"),
    "aws:cloudwatch/metricAlarm:MetricAlarm": Way(others.alarm),
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": Way(others.alarm),
    "aws:cloudwatch/dashboard:Dashboard": Way(others.dashboard),
    "aws:budgets/budget:Budget": call("budgets", "delete_budget", "{AccountId}:{BudgetName}"),
    "aws:quicksight/dataSource:DataSource": call("quicksight", "delete_data_source", "{AwsAccountId},{DataSourceId}"),
    "aws:quicksight/dataSet:DataSet": call("quicksight", "delete_data_set", "{AwsAccountId},{DataSetId}"),
    "aws:cloudcontrol/resource:Resource": Way(others.cloud_control, keeps=("typeName",)),
}  # fmt: skip

# Left where it is when the program says so; the provider then does nothing.
LEAVES = "skipDestroy"


def kept(resource_type: str) -> tuple[str, ...]:
    """What is to be known of a resource when it is taken away."""
    return (*WAYS[resource_type].keeps, LEAVES) if resource_type in WAYS else ()
