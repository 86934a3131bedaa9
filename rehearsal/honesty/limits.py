"""What AWS does and a rehearsal does otherwise, or not at all. One row each; the report shows those that apply."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["stood in for", "not rehearsed"]


@dataclass(frozen=True)
class Limit:
    """``types`` are the beginnings of the resource types that it is about; an empty list means every program."""

    kind: Kind
    on_aws: str
    here: str
    types: tuple[str, ...] = ()

    def applies_to(self, deployed: Collection[str]) -> bool:
        return not self.types or any(each.startswith(self.types) for each in deployed)


def stood_in(on_aws: str, here: str, *types: str) -> Limit:
    return Limit("stood in for", on_aws, here, types)


def not_rehearsed(on_aws: str, here: str, *types: str) -> Limit:
    return Limit("not rehearsed", on_aws, here, types)


LIMITS = (
    stood_in("the services themselves", "moto, in this process and on loopback, with the patches of "
             "`rehearsal/patches/` where it departs from AWS"),
    stood_in("permissions", "every call is decided by an evaluator of our own, from the policies of the role and of "
             "the resource; a call that it cannot judge is denied by name"),
    stood_in("the Pulumi engine", "the program runs under Pulumi's mocks: no state file, no diff, no policy packs"),
    stood_in("the clock", "one that is moved on: functions, queues and schedules follow it; Spark has the machine's "
             "own"),
    stood_in("Lambda on arm64, Python 3.13", "the same zip, in a process of its own, on this machine's Python and "
             "processor; only Python zips without layers run, others are refused when they are called",
             "aws:lambda/function:"),
    stood_in("Glue workers", "one driver with two cores; `WorkerType` and `NumberOfWorkers` change nothing but the "
             "recorded DPU", "aws:glue/job:"),
    stood_in("a Java for each job run", "the Java of a run that ended well serves the next one of that role within a "
             "rehearsal, unless it is told not to", "aws:glue/job:"),
    stood_in("Athena", "an own engine on DuckDB, checked against Trino; what it is not known to answer alike is "
             "refused by name ([why](decisions/athena-at-home.md))", "aws:athena/"),
    stood_in("topics", "queues and functions are delivered to, once; mails, text messages and addresses are recorded "
             "(`rehearsal.alarms.mails`), confirmed or not, and nothing leaves the machine", "aws:sns/"),
    stood_in("QuickSight", "data sources and dashboards are recorded, analyses only checked against the service's "
             "model; nothing is ever drawn by it", "aws:quicksight/", "aws:cloudcontrol/"),
    stood_in("metrics", "what programs put or print in the embedded metric format, and of AWS's own those listed in "
             "`rehearsal/metrics/made.py`: functions, queues, schedules, rules. Glue's job metrics and all others are "
             "not made; an alarm on one stays in INSUFFICIENT_DATA, and the deployment lists its `metricName` as "
             "without effect", "aws:cloudwatch/metricAlarm:", "aws:cloudwatch/compositeAlarm:"),
    stood_in("alarms", "judged by CloudWatch's rules at each minute of the rehearsal's clock (each hour when they look "
             "back over more than a day). How far CloudWatch looks back when data are missing is not published: here "
             "two periods more. Anomaly detection, SEARCH, Metrics Insights, LINEAR filling and trimmed statistics are "
             "refused by name", "aws:cloudwatch/metricAlarm:", "aws:cloudwatch/compositeAlarm:"),
    stood_in("measuring queues", "each minute; a queue that stands still for a quarter of an hour each fifth minute, "
             "unless an alarm has a shorter period; one without messages for six hours more, even while a function "
             "polls it, which on AWS keeps it measured", "aws:sqs/queue:"),
    stood_in("what a run is billed", "the milliseconds and seconds of this machine, at the prices of one dated list",
             "aws:lambda/function:", "aws:glue/job:"),
    not_rehearsed("KMS", "keys exist; nothing is encrypted", "aws:kms/"),
    not_rehearsed("encryption at rest", "objects, messages, items, secrets and lines are told as encrypted where AWS "
                  "tells so, and lie as they are", "aws:s3/", "aws:sqs/", "aws:dynamodb/", "aws:secretsmanager/"),
    not_rehearsed("TLS", "calls go over loopback without it", ),
    not_rehearsed("throttling and delays of AWS itself", "calls are answered at once, and no quota of the account is "
                  "ever used up"),
    not_rehearsed("a new role or policy takes seconds to be known everywhere", "it counts at once", "aws:iam/"),
    not_rehearsed("reads that may be late", "each read sees the last write", "aws:dynamodb/table:"),
    not_rehearsed("S3 and SQS deliver at least once, unordered", "once, in order, unless a fault is asked for",
                  "aws:s3/bucketNotification:", "aws:sqs/queue:"),
    not_rehearsed("life cycle rules", "recorded, never acted on", "aws:s3/bucketLifecycleConfiguration"),
    not_rehearsed("budgets", "recorded, never acted on; a budget's notifications are checked for their form",
                  "aws:budgets/"),
    not_rehearsed("items that expire, restoring to a moment, streams", "recorded, never acted on",
                  "aws:dynamodb/table:"),
    not_rehearsed("rules with a schedule", "recorded, never fired; schedules of EventBridge Scheduler are",
                  "aws:cloudwatch/eventRule:"),
    not_rehearsed("some targets of schedules", "queues, functions, topics, and calls (`aws-sdk`) of services whose "
                  "permissions are mapped; others are refused by name", "aws:scheduler/schedule:"),
    not_rehearsed("triggers, crawlers and connections of Glue", "recorded, never acted on", "aws:glue/trigger:",
                  "aws:glue/crawler:", "aws:glue/connection:"),
    not_rehearsed("networks", "a job or function reaches what this machine reaches; there are no subnets, gateways or "
                  "security groups", "aws:lambda/function:", "aws:glue/job:"),
    not_rehearsed("what stays between commands", "the data, not their past: current versions of objects only, no "
                  "uploads in parts that were not completed, no log lines; functions called asynchronously and "
                  "notifications under way when a process is killed are gone, messages are not"),
)  # fmt: skip


def limits_of(deployed: Collection[str]) -> Iterator[Limit]:
    """Those that apply to a program with resources of these types."""
    return (limit for limit in LIMITS if limit.applies_to(deployed))
