"""What Glue and Lambda send of themselves, under the role of the job or the function."""

from __future__ import annotations

import io
import zipfile

from rehearsal.functions import Functions
from rehearsal.hooks import InvokeRequest
from rehearsal.jobs import Jobs
from rehearsal.spark.job import JobRun
from tests.rehearsal.identity.policies import allow


def asked_of(account, mark, service):
    return [(call.operation, call.status) for call in account.calls.since(mark, service=service)]


def told(account, role, **arguments):
    """What the metrics of a job run come to: the calls on record, and whether something is missing."""
    mark, jobs = account.calls.mark(), Jobs(account)
    jobs._tell_metrics(JobRun("j", "jr_1", role, "s3://b/s.py", arguments))
    return asked_of(account, mark, "cloudwatch"), [run for run, _ in jobs.unlogged]


def test_a_job_with_metrics_needs_the_right_to_put_them(account, people):
    metrics = {"--enable-metrics": "true"}
    may = people.role(
        "metered", allow("cloudwatch:PutMetricData", Condition={"StringEquals": {"cloudwatch:namespace": "Glue"}})
    )
    assert told(account, may, **metrics) == ([("PutMetricData", 200)], [])
    assert told(account, people.role("unmetered"), **metrics) == ([("PutMetricData", 403)], ["jr_1"])


def test_a_job_without_metrics_needs_no_such_right(account, people):
    role = people.role("quiet")
    assert told(account, role) == told(account, role, **{"--enable-metrics": "false"}) == ([], [])


def test_a_function_that_is_traced_needs_the_right_to_send_traces(account, people):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("app.py", "def handler(event, context): pass")
    account.client("lambda").create_function(
        FunctionName="traced", Runtime="python3.13", Handler="app.handler", Code={"ZipFile": file.getvalue()},
        Role=people.role("traced-role", allow("logs:*"), allow("xray:PutTraceSegments")),
        TracingConfig={"Mode": "Active"},
    )  # fmt: skip
    functions, mark = Functions(account), account.calls.mark()
    try:
        functions.invoke(InvokeRequest("traced", None, b"{}"))
    finally:
        functions.stop()
    assert asked_of(account, mark, "xray") == [("PutTraceSegments", 200), ("PutTelemetryRecords", 403)]
    assert [name for name, _ in functions.unlogged] == ["traced"]
