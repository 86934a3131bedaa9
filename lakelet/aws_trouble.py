"""What AWS says no with, as one line and the next step."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from botocore import exceptions as aws
from botocore.exceptions import BotoCoreError, ClientError

from lakelet.errors import LakeletError

_EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"})
_UNKNOWN_KEYS = frozenset(
    {"InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId", "SignatureDoesNotMatch",
     "InvalidSignatureException", "AuthFailure", "IncompleteSignature", "InvalidToken"}
)  # fmt: skip
_DENIED = frozenset(
    {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError", "Forbidden", "403"}
)
_MISSING = frozenset(
    {"ResourceNotFoundException", "EntityNotFoundException", "NoSuchBucket", "AWS.SimpleQueueService.NonExistentQueue",
     "QueueDoesNotExist", "ResourceNotFound", "NotFoundException", "404"}
)  # fmt: skip
_LOG_IN = "log in again (aws sso login, or new keys), then run the command again"


class AwsRefuses(LakeletError):
    """The user's AWS account cannot be looked at; the message says why, and what to do."""


@contextmanager
def told_plainly(stack: str, region: str = "") -> Iterator[None]:
    """Raises AwsRefuses, in words, for whatever boto3 raises inside."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise AwsRefuses(explain(error, stack, region)) from error


def explain(error: BotoCoreError | ClientError, stack: str, region: str = "") -> str:
    """One line: what happened to a command that looks at ``stack``, and the next step."""
    if isinstance(error, ClientError):
        return _refusal(error, stack, region)
    if isinstance(error, aws.ProfileNotFound):
        return f"{_line(error)}; see `aws configure list-profiles`, then set AWS_PROFILE to one of them"
    if isinstance(error, aws.NoCredentialsError | aws.PartialCredentialsError):
        return f"there are no AWS credentials for stack {stack}; set AWS_PROFILE, or run: aws configure"
    if isinstance(error, aws.SSOError | aws.TokenRetrievalError | aws.CredentialRetrievalError):
        return f"your AWS login cannot be used: {_line(error)}; {_LOG_IN}"
    if isinstance(error, aws.ConnectionError | aws.HTTPClientError):
        return f"AWS does not answer: {_line(error)}; check the network, a proxy, and the region {region}".rstrip()
    return f"AWS cannot be asked for stack {stack}: {_line(error)}; see `aws configure list`"


def _refusal(error: ClientError, stack: str, region: str) -> str:
    code, said = error.response["Error"].get("Code", ""), _line(error.response["Error"].get("Message", "") or error)
    where = f"stack {stack} in {region}" if region else f"stack {stack}"
    if code in _EXPIRED:
        return f"your AWS credentials have expired ({code}); {_LOG_IN}"
    if code in _UNKNOWN_KEYS:
        return f"AWS does not know your credentials ({code}: {said}); see `aws sts get-caller-identity`"
    if code in _DENIED:
        return f"you may not call {error.operation_name} for {where}: {said}; ask for it, or set another AWS_PROFILE"
    if code in _MISSING:
        return (f"{error.operation_name} finds nothing of {where} ({said}); see with `aws sts get-caller-identity` "
                f"whether this is its account, then run: pulumi up -s {stack}")  # fmt: skip
    return f"{error.operation_name} of {where} failed: {code}: {said}; try again, or see --traceback"


def _line(text: object) -> str:
    return re.sub(r"\s+", " ", str(text)).strip().rstrip(".")[:300]
