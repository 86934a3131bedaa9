"""One resource of every type that can be made, with most of the properties that are acted on."""

import json

import pulumi
import pulumi_aws as aws


def trusts(*services):
    allow = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": list(services)}}
    return {"Version": "2012-10-17", "Statement": [allow]}


def allows(action, resource="*", **principal):
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": action, "Resource": resource, **principal}],
        }
    )


# S3
bucket = aws.s3.Bucket("Lake", tags={"stage": "raw"})
versions = aws.s3.BucketVersioning("lake", bucket=bucket.id, versioning_configuration={"status": "Enabled"})
aws.s3.BucketOwnershipControls("lake", bucket=bucket.id, rule={"object_ownership": "BucketOwnerEnforced"})
aws.s3.BucketPublicAccessBlock("lake", bucket=bucket.id, block_public_acls=True, restrict_public_buckets=True)
aws.s3.BucketServerSideEncryptionConfiguration(
    "lake",
    bucket=bucket.id,
    rules=[{"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}, "bucket_key_enabled": True}],
)
aws.s3.BucketLifecycleConfiguration(
    "lake",
    bucket=bucket.id,
    rules=[
        {
            "id": "old",
            "status": "Enabled",
            "filter": {"and_": {"prefix": "old/", "tags": {"keep": "no"}}},
            "expiration": {"days": 30},
            "transitions": [{"days": 10, "storage_class": "GLACIER"}],
            "noncurrent_version_expiration": {"noncurrent_days": 7},
            "abort_incomplete_multipart_upload": {"days_after_initiation": 3},
        },
        {"id": "big", "status": "Disabled", "filter": {"object_size_greater_than": 1000}, "expiration": {"days": 9}},
    ],
)
aws.s3.BucketPolicy(
    "lake", bucket=bucket.id, policy=bucket.arn.apply(lambda a: allows("s3:GetObject", f"{a}/*", Principal="*"))
)
aws.s3.BucketNotification("lake", bucket=bucket.id, eventbridge=True)
after_versions = pulumi.ResourceOptions(depends_on=versions)  # an object from before has none, and would leave a marker
aws.s3.BucketObjectv2("words.txt", bucket=bucket.id, content="words", tags={"kind": "text"}, opts=after_versions)
code = aws.s3.BucketObjectv2(
    "code",
    bucket=bucket.id,
    key="packages/code.zip",
    source=pulumi.AssetArchive({"main.py": pulumi.StringAsset("def handler(event, context): return event\n")}),
    opts=after_versions,
)

# IAM, with policies as documents and as text
role = aws.iam.Role(
    "worker",
    assume_role_policy=trusts("lambda.amazonaws.com", "scheduler.amazonaws.com"),
    path="/lake/",
    max_session_duration=7200,
    inline_policies=[{"name": "inline", "policy": allows("s3:ListBucket")}],
)
policy = aws.iam.Policy("read", policy=allows("s3:GetObject"), description="Read")
aws.iam.RolePolicyAttachment("read", role=role, policy_arn=policy.arn)
aws.iam.RolePolicyAttachment(
    "logs", role=role.name, policy_arn="arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
)
aws.iam.RolePolicy("own", role=role.name, policy=allows("sqs:*"))

# DynamoDB
table = aws.dynamodb.Table(
    "runs",
    billing_mode="PAY_PER_REQUEST",
    hash_key="stream",
    range_key="run",
    attributes=[{"name": "stream", "type": "S"}, {"name": "run", "type": "S"}, {"name": "open", "type": "S"}],
    global_secondary_indexes=[{"name": "open", "hash_key": "open", "range_key": "run", "projection_type": "ALL"}],
    point_in_time_recovery={"enabled": True},
    ttl={"attribute_name": "expires", "enabled": True},
    server_side_encryption={"enabled": True},
    stream_enabled=True,
    stream_view_type="NEW_IMAGE",
    deletion_protection_enabled=True,
)
aws.dynamodb.TableItem(
    "first",
    table_name=table.name,
    hash_key="stream",
    range_key="run",
    item=json.dumps({"stream": {"S": "a"}, "run": {"S": "1"}, "rows": {"N": "3"}}),
)

# SQS and SNS
dead = aws.sqs.Queue("dead")
fifo = aws.sqs.Queue("ordered", fifo_queue=True, content_based_deduplication=True)
work = aws.sqs.Queue("work", visibility_timeout_seconds=60, sqs_managed_sse_enabled=True)
aws.sqs.RedrivePolicy(
    "work",
    queue_url=work.url,
    redrive_policy=dead.arn.apply(lambda a: json.dumps({"deadLetterTargetArn": a, "maxReceiveCount": 2})),
)
aws.sqs.RedriveAllowPolicy(
    "dead", queue_url=dead.url, redrive_allow_policy=json.dumps({"redrivePermission": "allowAll"})
)
aws.sqs.QueuePolicy(
    "work", queue_url=work.url, policy=work.arn.apply(lambda a: allows("sqs:SendMessage", a, Principal="*"))
)
topic = aws.sns.Topic("news", display_name="News")
aws.sns.TopicPolicy("news", arn=topic.arn, policy=topic.arn.apply(lambda a: allows("sns:Publish", a, Principal="*")))
aws.sns.TopicSubscription("news", topic=topic.arn, protocol="sqs", endpoint=work.arn, raw_message_delivery=True)
aws.sns.TopicSubscription("mail", topic=topic.arn, protocol="email", endpoint="a@example.com")

# Lambda
function = aws.lambda_.Function(
    "worker",
    role=role.arn,
    runtime=aws.lambda_.Runtime.PYTHON3D13,
    handler="main.handler",
    s3_bucket=bucket.id,
    s3_key=code.key,
    memory_size=256,
    timeout=30,
    architectures=["arm64"],
    reserved_concurrent_executions=5,
    dead_letter_config={"target_arn": dead.arn},
    ephemeral_storage={"size": 1024},
    logging_config={"log_format": "JSON", "log_group": "/own/group"},
    publish=True,
)
aws.lambda_.Alias("live", function_name=function.name, function_version=function.version)
aws.lambda_.Permission(
    "events", function=function.name, action="lambda:InvokeFunction", principal="events.amazonaws.com"
)
aws.lambda_.EventSourceMapping(
    "work",
    function_name=function.arn,
    event_source_arn=work.arn,
    batch_size=10,
    maximum_batching_window_in_seconds=60,
    filter_criteria={"filters": [{"pattern": json.dumps({"body": {"kind": ["new"]}})}]},
)
aws.lambda_.FunctionEventInvokeConfig(
    "worker",
    function_name=function.name,
    maximum_retry_attempts=1,
    maximum_event_age_in_seconds=3600,
    destination_config={"on_failure": {"destination": dead.arn}},
)

# Events and schedules
rule = aws.cloudwatch.EventRule("ended", event_pattern=json.dumps({"source": ["aws.glue"]}), state="DISABLED")
aws.cloudwatch.EventTarget(
    "ended",
    rule=rule.name,
    arn=function.arn,
    retry_policy={"maximum_retry_attempts": 2, "maximum_event_age_in_seconds": 600},
    dead_letter_config={"arn": dead.arn},
    input_transformer={"input_paths": {"job": "$.detail.jobName"}, "input_template": '{"job": <job>}'},
)
bus = aws.cloudwatch.EventBus("own")
group = aws.scheduler.ScheduleGroup("nightly")
aws.scheduler.Schedule(
    "nightly",
    group_name=group.name,
    schedule_expression="cron(0 6 * * ? *)",
    schedule_expression_timezone="Europe/Stockholm",
    flexible_time_window={"mode": "OFF"},
    target={
        "arn": function.arn,
        "role_arn": role.arn,
        "input": json.dumps({"kind": "nightly"}),
        "dead_letter_config": {"arn": dead.arn},
        "retry_policy": {"maximum_retry_attempts": 3},
    },
)

# Secrets, keys
secret = aws.secretsmanager.Secret("api", description="Key of the API", recovery_window_in_days=0)
aws.secretsmanager.SecretVersion("api", secret_id=secret.id, secret_string=pulumi.Output.secret("planted-secret"))
key = aws.kms.Key("data", description="Data", enable_key_rotation=True)
aws.kms.Alias("data", target_key_id=key.key_id)

# Glue and Athena
database = aws.glue.CatalogDatabase("Lake", name="lake", parameters={"made_by": "pulumi"})
aws.glue.CatalogTable(
    "events",
    database_name=database.name,
    table_type="EXTERNAL_TABLE",
    partition_keys=[{"name": "day", "type": "date"}],
    storage_descriptor={
        "location": bucket.bucket.apply(lambda b: f"s3://{b}/events/"),
        "columns": [{"name": "id", "type": "string"}],
        "ser_de_info": {"serialization_library": "org.openx.data.jsonserde.JsonSerDe"},
    },
)
job = aws.glue.Job(
    "curate",
    role_arn=role.arn,
    command={"script_location": "s3://lake/jobs/curate.py", "python_version": "3"},
    glue_version="6.0",
    worker_type="G.1X",
    number_of_workers=2,
    timeout=30,
    max_retries=0,
    execution_property={"max_concurrent_runs": 2},
    default_arguments={"--datalake-formats": "iceberg"},
    job_run_queuing_enabled=True,
)
aws.glue.Connection(
    "warehouse",
    connection_properties={
        "JDBC_CONNECTION_URL": "jdbc:mysql://db:3306/x",
        "USERNAME": "u",
        "PASSWORD": pulumi.Output.secret("planted-secret"),
    },
    physical_connection_requirements={"subnet_id": "subnet-1", "security_group_id_lists": ["sg-1"]},
)
aws.glue.Trigger("curate", type="SCHEDULED", schedule="cron(0 1 * * ? *)", actions=[{"job_name": job.name}])
aws.glue.Crawler("curate", database_name=database.name, role=role.arn, s3_targets=[{"path": "s3://lake/events/"}])
workgroup = aws.athena.Workgroup(
    "analysts",
    configuration={
        "bytes_scanned_cutoff_per_query": 10_000_000,
        "enforce_workgroup_configuration": True,
        "result_configuration": {
            "output_location": bucket.bucket.apply(lambda b: f"s3://{b}/results/"),
            "encryption_configuration": {"encryption_option": "SSE_S3"},
        },
    },
)
aws.athena.NamedQuery("count", database=database.name, query="select count(*) from events", workgroup=workgroup.id)
aws.athena.PreparedStatement("one", name="one", workgroup=workgroup.name, query_statement="select ?")

# Watching
aws.cloudwatch.LogGroup("worker", name=function.name.apply(lambda n: f"/aws/lambda/{n}"), retention_in_days=14)
dead_alarm = aws.cloudwatch.MetricAlarm(
    "dead",
    namespace="AWS/SQS",
    metric_name="ApproximateNumberOfMessagesVisible",
    dimensions={"QueueName": dead.name},
    statistic="Maximum",
    period=300,
    evaluation_periods=1,
    threshold=0.5,
    comparison_operator="GreaterThanThreshold",
    alarm_actions=[topic.arn],
)
aws.cloudwatch.MetricAlarm(
    "share",
    metric_queries=[
        {"id": "share", "expression": "IF(rows > 0, bad / rows, 0)", "return_data": True},
        *(
            {"id": name, "metric": {"namespace": "Shop", "metric_name": name, "period": 300, "stat": "Sum"}}
            for name in ("bad", "rows")
        ),
    ],
    evaluation_periods=3,
    datapoints_to_alarm=2,
    threshold=0.5,
    comparison_operator="GreaterThanOrEqualToThreshold",
    treat_missing_data="notBreaching",
)
aws.cloudwatch.MetricAlarm(
    "cpu",
    namespace="AWS/EC2",
    metric_name="CPUUtilization",
    statistic="Average",
    period=300,
    evaluation_periods=1,
    threshold=90,
    comparison_operator="GreaterThanThreshold",
)
aws.cloudwatch.CompositeAlarm(
    "any",
    alarm_name="any",
    alarm_rule=dead_alarm.name.apply(lambda name: f'ALARM("{name}")'),
    alarm_actions=[topic.arn],
)
widget = {
    "type": "metric",
    "width": 12,
    "properties": {"region": "eu-north-1", "metrics": [["Shop", "rows"], [".", "bad"]]},
}
aws.cloudwatch.Dashboard("lake", dashboard_name="lake", dashboard_body=json.dumps({"widgets": [widget]}))
aws.budgets.Budget(
    "monthly",
    budget_type="COST",
    time_unit="MONTHLY",
    limit_amount="10",
    limit_unit="USD",
    notifications=[
        {
            "comparison_operator": "GREATER_THAN",
            "threshold": 80,
            "threshold_type": "PERCENTAGE",
            "notification_type": "ACTUAL",
            "subscriber_email_addresses": ["a@example.com"],
        }
    ],
)

pulumi.export("tags", bucket.tags_all)
pulumi.export("region", aws.get_region().region)
pulumi.export("partition", aws.get_partition().partition)
pulumi.export("fifo", fifo.name)
pulumi.export("alias", function.qualified_arn)
pulumi.export("bus", bus.name)
