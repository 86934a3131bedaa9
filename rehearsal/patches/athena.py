"""Athena: the SQL of an execution really runs; what moto lacks of named queries and prepared statements is added."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

from rehearsal.athena.errors import BadRequest
from rehearsal.athena.executions import Execution, Executions, moment
from rehearsal.errors import RehearsalError
from rehearsal.patches.seams import hooks, is_repeated

PRIMARY = "primary"
MOST_RESULTS = 1000

_executions: WeakKeyDictionary[Any, Executions] = WeakKeyDictionary()
Answered = str | tuple[str, dict[str, int]]


class NotFound(RehearsalError):
    """A prepared statement that is not there: ResourceNotFoundException."""


def _of(response: Any) -> Executions:
    return _executions.setdefault(response.athena_backend, Executions())


def workgroup_of(backend: Any, id_: str) -> str | None:
    """That of an execution or of a named query; None for an id that nobody knows."""
    if named := backend.named_queries.get(id_):
        return str(named.workgroup.name)
    held = _executions.get(backend)
    try:
        return held.get(id_).workgroup if held else None
    except BadRequest:
        return None


def answered(work: Callable[[Any], Any]) -> Callable[[Any], Answered]:
    """A call of the API: what it gives as JSON, and its refusals as Athena names them."""

    def call(response: Any) -> Answered:
        try:
            return json.dumps(work(response))
        except BadRequest as error:
            body = {
                "__type": "InvalidRequestException",
                "Message": str(error),
                "message": str(error),
                "AthenaErrorCode": "MALFORMED_QUERY",
            }
            return json.dumps(body), {"status": 400}
        except NotFound as error:
            return json.dumps({"__type": "ResourceNotFoundException", "Message": str(error), "message": str(error)}), {
                "status": 400
            }

    return call


def _group(response: Any, name: str | None) -> Any:
    found = response.athena_backend.work_groups.get(name or PRIMARY)
    if found is None:
        raise BadRequest(f"WorkGroup {name} is not found.")
    return found


def start(response: Any) -> dict[str, Any]:
    """StartQueryExecution: text that is no SQL is refused at once; all else shows in the execution."""
    from rehearsal.athena.statements import Surroundings, judged, run

    asked = response._get_param
    sql, group = asked("QueryString") or "", _group(response, asked("WorkGroup"))
    if group.state != "ENABLED":
        raise BadRequest(f"WorkGroup {group.name} is disabled.")
    result = _result_configuration(group, asked("ResultConfiguration") or {})
    judged(sql)
    context, parameters = asked("QueryExecutionContext") or {}, asked("ExecutionParameters")
    client = _clients(response)
    database = context.get("Database")
    around = Surroundings(
        client=client,
        prepared=lambda name: _prepared_text(response.athena_backend, group, name),
        now=moment(time.time()),
        database=database.lower() if database else None,
        cutoff=group.configuration.get("BytesScannedCutoffPerQuery"),
    )
    made = _of(response).start(
        sql, parameters, context, result, group.name,
        work=lambda: run(sql, list(parameters or []), around), put=_put(client, result),
    )  # fmt: skip
    return {"QueryExecutionId": made.id}


def _clients(response: Any) -> Callable[[str], Any]:
    """Clients under the identity of whoever asks, since Athena reads and writes with the caller's permissions."""
    told = hooks()
    assert told is not None
    return partial(told.client_of, response.get_access_key())


def _result_configuration(group: Any, asked: dict[str, Any]) -> dict[str, Any]:
    """The workgroup's where it is enforced, else the caller's before the workgroup's."""
    own = dict(group.configuration.get("ResultConfiguration") or {})
    found = own if group.configuration.get("EnforceWorkGroupConfiguration") else {**own, **asked}
    if not found.get("OutputLocation"):
        raise BadRequest(
            "No output location provided. You did not provide an output location for your query results. Provide a "
            "location "
            "using the OutputLocation parameter in your request, or using the Workgroup settings."
        )
    return found


