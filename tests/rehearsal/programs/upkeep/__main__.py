"""A weekly job: schedule -> glue:StartJobRun. ``action`` is the operation of Glue that the schedule calls."""

import json

import pulumi
import pulumi_aws as aws

action = pulumi.Config().require("action")


def trusts(service):
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def document(*statements):
    return pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(actions, *resources):
    return {"Effect": "Allow", "Action": actions, "Resource": list(resources)}


scripts = aws.s3.Bucket("scripts", force_destroy=True)
script = aws.s3.BucketObjectv2("tidy", bucket=scripts.id, key="tidy.py", content="print('tidied')\n")

job_role = aws.iam.Role("tidy", name="tidy", assume_role_policy=trusts("glue.amazonaws.com"))
logs = "arn:aws:logs:*:*:log-group:/aws-glue/jobs/*"
aws.iam.RolePolicy(
    "tidy",
    role=job_role.id,
    policy=document(
        allow("s3:GetObject", pulumi.Output.format("{0}/*", scripts.arn)),
        allow(["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], logs, f"{logs}:*"),
    ),
)
job = aws.glue.Job(
    "tidy",
    role_arn=job_role.arn,
    glue_version="5.1",
    worker_type="G.1X",
    number_of_workers=2,
    timeout=30,
    command={"script_location": pulumi.Output.format("s3://{0}/{1}", scripts.bucket, script.key)},
    default_arguments={"--keep-days": "7", "--asked-at": "never"},
)

letters = aws.sqs.Queue("letters")
starter = aws.iam.Role("weekly", name="weekly", assume_role_policy=trusts("scheduler.amazonaws.com"))
rights = aws.iam.RolePolicy(
    "weekly",
    name="start",
    role=starter.id,
    policy=document(allow("glue:StartJobRun", job.arn), allow("sqs:SendMessage", letters.arn)),
)
aws.scheduler.Schedule(
    "weekly",
    name="weekly",
    schedule_expression="cron(0 3 ? * SUN *)",
    flexible_time_window={"mode": "OFF"},
    target={
        "arn": f"arn:aws:scheduler:::aws-sdk:glue:{action}",
        "role_arn": starter.arn,
        "input": pulumi.Output.json_dumps(
            {"JobName": job.name, "Arguments": {"--asked-at": "<aws.scheduler.scheduled-time>"}}
        ),
        "retry_policy": {"maximum_retry_attempts": 3},
        "dead_letter_config": {"arn": letters.arn},
    },
    opts=pulumi.ResourceOptions(depends_on=[rights]),
)

pulumi.export("job", job.name)
pulumi.export("letters", letters.url)
