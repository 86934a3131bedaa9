"""Shared by all tests: one AWS endpoint for the whole run. Tests keep apart by names of their own."""

from __future__ import annotations

import gc
import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

# No test may ever reach a real account, whatever the shell that runs it has set.
for _name in [name for name in os.environ if name.startswith("AWS_")]:
    del os.environ[_name]
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # the many processes of a run would compile the same modules anew
os.environ.pop("PYTHONUNBUFFERED", None)  # it would hide that something is never written out
os.environ["LAKELET_HOME"] = os.devnull  # nor may it touch the lake of whoever runs it: it makes one of its own
os.environ.update(
    AWS_ACCESS_KEY_ID="test",
    AWS_SECRET_ACCESS_KEY="test",
    AWS_DEFAULT_REGION="eu-north-1",
    AWS_EC2_METADATA_DISABLED="true",
)


# A test makes much that lives to its end, beside a million objects of libraries: looking through all of it again and
# again is 7 % of the time.
gc.set_threshold(100_000, 20, 50)

# Files that take long go first, the longest at the front, so that at the end no worker is alone with one.
LONG = (
    "etl/",
    "end_to_end/test_days_of_a_lake",
    "docs/test_tour",
    "end_to_end/",
    "docs/",
    "rehearsal/test_jobs",
    "lakelet/test_retry_at_home",
    "lakelet/test_cost_of_a_run",
)


def pytest_configure(config: pytest.Config) -> None:
    """There are many rehearsals, in many processes: what a run has left clean serves the next, wherever that is."""
    if not hasattr(config, "workerinput"):  # the process that starts all others
        from rehearsal.spark.lending import lending

        lent = lending(most_waiting=3)
        lent.__enter__()
        config.add_cleanup(lambda: lent.__exit__(None, None, None))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent

    def place(item: pytest.Item) -> int:
        path = item.path.relative_to(here).as_posix()
        return next((place for place, start in enumerate(LONG) if path.startswith(start)), len(LONG))

    items.sort(key=place)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """A worker takes a file at a time; all that need the one Spark session count as one."""
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            return "tests/etl" if nodeid.startswith("tests/etl/") else str(super()._split_scope(nodeid))

    return Scheduling(config, log)


@pytest.fixture(scope="session", autouse=True)
def processes_share_imports() -> Iterator[None]:
    """Deployments, functions and drivers are many: each has a process of its own still, and finds what it imports."""
    from rehearsal import deploy, scripts

    with deploy.preloaded(), scripts.preloaded():
        yield


@pytest.fixture(scope="session", autouse=True)
def calls_stay_in_the_process() -> Iterator[None]:
    """A test's own calls to a server of this process take a third less without a connection. No Ctrl-C is awaited."""
    import boto3

    from rehearsal import shortcut

    boto3.setup_default_session()
    boto3.DEFAULT_SESSION.events.register("before-send", shortcut.answer_here)
    shortcut.main_thread_too = True
    yield
    shortcut.main_thread_too = False


@pytest.fixture
def unique() -> Callable[[str], str]:
    """A name that no other test has: ``unique("raw")``."""
    return lambda stem: f"{stem}-{uuid.uuid4().hex[:8]}"


@pytest.fixture(scope="session")
def aws_endpoint() -> Iterator[str]:
    """A plain moto server, for code that needs AWS but no rehearsal: as fast as an account, without its departures."""
    from moto.server import DomainDispatcherApplication, create_backend_app

    from rehearsal import patches
    from rehearsal.server import LoopbackServer

    patches.apply()
    server = LoopbackServer(DomainDispatcherApplication(create_backend_app))
    server.start()
    yield server.url
    server.stop()


@pytest.fixture
def aws(aws_endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Any]:
    """``aws("s3")`` gives a client of the test account; boto3 clients made elsewhere in the test reach it too."""
    import boto3

    monkeypatch.setenv("AWS_ENDPOINT_URL", aws_endpoint)
    return lambda service: boto3.client(service, endpoint_url=aws_endpoint, region_name="eu-north-1")
