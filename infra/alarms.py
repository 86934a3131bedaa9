"""What is worth a mail. Each kind has a runbook under its name in docs/operations.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from infra.alarm import HOUR, MINUTE, Alarm
from infra.conduct import DEAD, VISIBILITY_SECONDS
from infra.job import TIMEOUT_MINUTES
from infra.lake import GIVEN_UP
from infra.naming import Names
from infra.permissions import MANIFESTS_QUEUE
from infra.series import measured, of_function, of_queue
from sources.layout import UPKEEP
from sources.metrics import HOURS_SINCE_SUCCESS, JOBS_FAILED, RUNS_PARKED, SHARE_BAD
from sources.model import Source, Stream

# A manifest waits for one job at most, the one that is running when it comes, and then for its next turn.
LONGEST_WAIT_SECONDS = TIMEOUT_MINUTES * MINUTE + 2 * VISIBILITY_SECONDS

# For the run's own job, for the night in which the clocks are put back, and for the quarter that has begun.
SLACK_SECONDS = 3 * HOUR


def alarms(names: Names, sources: tuple[Source, ...], functions: Mapping[str, str]) -> list[Alarm]:
    """All alarms of a stack; ``functions`` are the names of its functions, by what they are called here."""
    look = f"lakelet status --stack {names.stack}"
    return [
        *_queues(names),
        _failed_jobs(names, look),
        _parked_runs(names, look),
        *(alarm for source in sources for alarm in _of_source(names, source, look)),
        *(alarm for short, function in functions.items() for alarm in _of_function(short, function)),
    ]


def _queues(names: Names) -> Iterator[Alarm]:
    for kind, queue, says, redrive in (
        ("dead-letters", DEAD, "Messages about new manifests were given back too often", MANIFESTS_QUEUE),
        ("given-up-calls", GIVEN_UP, "Calls of functions failed as often as they may", GIVEN_UP),
    ):
        yield Alarm(
            kind=kind,
            of=(),
            says=f"{says}, and wait in {names.of(queue)}",
            first=f"see why in the log of the function, then lakelet redrive {redrive} --stack {names.stack}",
            series=of_queue("ApproximateNumberOfMessagesVisible", names.of(queue)),
            statistic="Maximum",
            above=0,
            period_seconds=5 * MINUTE,
            lasts=True,
        )
    yield Alarm(
        kind="old-messages",
        of=(),
        says=f"A manifest waits for its job longer than {LONGEST_WAIT_SECONDS // MINUTE} minutes",
        first=f"see whether {names.of('start')} is called, and whether a job hangs",
        series=of_queue("ApproximateAgeOfOldestMessage", names.of(MANIFESTS_QUEUE)),
        statistic="Maximum",
        above=LONGEST_WAIT_SECONDS,
        period_seconds=5 * MINUTE,
        lasts=True,
    )


def _failed_jobs(names: Names, look: str) -> Alarm:
    return Alarm(
        kind="failed-jobs",
        of=(),
        says="A Glue job failed or ran out of time; its runs are tried again by themselves, three times in all, and "
        "upkeep a week later",
        first=f"read the reason: {look}; of upkeep, see the log of {names.of(UPKEEP)}",
        series=measured(JOBS_FAILED, names),
        statistic="Sum",
        above=0,
    )


def _parked_runs(names: Names, look: str) -> Alarm:
    return Alarm(
        kind="parked-runs",
        of=(),
        says="A run broke three times and is parked; nothing goes on by itself",
        first=f"read the reason: {look}; mend it, then lakelet retry RUN --stack {names.stack}",
        series=measured(RUNS_PARKED, names),
        statistic="Sum",
        above=0,
    )


def _of_source(names: Names, source: Source, look: str) -> Iterator[Alarm]:
    """Above the declared share a run fails; half of it is worth a look before that."""
    half = 100 * min(table.at_most_bad for table in source.tables) / 2
    yield Alarm(
        kind="rows-set-aside",
        of=(source.name,),
        says=f"More than {half:g} % of the rows of a run of {source.name} were set aside; above twice that runs fail",
        first=f"see the reasons: {look} {source.name}",
        series=measured(SHARE_BAD, names, source=source.name),
        statistic="Maximum",
        above=half,
    )
    for stream in source.streams:
        yield _no_success(names, source, stream, look)


def _no_success(names: Names, source: Source, stream: Stream, look: str) -> Alarm:
    """Watches a gauge, for CloudWatch looks back seven days at most: less than two periods of a weekly stream.

    An old run that comes late puts its own, longer time: of an hour, the least is true. A new stack is silent until
    its first success; from then on nobody putting the gauge is news too.
    """
    hours = (2 * stream.schedule.every_seconds + SLACK_SECONDS) / HOUR
    return Alarm(
        kind="no-success",
        of=(source.name, stream.name),
        says=f"No run of {source.name}/{stream.name} has reached its tables for two of its periods, {hours:g} hours",
        first=f"see what became of the last runs: {look} {source.name}",
        series=measured(HOURS_SINCE_SUCCESS, names, source=source.name, stream=stream.name),
        statistic="Minimum",
        above=hours,
        period_seconds=HOUR,
        missing="missing",
        lasts=True,
    )


def _of_function(short: str, function: str) -> Iterator[Alarm]:
    yield Alarm(
        kind="function-errors",
        of=(short,),
        says=f"Calls of {function} ended with an error",
        first=f"read the last lines of level error in /aws/lambda/{function}",
        series=of_function("Errors", function),
        statistic="Sum",
        above=0,
    )
    yield Alarm(
        kind="function-throttles",
        of=(short,),
        says=f"Calls of {function} were turned away: too many functions run at once",
        first="see which functions run, and the account's limit of concurrent executions",
        series=of_function("Throttles", function),
        statistic="Sum",
        above=0,
    )
