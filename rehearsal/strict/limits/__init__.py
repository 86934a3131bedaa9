"""Limits that no model names. Each is a function of the call and of what the account holds already."""

from __future__ import annotations

from rehearsal.asked import Asked
from rehearsal.strict.limits import databus, functions, glue, iam, logs, objects, queues, vault
from rehearsal.strict.limits.limit import Limits
from rehearsal.strict.view import View
from rehearsal.strict.warnings import Warnings
from rehearsal.strict.words import Refusal

LIMITS: dict[str, Limits] = {
    "events": databus.EVENTS,
    "glue": glue.LIMITS,
    "iam": iam.LIMITS,
    "lambda": functions.LIMITS,
    "logs": logs.LIMITS,
    "s3": objects.LIMITS,
    "scheduler": databus.SCHEDULER,
    "secretsmanager": vault.SECRETS,
    "sqs": queues.LIMITS,
    "ssm": vault.PARAMETERS,
}


def over_a_limit(asked: Asked, view: View, warnings: Warnings) -> Refusal | None:
    """The first limit that a call breaks."""
    limits = LIMITS.get(asked.service, {}).get(asked.operation, ())
    return next((refused for limit in limits if (refused := limit(asked, view, warnings))), None)
