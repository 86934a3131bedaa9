"""Who may call a Lambda function, and what does."""

from __future__ import annotations

from typing import Any

from rehearsal.deploy.naming import auto_name, prefixed_name
from rehearsal.deploy.order import Order
from rehearsal.deploy.registry import Created, handles


@handles("aws:lambda/permission:Permission")
def permission(order: Order) -> Created:
    inputs = order.inputs
    statement = inputs.value("statementId") or (
        prefixed_name(inputs["statementIdPrefix"], order.urn)
        if "statementIdPrefix" in inputs
        else auto_name(order.name, order.urn, limit=100)
    )
    order.client("lambda").add_permission(
        StatementId=statement,
        **inputs.take(
            FunctionName="function", Action="action", Principal="principal", SourceArn="sourceArn",
            SourceAccount="sourceAccount", Qualifier="qualifier", EventSourceToken="eventSourceToken",
            PrincipalOrgID="principalOrgId", FunctionUrlAuthType="functionUrlAuthType",
        ),
    )  # fmt: skip
    return Created(statement, {"statementId": statement})


@handles("aws:lambda/eventSourceMapping:EventSourceMapping")
def event_source_mapping(order: Order) -> Created:
    inputs = order.inputs
    wanted = inputs.take(
        FunctionName="functionName", EventSourceArn="eventSourceArn", BatchSize="batchSize", Enabled="enabled",
        MaximumBatchingWindowInSeconds="maximumBatchingWindowInSeconds", StartingPosition="startingPosition",
        FunctionResponseTypes="functionResponseTypes", MaximumRetryAttempts="maximumRetryAttempts",
        MaximumRecordAgeInSeconds="maximumRecordAgeInSeconds", ParallelizationFactor="parallelizationFactor",
        BisectBatchOnFunctionError="bisectBatchOnFunctionError", TumblingWindowInSeconds="tumblingWindowInSeconds",
    )  # fmt: skip
    wanted |= _mapping_parts(order) | ({"Tags": order.tags} if order.tags else {})
    made = order.client("lambda").create_event_source_mapping(**wanted)
    return Created(made["UUID"], {
        "uuid": made["UUID"], "functionArn": made.get("FunctionArn", ""), "state": made.get("State", "Enabled"),
        "arn": order.arn("lambda", f"event-source-mapping:{made['UUID']}"),
    })  # fmt: skip


def _mapping_parts(order: Order) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    scaling = order.inputs.object("scalingConfig")
    if scaling:
        wanted["ScalingConfig"] = scaling.take(MaximumConcurrency="maximumConcurrency")
    criteria = order.inputs.object("filterCriteria")
    if criteria:
        wanted["FilterCriteria"] = {"Filters": [given.take(Pattern="pattern") for given in criteria.objects("filters")]}
    failure = order.inputs.part("destinationConfig").object("onFailure")
    if failure:
        wanted["DestinationConfig"] = {"OnFailure": failure.take(Destination="destinationArn")}
    return wanted


@handles("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig")
def event_invoke_config(order: Order) -> Created:
    inputs = order.inputs
    destinations = {}
    for name in ("onSuccess", "onFailure"):
        given = inputs.part("destinationConfig").object(name)
        if given:
            destinations[name[0].upper() + name[1:]] = given.take(Destination="destination")
    order.client("lambda").put_function_event_invoke_config(
        DestinationConfig=destinations,
        **inputs.take(
            FunctionName="functionName", Qualifier="qualifier", MaximumRetryAttempts="maximumRetryAttempts",
            MaximumEventAgeInSeconds="maximumEventAgeInSeconds",
        ),
    )  # fmt: skip
    return Created(inputs["functionName"])
