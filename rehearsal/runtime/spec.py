"""A deployed function, as far as running it goes, read from its configuration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rehearsal.errors import RehearsalError

LAMBDA = "lambda.amazonaws.com"


class NotRehearsed(RehearsalError):
    """A function needs something of Lambda that the rehearsal does not do."""


@dataclass(frozen=True)
class FunctionSpec:
    """Two equal ones may share a process."""

    name: str
    arn: str
    version: str
    handler: str
    role: str
    timeout_seconds: float
    memory_mb: int
    code_sha256: str
    log_group: str
    runtime: str
    variables: tuple[tuple[str, str], ...]

    @property
    def memory_bytes(self) -> int:
        return self.memory_mb * 1024 * 1024

    def environment(self, task: str, library: str, log_stream: str) -> dict[str, str]:
        """What Lambda gives to a process, besides the credentials of its role. Nothing of the caller's own."""
        return {
            **dict(self.variables),
            "_HANDLER": self.handler,
            "AWS_EXECUTION_ENV": f"AWS_Lambda_{self.runtime}",
            "AWS_LAMBDA_FUNCTION_NAME": self.name,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(self.memory_mb),
            "AWS_LAMBDA_FUNCTION_VERSION": self.version,
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_LAMBDA_LOG_GROUP_NAME": self.log_group,
            "AWS_LAMBDA_LOG_STREAM_NAME": log_stream,
            "LAMBDA_TASK_ROOT": task,
            "LAMBDA_RUNTIME_DIR": library,
            "PYTHONPATH": library,
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "LANG": "en_US.UTF-8",
            "TZ": ":UTC",
        }


def spec_of(configuration: Mapping[str, Any]) -> FunctionSpec:
    """From what GetFunctionConfiguration tells. Refuses what runs otherwise than from a Python zip."""
    name = configuration["FunctionName"]
    runtime = configuration.get("Runtime") or configuration.get("PackageType") or ""
    if not runtime.startswith("python3."):
        raise NotRehearsed(f"function {name} runs on {runtime!r}; only Python zips are rehearsed: leave it out")
    if configuration.get("Layers"):
        raise NotRehearsed(f"function {name} has layers, which are not rehearsed; put their files into its zip")
    variables = (configuration.get("Environment") or {}).get("Variables") or {}
    return FunctionSpec(
        name=name,
        arn=configuration["FunctionArn"],
        version=configuration.get("Version") or "$LATEST",
        handler=configuration["Handler"],
        role=configuration["Role"],
        timeout_seconds=float(configuration.get("Timeout") or 3),
        memory_mb=int(configuration.get("MemorySize") or 128),
        code_sha256=configuration["CodeSha256"],
        log_group=(configuration.get("LoggingConfig") or {}).get("LogGroup") or f"/aws/lambda/{name}",
        runtime=runtime,
        variables=tuple(sorted((key, str(value)) for key, value in variables.items())),
    )
