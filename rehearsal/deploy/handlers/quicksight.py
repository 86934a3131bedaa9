"""QuickSight data sources and data sets. The account keeps them; nothing is ever asked through them."""

from __future__ import annotations

from typing import Any

from rehearsal.deploy.inputs import Inputs
from rehearsal.deploy.order import Order
from rehearsal.deploy.registry import Created, handles


@handles("aws:quicksight/dataSource:DataSource")
def data_source(order: Order) -> Created:
    inputs, id_ = order.inputs, str(order.inputs["dataSourceId"])
    account = inputs.value("awsAccountId", order.account_id)
    parameters = _api_names(inputs["parameters"])
    made = order.client("quicksight").create_data_source(
        AwsAccountId=account,
        DataSourceId=id_,
        DataSourceParameters=parameters,
        Permissions=_permissions(inputs),
        **inputs.take(Name="name", Type="type"),
        **({"Tags": order.tag_list()} if order.tags else {}),
    )
    return Created(f"{account},{id_}", {"arn": made["Arn"], "dataSourceId": id_, "awsAccountId": account})


@handles("aws:quicksight/dataSet:DataSet")
def data_set(order: Order) -> Created:
    inputs, id_ = order.inputs, str(order.inputs["dataSetId"])
    account = inputs.value("awsAccountId", order.account_id)
    made = order.client("quicksight").create_data_set(
        AwsAccountId=account,
        DataSetId=id_,
        PhysicalTableMap={
            str(part["physicalTableMapId"]): _table(part) for part in inputs.objects("physicalTableMaps")
        },
        Permissions=_permissions(inputs),
        **inputs.take(Name="name", ImportMode="importMode"),
        **({"Tags": order.tag_list()} if order.tags else {}),
    )
    return Created(f"{account},{id_}", {"arn": made["Arn"], "dataSetId": id_, "awsAccountId": account})


def _table(given: Inputs) -> dict[str, Any]:
    return {
        name[0].upper() + name[1:]: _api_names(given[name])
        for name in ("customSql", "relationalTable", "s3Source")
        if name in given
    }


def _permissions(inputs: Inputs) -> list[dict[str, Any]]:
    return [given.take(Principal="principal", Actions="actions") for given in inputs.objects("permissions")]


def _api_names(value: Any) -> Any:
    """Pulumi's names of nested properties as the API spells them: ``workGroup`` is ``WorkGroup``."""
    if isinstance(value, dict):
        names = {name: f"{name[0].upper()}{name[1:]}Parameters" if name == "athena" else name[0].upper() + name[1:]
                 for name in value}  # fmt: skip
        return {names[name]: _api_names(inner) for name, inner in value.items() if inner is not None}
    return [_api_names(inner) for inner in value] if isinstance(value, list) else value
