"""Lambda functions; what calls them is in ``lambda_events``."""

from __future__ import annotations

from typing import Any

from rehearsal.deploy.assets import asset_bytes
from rehearsal.deploy.handlers import lambda_events  # noqa: F401  (it registers)
from rehearsal.deploy.order import Order
from rehearsal.deploy.registry import Created, InputRefusedError, handles

_PLAIN = {
    "Handler": "handler",
    "Runtime": "runtime",
    "Description": "description",
    "Timeout": "timeout",
    "MemorySize": "memorySize",
    "Architectures": "architectures",
    "Layers": "layers",
    "KMSKeyArn": "kmsKeyArn",
}
_PARTS = {
    "DeadLetterConfig": ("deadLetterConfig", {"TargetArn": "targetArn"}),
    "EphemeralStorage": ("ephemeralStorage", {"Size": "size"}),
    "TracingConfig": ("tracingConfig", {"Mode": "mode"}),
    "LoggingConfig": (
        "loggingConfig",
        {"LogFormat": "logFormat", "LogGroup": "logGroup", "ApplicationLogLevel": "applicationLogLevel",
         "SystemLogLevel": "systemLogLevel"},
    ),
}  # fmt: skip


@handles("aws:lambda/function:Function")
def function(order: Order) -> Created:
    client, inputs = order.client("lambda"), order.inputs
    name = order.physical_name()
    wanted: dict[str, Any] = {
        "FunctionName": name,
        "Role": inputs["role"],
        "Code": _code(order),
        **inputs.take(**_PLAIN),
    }
    for argument, (key, names) in _PARTS.items():
        part = inputs.object(key)
        if part:
            wanted[argument] = part.take(**names)
    environment = inputs.object("environment")
    if environment and "variables" in environment:
        wanted["Environment"] = {"Variables": environment["variables"]}
    inputs.value("sourceCodeHash")  # Only tells Pulumi when to upload again.
    made = client.create_function(Tags=order.tags, Publish=bool(inputs.value("publish")), **wanted)
    kept = client.get_function_configuration(FunctionName=name)
    lost = (key for argument, key in _names().items() if argument in wanted and argument not in kept)
    inputs.unheeded(*lost, why="the account does not keep it")
    reserved = inputs.value("reservedConcurrentExecutions", -1)
    if reserved >= 0:
        client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=reserved)
    return Created(name, _outputs(order, name, made))


def _names() -> dict[str, str]:
    return {**_PLAIN, **{argument: key for argument, (key, _) in _PARTS.items()}}


def _code(order: Order) -> dict[str, Any]:
    inputs = order.inputs
    if "code" in inputs:
        return {"ZipFile": asset_bytes(inputs["code"])}
    if "s3Bucket" in inputs:
        return inputs.take(S3Bucket="s3Bucket", S3Key="s3Key", S3ObjectVersion="s3ObjectVersion")
    if "imageUri" in inputs:
        raise InputRefusedError("imageUri: a container image cannot be rehearsed; give the code as an archive")
    raise InputRefusedError("neither code nor s3Bucket is given: the function has nothing to run")


def _outputs(order: Order, name: str, made: dict[str, Any]) -> dict[str, Any]:
    arn, version = order.arn("lambda", f"function:{name}"), made.get("Version", "$LATEST")
    api = f"arn:aws:apigateway:{order.region}:lambda:path/2015-03-31/functions"
    return {
        "name": name, "arn": arn, "version": version, "qualifiedArn": f"{arn}:{version}",
        "invokeArn": f"{api}/{arn}/invocations", "qualifiedInvokeArn": f"{api}/{arn}:{version}/invocations",
        "codeSha256": made.get("CodeSha256", ""), "sourceCodeSize": made.get("CodeSize", 0),
        "lastModified": made.get("LastModified", ""), "memorySize": made.get("MemorySize", 128),
        "timeout": made.get("Timeout", 3),
    }  # fmt: skip


@handles("aws:lambda/alias:Alias")
def alias(order: Order) -> Created:
    name, target = order.physical_name(limit=128), order.inputs["functionName"]
    made = order.client("lambda").create_alias(
        FunctionName=target,
        Name=name,
        **order.inputs.take(FunctionVersion="functionVersion", Description="description"),
    )
    api = f"arn:aws:apigateway:{order.region}:lambda:path/2015-03-31/functions"
    return Created(made["AliasArn"], {"name": name, "arn": made["AliasArn"],
                                      "invokeArn": f"{api}/{made['AliasArn']}/invocations"})  # fmt: skip
