"""Athena workgroups, named queries and prepared statements."""

from __future__ import annotations

from typing import Any

from rehearsal.deploy.inputs import Inputs
from rehearsal.deploy.order import Order
from rehearsal.deploy.registry import Created, handles


@handles("aws:athena/workgroup:Workgroup")
def workgroup(order: Order) -> Created:
    client, name = order.client("athena"), order.physical_name(limit=128)
    # An absent configuration still means "enforced", as in AWS.
    client.create_work_group(
        Name=name, Configuration=_configuration(order.inputs.part("configuration")), Tags=order.tag_list(),
        **order.inputs.take(Description="description"),
    )  # fmt: skip
    if (state := order.inputs.value("state", "ENABLED")) != "ENABLED":
        client.update_work_group(WorkGroup=name, State=state)
    return Created(name, {"name": name, "arn": order.arn("athena", f"workgroup/{name}")})


def _configuration(given: Inputs) -> dict[str, Any]:
    wanted: dict[str, Any] = given.take(
        BytesScannedCutoffPerQuery="bytesScannedCutoffPerQuery", RequesterPaysEnabled="requesterPaysEnabled",
        EnforceWorkGroupConfiguration="enforceWorkgroupConfiguration", ExecutionRole="executionRole",
        PublishCloudWatchMetricsEnabled="publishCloudwatchMetricsEnabled",
        EnableMinimumEncryptionConfiguration="enableMinimumEncryptionConfiguration",
    )  # fmt: skip
    result = given.object("resultConfiguration")
    if result:
        wanted["ResultConfiguration"] = result.take(
            OutputLocation="outputLocation", ExpectedBucketOwner="expectedBucketOwner"
        )
        encryption = result.object("encryptionConfiguration")
        if encryption:
            wanted["ResultConfiguration"]["EncryptionConfiguration"] = encryption.take(
                EncryptionOption="encryptionOption", KmsKey="kmsKeyArn"
            )
    version = given.part("engineVersion").take(SelectedEngineVersion="selectedEngineVersion")
    return {**wanted, **({"EngineVersion": version} if version else {})}


@handles("aws:athena/namedQuery:NamedQuery")
def named_query(order: Order) -> Created:
    name = order.physical_name(limit=128)
    made = order.client("athena").create_named_query(
        Name=name,
        **order.inputs.take(
            Database="database", QueryString="query", Description="description", WorkGroup="workgroup"
        ),
    )  # fmt: skip
    return Created(made["NamedQueryId"], {"name": name})


@handles("aws:athena/preparedStatement:PreparedStatement")
def prepared_statement(order: Order) -> Created:
    name = order.physical_name(limit=256)
    order.client("athena").create_prepared_statement(
        StatementName=name,
        **order.inputs.take(WorkGroup="workgroup", QueryStatement="queryStatement", Description="description"),
    )
    return Created(f"{order.inputs['workgroup']}/{name}", {"name": name})