def _put(client: Callable[[str], Any], result: dict[str, Any]) -> Callable[[str, bytes], None]:
    def put(location: str, body: bytes) -> None:
        bucket, _, key = location.removeprefix("s3://").partition("/")
        extra = _encryption(result.get("EncryptionConfiguration") or {})
        if owner := result.get("ExpectedBucketOwner"):
            extra["ExpectedBucketOwner"] = owner
        client("s3").put_object(Bucket=bucket, Key=key, Body=body, ContentType="application/octet-stream", **extra)

    return put


def _encryption(asked: dict[str, Any]) -> dict[str, str]:
    option = asked.get("EncryptionOption")
    if option == "SSE_S3":
        return {"ServerSideEncryption": "AES256"}
    if option == "SSE_KMS":
        return {"ServerSideEncryption": "aws:kms", **({"SSEKMSKeyId": asked["KmsKey"]} if asked.get("KmsKey") else {})}
    if option:
        raise BadRequest(f"{option} cannot be rehearsed; use SSE_S3 or SSE_KMS")
    return {}


def get(response: Any) -> dict[str, Any]:
    return {"QueryExecution": _of(response).waited(response._get_param("QueryExecutionId")).described()}


def batch_get(response: Any) -> dict[str, Any]:
    known = {each.id: each for each in _of(response).all()}
    ids = response._get_param("QueryExecutionIds") or []
    missing = [{"QueryExecutionId": each, "ErrorCode": "NOT_FOUND", "ErrorMessage": f"QueryExecution {each} was not "
        f"found"}
               for each in ids if each not in known]  # fmt: skip
    return {"QueryExecutions": [known[each].described() for each in ids if each in known],
            "UnprocessedQueryExecutionIds": missing}  # fmt: skip


def results(response: Any) -> dict[str, Any]:
    from rehearsal.athena.results import api_rows, column_info

    found: Execution = _of(response).get(response._get_param("QueryExecutionId"))
    if not found.is_over:
        raise BadRequest(f"Query has not yet finished. Current state: {found.state}")
    if found.answer is None:
        raise BadRequest(f"Query did not finish successfully. Final query state: {found.state}")
    rows, columns = api_rows(found.answer), [column_info(name, kind) for name, kind in found.answer.columns]
    page, token = _page(rows, response, MOST_RESULTS)
    told = {"UpdateCount": 0, "ResultSet": {"Rows": page, "ResultSetMetadata": {"ColumnInfo": columns}}}
    return {**told, "NextToken": token} if token else told


def _page(found: list[Any], response: Any, most: int) -> tuple[list[Any], str | None]:
    """One page of a list; the token is where the next begins."""
    asked, token = response._get_param("MaxResults"), response._get_param("NextToken")
    if asked is not None and not 1 <= int(asked) <= most:
        raise BadRequest(f"MaxResults is more than maximum allowed length {most}.")
    if token is not None and not str(token).isdigit():
        raise BadRequest(f"Invalid token: {token}")
    begin = int(token or 0)
    end = begin + int(asked or most)
    return found[begin:end], str(end) if end < len(found) else None


def stop(response: Any) -> dict[str, Any]:
    _of(response).stop(response._get_param("QueryExecutionId"))
    return {}


def list_executions(response: Any) -> dict[str, Any]:
    group = _group(response, response._get_param("WorkGroup"))
    ids = [each.id for each in _of(response).all() if each.workgroup == group.name]
    page, token = _page(ids, response, 50)
    return {"QueryExecutionIds": page, **({"NextToken": token} if token else {})}


def _described(query: Any) -> dict[str, Any]:
    told = {"Name": query.name, "Description": query.description, "Database": query.database,
        "QueryString": query.query_string,
            "NamedQueryId": query.id, "WorkGroup": query.workgroup.name}  # fmt: skip
    return {name: value for name, value in told.items() if value is not None}


def get_named(response: Any) -> dict[str, Any]:
    id_ = response._get_param("NamedQueryId")
    found = response.athena_backend.named_queries.get(id_)
    if found is None:
        raise BadRequest(f"NamedQuery {id_} was not found")
    return {"NamedQuery": _described(found)}


