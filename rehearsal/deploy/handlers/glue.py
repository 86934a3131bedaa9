"""Glue jobs, connections, triggers and crawlers; the catalog is in ``glue_catalog``."""

from __future__ import annotations

from typing import Any

from rehearsal.deploy.handlers import glue_catalog  # noqa: F401  (it registers)
from rehearsal.deploy.inputs import Inputs
from rehearsal.deploy.order import Order
from rehearsal.deploy.registry import Created, handles


@handles("aws:glue/job:Job")
def job(order: Order) -> Created:
    inputs, name = order.inputs, order.physical_name(limit=255)
    command = {"Name": "glueetl", **inputs.part("command").take(
        Name="name", ScriptLocation="scriptLocation", PythonVersion="pythonVersion", Runtime="runtime")}  # fmt: skip
    wanted = inputs.take(
        Description="description", DefaultArguments="defaultArguments", GlueVersion="glueVersion", Timeout="timeout",
        NonOverridableArguments="nonOverridableArguments", MaxRetries="maxRetries", WorkerType="workerType",
        NumberOfWorkers="numberOfWorkers", ExecutionClass="executionClass", MaxCapacity="maxCapacity",
        SecurityConfiguration="securityConfiguration",
    )  # fmt: skip
    execution = inputs.object("executionProperty")
    if execution:
        wanted["ExecutionProperty"] = execution.take(MaxConcurrentRuns="maxConcurrentRuns")
    notification = inputs.object("notificationProperty")
    if notification:
        wanted["NotificationProperty"] = notification.take(NotifyDelayAfter="notifyDelayAfter")
    if "connections" in inputs:
        wanted["Connections"] = {"Connections": inputs["connections"]}
    order.client("glue").create_job(Name=name, Role=inputs["roleArn"], Command=command, Tags=order.tags, **wanted)
    return Created(name, {"name": name, "arn": order.arn("glue", f"job/{name}")})


@handles("aws:glue/connection:Connection")
def connection(order: Order) -> Created:
    inputs, name = order.inputs, order.physical_name(limit=255)
    wanted: dict[str, Any] = {
        "Name": name, "ConnectionType": inputs.value("connectionType", "JDBC"),
        "ConnectionProperties": inputs.value("connectionProperties", {}),
        **inputs.take(Description="description", MatchCriteria="matchCriterias", AthenaProperties="athenaProperties"),
    }  # fmt: skip
    physical = inputs.object("physicalConnectionRequirements")
    if physical:
        wanted["PhysicalConnectionRequirements"] = physical.take(
            SubnetId="subnetId", SecurityGroupIdList="securityGroupIdLists", AvailabilityZone="availabilityZone"
        )
    catalog = inputs.value("catalogId", order.account_id)
    order.client("glue").create_connection(CatalogId=catalog, ConnectionInput=wanted, Tags=order.tags)
    return Created(f"{catalog}:{name}", {"name": name, "arn": order.arn("glue", f"connection/{name}"),
                                         "catalogId": catalog})  # fmt: skip


@handles("aws:glue/trigger:Trigger")
def trigger(order: Order) -> Created:
    """Recorded only: no trigger fires in a rehearsal."""
    inputs, name = order.inputs, order.physical_name(limit=255)
    wanted = inputs.take(Type="type", Description="description", Schedule="schedule", WorkflowName="workflowName",
                         StartOnCreation="startOnCreation")  # fmt: skip
    wanted["Actions"] = [_action(given) for given in inputs.objects("actions")]
    predicate = inputs.object("predicate")
    if predicate:
        conditions = [
            given.take(JobName="jobName", CrawlerName="crawlerName", State="state", CrawlState="crawlState",
                       LogicalOperator="logicalOperator")
            for given in predicate.objects("conditions")
        ]  # fmt: skip
        wanted["Predicate"] = {**predicate.take(Logical="logical"), "Conditions": conditions}
        for condition in conditions:
            condition.setdefault("LogicalOperator", "EQUALS")
    order.client("glue").create_trigger(Name=name, Tags=order.tags, **wanted)
    return Created(name, {"name": name, "arn": order.arn("glue", f"trigger/{name}"), "state": "CREATED"})


def _action(given: Inputs) -> dict[str, Any]:
    return given.take(JobName="jobName", CrawlerName="crawlerName", Arguments="arguments", Timeout="timeout",
                      SecurityConfiguration="securityConfiguration")  # fmt: skip


@handles("aws:glue/crawler:Crawler")
def crawler(order: Order) -> Created:
    """Recorded only: no crawler crawls in a rehearsal."""
    inputs, name = order.inputs, order.physical_name(limit=255)
    s3_targets = [
        given.take(Path="path", Exclusions="exclusions", ConnectionName="connectionName", SampleSize="sampleSize")
        for given in inputs.objects("s3Targets")
    ]
    wanted = inputs.take(DatabaseName="databaseName", Description="description", Schedule="schedule",
                         Classifiers="classifiers", TablePrefix="tablePrefix", Configuration="configuration",
                         CrawlerSecurityConfiguration="securityConfiguration")  # fmt: skip
    order.client("glue").create_crawler(
        Name=name, Role=inputs["role"], Targets={"S3Targets": s3_targets}, Tags=order.tags, **wanted
    )
    return Created(name, {"name": name, "arn": order.arn("glue", f"crawler/{name}")})
