"""What a user's own AWS account can say no with: one line each, with the next step."""

from __future__ import annotations

import pytest
from botocore import exceptions as aws
from botocore.exceptions import ClientError

from lakelet.aws_trouble import AwsRefuses, explain, told_plainly


def refusal(code: str, message: str = "said\nso.", operation: str = "GetItem") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, operation)


@pytest.mark.parametrize(
    ("error", "happened", "step"),
    [
        (aws.NoCredentialsError(), "no AWS credentials for stack dev", "aws configure"),
        (aws.PartialCredentialsError(provider="env", cred_var="x"), "no AWS credentials", "AWS_PROFILE"),
        (aws.ProfileNotFound(profile="wrok"), "(wrok)", "aws configure list-profiles"),
        (aws.UnauthorizedSSOTokenError(), "login cannot be used", "aws sso login"),
        (aws.TokenRetrievalError(provider="sso", error_msg="Token has expired"), "Token has expired", "aws sso login"),
        (aws.EndpointConnectionError(endpoint_url="https://x"), "does not answer", "check the network"),
        (aws.ConnectTimeoutError(endpoint_url="https://x"), "does not answer", "eu-north-1"),
        (aws.ProxyConnectionError(proxy_url="http://p"), "does not answer", "a proxy"),
        (aws.DataNotFoundError(data_path="x"), "cannot be asked for stack dev", "aws configure list"),
        (refusal("ExpiredTokenException"), "have expired (ExpiredTokenException)", "aws sso login"),
        (refusal("InvalidClientTokenId"), "does not know your credentials", "aws sts get-caller-identity"),
        (refusal("AccessDeniedException"), "may not call GetItem for stack dev in eu-north-1", "ask for it"),
        (refusal("ResourceNotFoundException"), "GetItem finds nothing of stack dev in eu-north-1", "pulumi up -s dev"),
        (refusal("Throttling"), "GetItem of stack dev in eu-north-1 failed: Throttling: said so", "try again"),
    ],
)
def test_each_trouble_is_one_line_with_the_next_step(error, happened, step) -> None:
    line = explain(error, "dev", "eu-north-1")
    assert happened in line and step in line and "\n" not in line
    with pytest.raises(AwsRefuses) as told, told_plainly("dev", "eu-north-1"):
        raise error
    assert (str(told.value), told.value.exit_code) == (line, 1)
