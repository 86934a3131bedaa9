"""Statements in the words of this program, for whoever writes permissions: ARNs as calls of names and policies."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from infra.naming import Names
from infra.permissions import MANIFESTS_QUEUE, UNFINISHED
from rehearsal.proof.held import Statement

BUCKETS, TABLES = ("raw", "curated", "artifacts"), ("runs", "pages", "quota")
QUEUES, CONDUCTING = (MANIFESTS_QUEUE, "given-up"), ("start", "record", "reconcile")
OF_OBJECTS = {"s3:GetObject": "get_objects", "s3:PutObject": "put_objects", "s3:DeleteObject": "delete_objects"}
OF_ARNS = {
    ("secretsmanager:GetSecretValue",): "read_secret",
    ("sqs:SendMessage",): "send_messages",
    ("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"): "consume_messages",
    ("lambda:InvokeFunction",): "invoke",
    ("glue:StartJobRun",): "start_jobs",
    ("glue:GetJobRun",): "read_job_runs",
}


Condition = Mapping[str, Mapping[str, Sequence[str]]]


def in_our_words(statements: Iterable[Statement], names: Names, sources: Sequence[str]) -> list[str]:
    """A line for each call of a function of ``policies`` that together give these statements."""
    known = Known(_expressions(names, sources), sources, names)
    return [line for statement in statements for line in _lines(statement, names, known)]


def _lines(statement: Statement, names: Names, known: Known) -> Iterator[str]:
    actions, arns = tuple(statement["Action"]), list(statement["Resource"])
    condition = statement.get("Condition")
    if set(actions) <= set(OF_OBJECTS) and condition is None and all(_bucket(arn) in known.expressions for arn in arns):
        for action in actions:
            yield from _of_objects(OF_OBJECTS[action], arns, names, known)
    elif actions == ("s3:ListBucket",) and condition:
        yield from (_of_prefixes(arn, condition, known) for arn in arns)
    elif all(action.startswith("dynamodb:") for action in actions):
        yield from (_of_items(arn, actions, condition, known) for arn in arns)
    elif actions == ("logs:CreateLogStream", "logs:PutLogEvents"):
        yield _call("write_logs", [known.said(arn.removesuffix(":*")) for arn in arns])
    elif actions in OF_ARNS:
        yield _call(OF_ARNS[actions], map(known.said, arns))
    elif all((action,) in OF_ARNS for action in actions):
        yield from (_call(OF_ARNS[(action,)], map(known.said, arns)) for action in actions)
    else:
        extra = [json.dumps(condition)] if condition else []
        yield _call("allow", [_list(map(_quoted, actions)), _list(map(known.said, arns)), *extra])


def _of_objects(function: str, arns: Sequence[str], names: Names, known: Known) -> Iterator[str]:
    for stage in BUCKETS:
        prefix = f"{names.bucket_arn(stage)}/"
        paths = [known.path(arn.removeprefix(prefix).removesuffix("*")) for arn in arns if arn.startswith(prefix)]
        if paths:
            yield _call(function, [f'names.bucket_arn("{stage}")', *map(_quoted, paths)])


def _bucket(arn: str) -> str:
    return arn.split("/")[0]


def _of_prefixes(arn: str, condition: Condition, known: Known) -> str:
    paths = [known.path(value.removesuffix("*")) for value in _values(condition)]
    return _call("list_objects", [known.said(arn), *map(_quoted, paths)])


def _of_items(arn: str, actions: Sequence[str], condition: Condition | None, known: Known) -> str:
    table, _, index = arn.partition("/index/")
    if index:
        return _call("query_index", [known.said(table), "UNFINISHED" if index == UNFINISHED else _quoted(index)])
    said = _values(condition or {})
    keys = dict.fromkeys(said if set(actions) == {"dynamodb:Query"} else map(known.key, said))  # a query names streams
    verbs = _list(_quoted(action.removeprefix("dynamodb:")) for action in actions)
    return _call("use_items", [known.said(arn), verbs, *map(_quoted, keys)])


def _values(condition: Condition) -> list[str]:
    return [value for held in condition.values() for values in held.values() for value in values]


@dataclass(frozen=True)
class Known:
    """What things are called here. All that is of one source goes together, whatever its streams are."""

    expressions: Mapping[str, str]
    sources: Sequence[str]
    names: Names

    def said(self, arn: str) -> str:
        if arn in self.expressions:
            return self.expressions[arn]
        service = arn.split(":")[2]
        own = self.names.arn(service, "")
        return f'names.arn("{service}", {_quoted(arn.removeprefix(own))})' if arn.startswith(own) else _quoted(arn)

    def path(self, folder: str) -> str:
        """``raw/olympics/`` for ``raw/olympics/athletes/``."""
        found = [f"{folder.split(f'/{source}/')[0]}/{source}/" for source in self.sources if f"/{source}/" in folder]
        return found[0] if found else folder

    def key(self, value: str) -> str:
        """``olympics/*`` for ``olympics/athletes``."""
        source, slash, _ = value.partition("/")
        return f"{source}/*" if slash and source in self.sources else value


def _expressions(names: Names, sources: Sequence[str]) -> dict[str, str]:
    """What each ARN is called here."""
    found = {names.bucket_arn(stage): f'names.bucket_arn("{stage}")' for stage in BUCKETS}
    found |= {names.table_arn(table): f'names.table_arn("{table}")' for table in TABLES}
    found |= {names.queue_arn(queue): f'names.queue_arn("{queue}")' for queue in QUEUES}
    for source in sources:
        found[names.secret_arn(source)] = "names.secret_arn(source)"
        found[names.job_arn(source)] = "names.job_arn(source)"
        found[names.function_arn(names.extract(source))] = "names.function_arn(names.extract(source))"
        for group in names.job_logs(names.job(source)):
            kind = group.rsplit("/", 1)[-1]
            found[names.log_group_arn(group)] = f'names.log_group_arn(f"{{names.job_log_prefix(job)}}/{kind}")'
    conducting = [names.of(short) for short in CONDUCTING]
    for short, function in zip(CONDUCTING, conducting, strict=True):
        found[names.function_arn(function)] = f'names.function_arn(names.of("{short}"))'
    for function in (*map(names.extract, sources), *conducting):
        found[names.log_group_arn(f"/aws/lambda/{function}")] = 'names.log_group_arn(f"/aws/lambda/{function}")'
    return found


def _call(function: str, arguments: Iterable[str]) -> str:
    return f"policies.{function}({', '.join(arguments)})"


def _list(items: Iterable[str]) -> str:
    return f"[{', '.join(items)}]"


def _quoted(text: str) -> str:
    return json.dumps(text)
