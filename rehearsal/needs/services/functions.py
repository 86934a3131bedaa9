"""Lambda: a function goes by its name, by parts of its ARN or by all of it, with a version or an alias behind it."""

from __future__ import annotations

from collections.abc import Iterable

from rehearsal.needs.ask import Ask, Context
from rehearsal.needs.general import action_of, generally
from rehearsal.needs.keys import READ, behind
from rehearsal.needs.need import Need
from rehearsal.needs.service import Service

_KINDS = {"function", "function alias", "function version"}
_SHOWN = {
    "lambda:Principal": "Principal",
    "lambda:FunctionUrlAuthType": "FunctionUrlAuthType|AuthType",
    "lambda:EventSourceToken": "EventSourceToken",
    "lambda:CodeSigningConfigArn": "CodeSigningConfigArn",
    "lambda:Layer": "Layers",
    "lambda:SubnetIds": "VpcConfig.SubnetIds",
    "lambda:SecurityGroupIds": "VpcConfig.SecurityGroupIds",
}
_LISTS = ("lambda:Layer", "lambda:SubnetIds", "lambda:SecurityGroupIds")

# Where an operation that brings code has it.
_CODE = {"CreateFunction": "Code.", "PublishLayerVersion": "Content.", "UpdateFunctionCode": ""}


def rule(ask: Ask) -> list[Need]:
    action = action_of(ask, SERVICE)
    kinds = {kind.name for kind in action.resource_types}
    if not kinds & _KINDS or ask.one("Resource"):
        return generally(ask, SERVICE)
    needs = [ask.need(action.name, function_arn(ask), _context(ask, action.all_keys))]
    if "code signing config" in kinds:
        needs.append(ask.need(action.name, ask.needed("CodeSigningConfigArn")))
    return needs


def code(ask: Ask) -> Iterable[Need]:
    """Code in a bucket, and layers, are fetched in the name of whoever makes the function."""
    needs = [ask.need("lambda:GetLayerVersion", layer) for layer in ask.every("Layers")]
    if ask.operation not in _CODE:
        return needs
    prefix = _CODE[ask.operation]
    if ask.one(f"{prefix}ImageUri"):
        raise ask.refusal("takes its code from an image, which is not mapped")
    if bucket := ask.one(f"{prefix}S3Bucket"):
        key, version = ask.needed(f"{prefix}S3Key"), ask.one(f"{prefix}S3ObjectVersion")
        arn = f"arn:{ask.facts.partition}:s3:::{bucket}/{key}"
        needs.append(ask.need("s3:GetObjectVersion" if version else "s3:GetObject", arn))
        needs += behind(ask, "s3", ask.facts.object_key(bucket, key, version), READ)
    return needs


def function_arn(ask: Ask) -> str:
    """With the version or alias that the call is about, if it says one."""
    given, qualifier = ask.needed("FunctionName"), ask.one("Qualifier")
    *before, last = given.split("function:")
    name, _, behind_it = last.partition(":")
    ending = f":{qualifier or behind_it}" if qualifier or behind_it else ""
    if given.startswith("arn:"):
        return f"{before[0]}function:{name}{ending}"
    if before and before[0]:  # 123456789012:function:name
        account = before[0].rstrip(":")
        return f"arn:{ask.facts.partition}:lambda:{ask.facts.region}:{account}:function:{name}{ending}"
    return ask.arn(f"function:{name}{ending}")


def _context(ask: Ask, keys: frozenset[str]) -> Context:
    found: dict[str, str | list[str]] = {}
    for key, path in _SHOWN.items():
        if key in keys and (values := ask.every(path)):
            found[key] = values if key in _LISTS else values[0]
    if "lambda:FunctionArn" in keys:
        found["lambda:FunctionArn"] = function_arn(ask)
    return found


def mapping_context(ask: Ask) -> Context:
    """The function that an event source mapping feeds."""
    if "EventSourceMapping" not in ask.operation or ask.operation == "ListEventSourceMappings":
        return {}
    if uuid := ask.one("UUID"):
        function = ask.facts.mapping_function(uuid)
        return {"lambda:FunctionArn": function} if function else {}
    return {"lambda:FunctionArn": function_arn(ask)}


SERVICE = Service(
    model="lambda",
    actions={"Invoke": "InvokeFunction", "InvokeWithResponseStream": "InvokeFunction", "InvokeAsync": "InvokeFunction"},
    places={
        "capacityProvider": ("CapacityProviderName",),
        "code signing config": ("CodeSigningConfigArn",),
        "eventSourceMapping": ("UUID",),
        "layer": ("LayerName",),
        "layerVersion": ("LayerName", "VersionNumber"),
    },
    rule=rule,
    more=(code,),
    context=mapping_context,
)
