"""A Lambda function with a role and a log group of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pulumi
from pulumi_aws import cloudwatch, lambda_

from infra import policies
from infra.naming import Names
from infra.packaging import sha256_base64
from infra.policies import Statement
from infra.role import LakeRole, LakeRoleArgs

RUNTIME = "python3.13"


@dataclass(frozen=True)
class LakeFunctionArgs:
    """One function, and what it may do."""

    names: Names  # what everything is called
    function: str  # its name
    package: Path  # the zip
    handler: str  # as in package.module.function
    statements: Sequence[Statement]  # what it may do, besides writing its log
    environment: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)  # variables; STACK is always there
    timeout_seconds: int = 60  # at most 900
    memory_mb: int = 256  # 1,769 are one whole processor
    log_retention_days: int = 30  # how long its log is kept
    given_up: str | None = None  # the queue for calls made without waiting that failed as often as they may
    retries: int = 2  # of calls made without waiting
    reserved_concurrency: int | None = None  # None: as many at once as the account lets


class LakeFunction(pulumi.ComponentResource):
    """A function that may do what its statements say, and write its log. Outputs: ``name`` and ``arn``."""

    name: pulumi.Output[str]
    arn: pulumi.Output[str]

    def __init__(self, name: str, args: LakeFunctionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("lakelet:infra:LakeFunction", name, {}, opts)
        self._child = pulumi.ResourceOptions(parent=self)
        logs = cloudwatch.LogGroup(
            f"{name}-log",
            name=f"/aws/lambda/{args.function}",
            retention_in_days=args.log_retention_days,
            tags=args.names.tags,
            opts=self._child,
        )
        function = self._function(name, args, logs)
        if args.given_up:
            self._when_given_up(name, args, function)
        self.name, self.arn = function.name, function.arn
        self.register_outputs({"name": self.name, "arn": self.arn})

    def _function(self, name: str, args: LakeFunctionArgs, logs: cloudwatch.LogGroup) -> lambda_.Function:
        return lambda_.Function(
            name,
            name=args.function,
            runtime=RUNTIME,
            architectures=["arm64"],
            handler=args.handler,
            code=pulumi.FileArchive(str(args.package)),
            source_code_hash=sha256_base64(args.package),
            role=self._role(name, args).arn,
            environment={"variables": {"STACK": args.names.stack, **args.environment}},
            timeout=args.timeout_seconds,
            memory_size=args.memory_mb,
            reserved_concurrent_executions=args.reserved_concurrency,
            tags=args.names.tags,
            # Lambda would make a log group that keeps everything for ever, if it came first.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[logs]),
        )

    def _role(self, name: str, args: LakeFunctionArgs) -> LakeRole:
        own = [policies.write_logs(args.names.log_group_arn(f"/aws/lambda/{args.function}"))]
        if args.given_up:
            own.append(policies.send_messages(args.names.queue_arn(args.given_up)))
        role = LakeRoleArgs(args.function, "lambda", [*args.statements, *own], args.names.tags)
        return LakeRole(f"{name}-role", role, self._child)

    def _when_given_up(self, name: str, args: LakeFunctionArgs, function: lambda_.Function) -> None:
        lambda_.FunctionEventInvokeConfig(
            f"{name}-retries",
            function_name=function.name,
            maximum_retry_attempts=args.retries,
            destination_config={"on_failure": {"destination": args.names.queue_arn(args.given_up or "")}},
            opts=self._child,
        )
