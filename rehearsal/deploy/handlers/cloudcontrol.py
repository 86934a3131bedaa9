"""Cloud Control: resources that are given whole, as CloudFormation describes them. Two types are known.

Their documents have the shape of QuickSight's own calls, so they are judged by those: an unknown or a missing
property at any depth stops the deployment. The account keeps a dashboard; it has no place for an analysis.
"""

from __future__ import annotations

import json
from typing import Any

from botocore.validate import ParamValidator

from rehearsal.deploy.order import Order
from rehearsal.deploy.registry import Created, InputRefusedError, handles

_CALLS = {"AWS::QuickSight::Dashboard": "CreateDashboard", "AWS::QuickSight::Analysis": "CreateAnalysis"}


@handles("aws:cloudcontrol/resource:Resource")
def resource(order: Order) -> Created:
    kind, text = order.inputs["typeName"], order.inputs["desiredState"]
    if kind not in _CALLS:
        raise InputRefusedError(f"the rehearsal knows no type {kind} of Cloud Control; it knows {', '.join(_CALLS)}")
    try:
        state: dict[str, Any] = json.loads(text)
    except ValueError as error:
        raise InputRefusedError(f"desiredState is not JSON ({error}): {str(text)[:60]}") from error
    client = order.client("quicksight")
    shape = client.meta.service_model.operation_model(_CALLS[kind]).input_shape
    report = ParamValidator().validate(state, shape)
    if report.has_errors():
        raise InputRefusedError(f"{kind}: {' '.join(report.generate_report().split())}")
    if kind == "AWS::QuickSight::Dashboard":
        client.create_dashboard(**state)
    id_ = str(state[f"{kind.rpartition(':')[2]}Id"])
    return Created(f"{state['AwsAccountId']}|{id_}", {"properties": text, "typeName": kind})