def batch_get_named(response: Any) -> dict[str, Any]:
    known, ids = response.athena_backend.named_queries, response._get_param("NamedQueryIds") or []
    missing = [{"NamedQueryId": each, "ErrorCode": "NOT_FOUND", "ErrorMessage": f"NamedQuery {each} was not found"}
               for each in ids if each not in known]  # fmt: skip
    return {
        "NamedQueries": [_described(known[each]) for each in ids if each in known],
        "UnprocessedNamedQueryIds": missing,
    }


def list_named(response: Any) -> dict[str, Any]:
    group = _group(response, response._get_param("WorkGroup"))
    ids = [query.id for query in response.athena_backend.named_queries.values() if query.workgroup is group]
    page, token = _page(ids, response, 50)
    return {"NamedQueryIds": page, **({"NextToken": token} if token else {})}


def delete_named(response: Any) -> dict[str, Any]:
    id_ = response._get_param("NamedQueryId")
    if response.athena_backend.named_queries.pop(id_, None) is None:
        raise BadRequest(f"NamedQuery {id_} was not found")
    return {}


def _key(group: Any, name: str) -> str:
    """Prepared statements belong to their workgroup; moto keeps them by name alone."""
    return f"{group.name}/{name}"


def _prepared(backend: Any, group: Any, name: str) -> Any:
    found = backend.prepared_statements.get(_key(group, name))
    if found is None:
        raise NotFound(f"PreparedStatement {name} was not found in WorkGroup {group.name}")
    return found


def _prepared_text(backend: Any, group: Any, name: str) -> str | None:
    found = backend.prepared_statements.get(_key(group, name))
    return None if found is None else str(found.query_statement)


def create_prepared(response: Any) -> dict[str, Any]:
    from moto.athena.models import PreparedStatement

    asked = response._get_param
    group, name = _group(response, asked("WorkGroup")), asked("StatementName")
    kept = response.athena_backend.prepared_statements
    if _key(group, name) in kept:
        raise BadRequest(f"PreparedStatement {name} already exists in WorkGroup {group.name}")
    if not is_repeated():
        from rehearsal.athena.statements import judged

        judged(asked("QueryStatement"))
    kept[_key(group, name)] = PreparedStatement(name, group, asked("QueryStatement"), asked("Description"))
    return {}


def get_prepared(response: Any) -> dict[str, Any]:
    group = _group(response, response._get_param("WorkGroup"))
    found = _prepared(response.athena_backend, group, response._get_param("StatementName"))
    told = {"StatementName": found.statement_name, "QueryStatement": found.query_statement, "WorkGroupName": group.name,
            "Description": found.description, "LastModifiedTime": found.last_modified_time.timestamp()}  # fmt: skip
    return {"PreparedStatement": {name: value for name, value in told.items() if value is not None}}


def list_prepared(response: Any) -> dict[str, Any]:
    group = _group(response, response._get_param("WorkGroup"))
    found = [{"StatementName": each.statement_name, "LastModifiedTime": each.last_modified_time.timestamp()}
             for each in response.athena_backend.prepared_statements.values() if each.workgroup is group]  # fmt: skip
    page, token = _page(sorted(found, key=lambda each: str(each["StatementName"])), response, 50)
    return {"PreparedStatements": page, **({"NextToken": token} if token else {})}


def delete_prepared(response: Any) -> dict[str, Any]:
    group, name = _group(response, response._get_param("WorkGroup")), response._get_param("StatementName")
    _prepared(response.athena_backend, group, name)
    del response.athena_backend.prepared_statements[_key(group, name)]
    return {}


def update_work_group(response: Any) -> dict[str, Any]:
    """Only the state: the deployer needs no more."""
    group, asked = _group(response, response._get_param("WorkGroup")), response._get_param
    if asked("ConfigurationUpdates"):
        raise BadRequest("ConfigurationUpdates cannot be rehearsed; deploy the workgroup anew")
    group.state = asked("State") or group.state
    group.description = asked("Description") or group.description
    return {}
