"""A rehearsal: one embedded account with everything that happens in it, from the deployment on."""

from __future__ import annotations

import signal
import threading
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any, NoReturn

from rehearsal.account import Account
from rehearsal.events.asynchronous import Asynchronous
from rehearsal.events.crew import Agenda, Crew
from rehearsal.events.loop import JUST_AFTER, MOST_MOVES, MOST_SECONDS, Loop
from rehearsal.events.mappings import Mappings
from rehearsal.events.rules import Rules
from rehearsal.events.schedules import Schedule, Schedules
from rehearsal.functions import Functions
from rehearsal.hooks import InvokeRequest, InvokeResult
from rehearsal.identity.held import EVERYTHING
from rehearsal.kept import Kept
from rehearsal.metrics.alarms import Alarms
from rehearsal.metrics.services import Services
from rehearsal.progress import Listener, ignore, tell
from rehearsal.spark.settings import SMALL, Size

if TYPE_CHECKING:
    from rehearsal.deploy import Deployment, Destroyed
    from rehearsal.jobs import Jobs

KILLED = 128 + signal.SIGTERM


class Rehearsal:
    """Use it in a ``with`` statement: however that ends, no process and no port is left.

    ``on_event`` is told of what starts and ends, from any thread. ``agenda.arrange`` and the account's
    ``hooks.object_delivery`` are the places to lose, double or delay what happens by itself.

    ``deployer_policy`` is the identity policy under which ``deploy`` works: everything, unless it says less.

    With ``warm_drivers``, a Java that one run has left clean serves the next; Glue starts one for each.

    With ``keep``, a folder, the data live on: see ``rehearsal.kept``. A lake that cannot be written any more ends the
    rehearsal: ``settle`` raises KeptFull.
    """

    def __init__(
        self,
        on_event: Listener = ignore,
        region: str = "eu-north-1",
        account_id: str = "123456789012",
        driver: Size = SMALL,
        keep: Path | None = None,
        deployer_policy: str = EVERYTHING,
        warm_drivers: bool = True,
    ) -> None:
        self.on_event, self._driver, self._warm_drivers = on_event, driver, warm_drivers
        self.account = Account(region, account_id, deployer_policy)
        self.functions = Functions(self.account, on_event)
        self._crew = Crew()
        self.agenda = Agenda(self._crew.changed)
        self._asynchronous = Asynchronous(self.account, self.functions, self.agenda, on_event)
        self._rules = Rules(self.account, self.agenda, on_event)
        self._schedules = Schedules(self.account, self.agenda, on_event)
        mappings = Mappings(self.account, self.functions, self._crew)
        self._loop = Loop(self.account, self.agenda, self._crew, mappings, self._jobs_running, on_event)
        self.metrics = Services(self.account, self.functions.invocations)
        self.alarms = Alarms(self.account, self.metrics, self.agenda, on_event)
        self._keep = keep
        self.kept: Kept | None = None
        self._making = threading.Lock()  # the first run may be started by any thread
        self._jobs: Jobs | None = None
        self._fired_until = 0.0
        self._sigterm: Any = None

    def start(self) -> Rehearsal:
        self._close_on_sigterm()
        try:
            if self._keep is not None:
                self.kept = Kept.open(self._keep)
            self.account.start()
            if self.kept is not None:
                self.kept.on_failure = self._crew.fail
                self.kept.keep(self.account)
            self._wire()
        except BaseException:
            self.close()
            raise
        self._fired_until = self.account.clock.now()
        self.alarms.start()
        return self

    def close(self) -> None:
        """End everything, each part even if another fails to end. Closing twice is harmless."""
        with ExitStack() as last_first:
            last_first.callback(self._restore_sigterm)
            if self.kept is not None:
                last_first.callback(self.kept.close)
            last_first.callback(self.account.stop)
            if self.kept is not None:
                last_first.callback(self.kept.commit_moment)
            last_first.callback(self._crew.drain)
            if self._jobs is not None:
                last_first.callback(self._jobs.close)
            last_first.callback(self.functions.stop)

    @property
    def jobs(self) -> Jobs:
        """The Glue jobs; made when first needed."""
        from rehearsal.jobs import Jobs

        with self._making:
            if self._jobs is None:
                self._jobs = Jobs(self.account, self.on_event, self._driver, self._warm_drivers)
            return self._jobs

    def deploy(
        self,
        program: Path,
        stack: str,
        config: Mapping[str, str] | None = None,
        secrets: Mapping[str, str] | None = None,
        path: Sequence[Path] = (),
    ) -> Deployment:
        """Deploy a Pulumi Python program, in a process of its own. Raises DeployError.

        It finds its modules in its own folder, in those of ``path``, and where others are installed.

        With a lake that is kept, what was made has its data again when this returns.
        """
        from rehearsal.deploy import deploy

        deployment = deploy(
            program, stack, self.account.deployer_environment(), config, secrets, path=path,
            on_created=lambda made: tell(self.on_event, "resource-created", made.name, type=made.type),
        )  # fmt: skip
        if self.kept is not None:
            self.kept.deployed(deployment.outputs, (secrets or {}).values())
        return deployment

    def destroy(self, deployment: Deployment) -> Destroyed:
        """Take away what was deployed, as the deployer. Raises DestroyError; its ``left`` is what to destroy next."""
        from rehearsal.deploy import DestroyError, destroy

        if self.kept is not None:
            reason = f"the lake in {self.kept.folder} is kept, and would come back; remove the folder instead"
            raise DestroyError([reason], [], deployment)
        return destroy(
            deployment, self.account.deployer_environment(),
            on_removed=lambda gone: tell(self.on_event, "resource-removed", gone.name, type=gone.type),
        )  # fmt: skip

    def invoke(self, function: str, payload: bytes = b"{}") -> InvokeResult:
        """Call a function and wait for its answer."""
        return self.functions.invoke(InvokeRequest(function, None, payload))

    def schedules(self) -> list[Schedule]:
        """All schedules of the account; ``next_time(after)`` tells when one is due."""
        return self._schedules.all()

    def next_time(self, name: str, after: float | None = None) -> float:
        """When a schedule is due next after a moment (epoch seconds; by default after now)."""
        return self._schedules.next_time(name, self.account.clock.now() if after is None else after)

    def fire(self, name: str, at: float | None = None) -> float:
        """Fire a schedule once, as if it were its next time or ``at`` (epoch seconds), and move the clock there.

        Returns the scheduled time. A time that has passed is kept as the scheduled time; the clock stays.
        """
        schedule = self._schedules.named(name)
        moment = self._schedules.next_time(name, self.account.clock.now()) if at is None else at
        self._move_to(moment)
        self._fired_until = max(self._fired_until, moment)
        self._schedules.fire(schedule, moment)
        return moment

    def settle(self, most_moves: int = MOST_MOVES, most_seconds: float = MOST_SECONDS) -> None:
        """Run until nothing is pending; schedules do not fire meanwhile. Raises Stuck, naming what is left."""
        self._loop.settle(most_moves, most_seconds)
        while self.alarms.evaluate():
            self._loop.settle(most_moves, most_seconds)
        if self.kept is not None:
            self.kept.raise_failure()

    def advance(self, seconds: float, firing: bool = True) -> None:
        """Let time pass; schedules that become due are left out if they are not to be ``firing``."""
        moment = self.account.clock.now() + seconds
        if not firing:
            self._fired_until = max(self._fired_until, moment)
        self.advance_to(moment)

    def advance_to(self, moment: float) -> None:
        """Let time pass: whatever is due by then fires in order, and comes to rest before the next does."""
        self.settle()
        while due := self._schedules.next_due(self._fired_until, moment):
            time, schedules = due
            self._pass_to(time)
            self._fired_until = time
            for schedule in schedules:
                self._schedules.fire(schedule, time)
            self.settle()
        self._pass_to(moment)
        self._fired_until = max(self._fired_until, moment)

    def _pass_to(self, moment: float) -> None:
        """Move the clock, stopping wherever an alarm changes by the way: what that brings happens at its time."""
        while (mark := self.alarms.next_change(moment)) is not None:
            self._move_to(mark)
            self.settle()
        self._move_to(moment)
        if self.alarms.evaluate():
            self.settle()

    def _wire(self) -> None:
        hooks = self.account.hooks
        hooks.invoke = self._invoke
        hooks.rule_matched = self._rules.matched
        hooks.job_run_started = lambda job, run: self.jobs.start(job, run)
        hooks.job_run_stopped = lambda job, run: self.jobs.stop(job, run)
        hooks.counted, hooks.metrics_logged = self.metrics.count, self.metrics.logged
        hooks.notified, hooks.alarm_set = self.alarms.mails.append, self.alarms.was_set
        self.account.on_lost = lambda lost: tell(
            self.on_event, "undelivered", lost.name, target=lost.target, reason=lost.reason
        )
        self.account.clock.before_move = self.alarms.before_move

    def _invoke(self, request: InvokeRequest) -> InvokeResult:
        if request.invocation_type == "Event":
            return self._asynchronous.accept(request)
        return self.functions.invoke(request)

    def _jobs_running(self) -> list[str]:
        return [] if self._jobs is None else list(self._jobs.running())

    def _move_to(self, moment: float) -> None:
        seconds = moment + JUST_AFTER - self.account.clock.now()
        if seconds > 0:
            self.account.clock.advance(seconds)
            tell(self.on_event, "clock-moved", "clock", seconds=seconds)

    def _close_on_sigterm(self) -> None:
        """Leave by an exception, so that whatever is open is closed. Signals belong to the main thread."""
        if threading.current_thread() is threading.main_thread():
            self._sigterm = signal.signal(signal.SIGTERM, _leave) or signal.SIG_DFL

    def _restore_sigterm(self) -> None:
        if self._sigterm is not None:
            signal.signal(signal.SIGTERM, self._sigterm)
            self._sigterm = None

    def __enter__(self) -> Rehearsal:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        if error is None and self.kept is not None:
            self.kept.raise_failure()


def _leave(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(KILLED)
